import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { testEntry } from '../../support/children.js';

export interface DyingServer {
  readonly child: ChildProcess;
  /** Rejects when it died before it listened. */
  readonly url: Promise<string>;
  readonly ended: Promise<unknown>;
}

/** `dying-server.ts` in a process of its own, with these settings and that death. */
export function startDyingServer(settings: Record<string, string>): DyingServer {
  const script = fileURLToPath(new URL('dying-server.ts', import.meta.url));
  const child = spawn(process.execPath, testEntry(script), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', DEMO: 'off', ...settings },
  });
  return { child, url: addressSaid(child), ended: once(child, 'exit') };
}

async function addressSaid({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('nothing can be heard of the server');
  for await (const line of createInterface({ input: stdout })) {
    if (line.startsWith('{')) return (JSON.parse(line) as { url: string }).url;
  }
  throw new Error('the server did not start');
}
