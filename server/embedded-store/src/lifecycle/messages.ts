import type { LogLevel } from '../log.js';
import type { StoreKey } from '../storage/seal.js';
import type { StoreErrorCode } from './errors.js';

/** What the thread is started with. */
export interface ThreadOptions {
  folder: string;
  socketPath: string;
  keys: readonly StoreKey[];
}

/** What the thread tells the process that started it. */
export type FromThread =
  | { type: 'ready' }
  | { type: 'failed'; code: StoreErrorCode | undefined; message: string }
  | { type: 'log'; level: LogLevel; message: string }
  | { type: 'stopped' };

export interface ToThread {
  type: 'stop';
}
