import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { StoreError } from './errors.js';

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * One process per data folder. The lock belongs to the kernel, which frees it however the process ends, so
 * neither kill -9 nor a stale file can block the next start. Linux: a name in the abstract socket namespace,
 * which one process at a time can hold. macOS and BSD: a file opened with an exclusive lock.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  return process.platform === 'linux' ? lockByName(folder) : lockByFile(folder);
}

function taken(folder: string): StoreError {
  return new StoreError(
    'STORE_LOCKED',
    `Another process is using the data folder ${folder}. Stop it first, or choose another DATA_DIR.`,
  );
}

async function lockByName(folder: string): Promise<FolderLock> {
  const { dev, ino } = statSync(realpathSync(folder));
  const path = `\0relecture-store-${dev}-${ino}-${tokenOf(folder)}`;
  const server = await bind(path, folder);
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function bind(path: string, folder: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? taken(folder) : error);
    });
    server.listen({ path, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Known only to who may read the folder: nobody else can take the name to keep the store from starting. */
function tokenOf(folder: string): string {
  const path = join(folder, 'lock-token');
  try {
    writeFileSync(path, randomBytes(16).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8').slice(0, 32);
}

/** O_EXLOCK, which Node passes on but does not name. */
const exclusiveLock = 0x20;

function lockByFile(folder: string): FolderLock {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | exclusiveLock;
  try {
    const handle = openSync(join(folder, 'lock'), flags, 0o600);
    return { release: async () => closeSync(handle) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') throw taken(folder);
    throw error;
  }
}
