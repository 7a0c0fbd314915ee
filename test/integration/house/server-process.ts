import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { productEntry } from '../../support/children.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface ServerProcess {
  /** The address it printed; rejects with what it said when it ended before listening. */
  listening(): Promise<string>;
  /** Resolves once its stdout matches; rejects when it ended before. */
  says(pattern: RegExp): Promise<string>;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Everything it has said so far. */
  said(): string;
  kill(signal: NodeJS.Signals): void;
}

const running = new Set<ServerProcess>();

/** The server as `npm start` runs it, in a process of its own. */
export function startServer(settings: Record<string, string>): ServerProcess {
  const child = spawn(process.execPath, productEntry('main'), {
    cwd: root,
    // Nothing of the machine's own settings: what a test does not name is at its default.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', DEMO: 'off', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const wakeUp = new Set<() => void>();
  const hear = (text: string) => {
    stdout += text;
    for (const wake of wakeUp) wake();
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  const says = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(stdout);
        if (match) resolve(match[1] ?? match[0]);
      };
      wakeUp.add(look);
      look();
      void ended.then(({ code }) => reject(new Error(`ended with ${code} too early:\n${stdout}${stderr}`)));
    });
  const server: ServerProcess = {
    ended,
    said: () => stdout + stderr,
    kill: (signal) => child.kill(signal),
    says,
    listening: () => says(/^Relecture : (http:\/\/\S+)$/m),
  };
  running.add(server);
  void ended.then(() => running.delete(server));
  return server;
}

/** For an `afterEach`: no test leaves a server behind. */
export async function killServers(): Promise<void> {
  for (const server of running) server.kill('SIGKILL');
  await Promise.all([...running].map(({ ended }) => ended));
}
