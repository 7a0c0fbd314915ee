import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { StoreError } from './lifecycle/errors.js';
import {
  notedSocket,
  prepareDataFolder,
  prepareSocketFolder,
  removeSocketFolder,
} from './lifecycle/folders.js';
import { lockFolder } from './lifecycle/lock.js';
import type { FromThread, ThreadOptions, ToThread } from './lifecycle/messages.js';
import type { Log } from './log.js';
import { removeUnfinishedRewrite } from './rewrite-folder.js';
import type { StoreKey } from './storage/seal.js';

export { checkStoreFolder } from './check-folder.js';
export { StoreError, type StoreErrorCode } from './lifecycle/errors.js';
export type { Log, LogLevel } from './log.js';
export { rewriteStoreFolder } from './rewrite-folder.js';
export type { CheckProgress, Fault, StoreCheck } from './storage/check.js';
export type { StoreKey } from './storage/seal.js';

export interface EmbeddedStoreOptions {
  /** The store keeps its files in `store/` below it. */
  dataDir: string;
  /** Given: the store is sealed, with the first; the others open what they sealed. */
  keys?: readonly StoreKey[];
  onLog?: Log;
}

export interface EmbeddedStore {
  /** For mongoose and the MongoDB driver, unmodified. */
  uri: string;
  /** Finishes what is being written, closes the files, frees the folder. */
  stop(): Promise<void>;
}

/** Starts the MongoDB-compatible store of one data folder in a thread of its own. */
export async function startEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  if (process.platform === 'win32') {
    throw new StoreError(
      'STORE_UNSUPPORTED',
      'The embedded store needs unix sockets: on Windows set MONGODB_URI.',
    );
  }
  const log: Log = options.onLog ?? (() => undefined);
  const folder = prepareDataFolder(options.dataDir);
  const lock = await lockFolder(folder);
  try {
    removeUnfinishedRewrite(folder);
    const socketPath = join(prepareSocketFolder(folder), 'store.sock');
    const thread = await startThread({ folder, socketPath, keys: options.keys ?? [] }, log);
    let stopping: Promise<void> | undefined;
    return {
      uri: uriOf(socketPath),
      stop() {
        stopping ??= stopThread(thread).then(async () => {
          removeSocketFolder(folder);
          await lock.release();
        });
        return stopping;
      },
    };
  } catch (error) {
    removeSocketFolder(folder);
    await lock.release();
    throw error;
  }
}

const uriOf = (socketPath: string): string =>
  `mongodb://${encodeURIComponent(socketPath)}/relecture?directConnection=true`;

/** Where the store of this data folder listens that another process of the same user has started; null: none has. */
export function addressOfRunningStore(dataDir: string): string | null {
  const socketPath = notedSocket(join(resolve(dataDir), 'store'));
  return socketPath === null ? null : uriOf(socketPath);
}

/**
 * Compiled, the thread runs worker.js. From the TypeScript sources (tests) tsx does not follow into threads by
 * itself, so the thread first registers it and then imports worker.ts.
 */
function threadEntry(): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL('./worker.js', import.meta.url);
  const loader = JSON.stringify(tsxLoader());
  const worker = JSON.stringify(new URL('./worker.ts', import.meta.url).href);
  const code = `import { register } from ${loader}; register(); await import(${worker});`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

/** Mocha loads the sources as CommonJS, where import.meta.resolve is missing and require finds the CommonJS half. */
function tsxLoader(): string {
  const path = createRequire(import.meta.url).resolve('tsx/esm/api');
  return pathToFileURL(path.replace(/\.cjs$/, '.mjs')).href;
}

function startThread(options: ThreadOptions, log: Log): Promise<Worker> {
  const thread = new Worker(threadEntry(), { workerData: options, name: 'embedded-store' });
  return new Promise((resolve, reject) => {
    let ready = false;
    thread.on('message', (message: FromThread) => {
      if (message.type === 'log') log(message.level, message.message);
      else if (message.type === 'ready') {
        ready = true;
        resolve(thread);
      } else if (message.type === 'failed') {
        reject(new StoreError(message.code ?? 'STORE_DAMAGED', message.message));
      }
    });
    thread.on('error', (error) => {
      log('error', `store thread failed: ${error instanceof Error ? error.message : String(error)}`);
      if (!ready) reject(error);
    });
    thread.on('exit', (code) => {
      if (!ready)
        reject(
          new StoreError('STORE_DAMAGED', `The store thread ended with code ${code} before it was ready.`),
        );
    });
  });
}

function stopThread(thread: Worker): Promise<void> {
  // A thread that has already ended (its id is then -1) would never answer.
  if (thread.threadId === -1) return Promise.resolve();
  return new Promise((resolve) => {
    thread.once('exit', () => resolve());
    thread.postMessage({ type: 'stop' } satisfies ToThread);
  });
}
