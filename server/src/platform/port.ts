import { createServer } from 'node:net';

/** Rejects with the code that listening would reject with: asked before a minute of work that would be for nothing. */
export function assertPortFree(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}
