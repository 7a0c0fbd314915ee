import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CLAMD = ['/usr/sbin/clamd', '/usr/local/sbin/clamd'].find((path) => existsSync(path));

/** Bytes that a signature of the test's own knows; no antivirus of the world does. */
export const PLANTED = Buffer.from('relecture-antivirus-test-signature-7f3a9c51d2', 'latin1');

export const hasClamd = (): boolean => CLAMD !== undefined;

export interface Clamd {
  readonly socket: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

/** A daemon that knows one signature and nothing of the network. Debian: clamav-daemon. */
export async function prepareClamd({ streamMax = '25M' } = {}): Promise<Clamd> {
  // Short: a unix socket's path has at most 107 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'clamd-'));
  const socket = join(folder, 'clamd.sock');
  const settings = join(folder, 'clamd.conf');
  await mkdir(join(folder, 'db'));
  await writeFile(join(folder, 'db', 'own.ndb'), `Relecture.Test:0:*:${PLANTED.toString('hex')}\n`);
  await writeFile(
    settings,
    [
      `LocalSocket ${socket}`,
      `DatabaseDirectory ${join(folder, 'db')}`,
      `StreamMaxLength ${streamMax}`,
      'Foreground yes',
      'OfficialDatabaseOnly no',
      'MaxThreads 2',
      '',
    ].join('\n'),
  );
  let running: ChildProcess | null = null;
  const stop = async () => {
    const child = running;
    running = null;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    await rm(socket, { force: true });
  };
  return {
    socket,
    async start() {
      if (!CLAMD) throw new Error('clamd is not installed');
      const child = spawn(CLAMD, ['--config-file', settings], { stdio: 'ignore' });
      running = child;
      for (let tries = 0; tries < 600; tries += 1) {
        if (await answers(socket)) return;
        if (child.exitCode !== null) throw new Error(`clamd ended: ${child.exitCode}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error('clamd does not answer');
    },
    stop,
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(path: string): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
