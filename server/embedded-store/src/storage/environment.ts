import { open, type RootDatabase } from 'lmdb';
import { copyOut, readKey, writeKey } from './buffers.js';
import type { Seal } from './seal.js';

export interface Entry {
  key: Buffer;
  value: Buffer;
}

/** Half-open range of keys, low first whatever the direction. */
export interface KeyRange {
  low: Buffer;
  high: Buffer;
}

interface Job {
  run(): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export interface EnvironmentHooks {
  /** Runs inside the transaction, after the last job of a commit. */
  beforeCommit(): void;
  /** The commit failed as a whole: what memory knows must be read again from disk. */
  afterAbort(): void;
}

/**
 * The LMDB file. Reads are synchronous; writes are queued, and all that arrive in one turn of the event loop
 * share one commit, which is flushed before any of them is acknowledged.
 */
export class Environment {
  private readonly db: RootDatabase<Buffer, Buffer>;
  private queue: Job[] = [];
  private scheduled = false;
  /** Why a document is half written: its commit must not be. */
  private torn: unknown;
  private hooks: EnvironmentHooks | undefined;
  private closed = false;
  private seal: Seal | undefined;
  private tolerant = false;
  /** What becomes of a value while LMDB's own buffer still holds it: a copy, unless a scan only wants some fields. */
  private decode: (bytes: Buffer) => unknown = copyOut;

  constructor(path: string, { readOnly = false } = {}) {
    this.db = open<Buffer, Buffer>({
      path,
      readOnly,
      encoder: { encode: (value: Buffer) => value, decode: (bytes: Buffer) => this.decode(bytes) },
      keyEncoder: { writeKey, readKey },
      cache: false,
      // A commit returns only once it is on disk; there is no later flush to wait for or to lose.
      overlappingSync: false,
      maxReaders: 16,
    });
  }

  setHooks(hooks: EnvironmentHooks): void {
    this.hooks = hooks;
  }

  /** From now on documents and catalogue are encrypted on their way to the file. */
  useSeal(seal: Seal): void {
    this.seal = seal;
  }

  /** For a check, which tells of every document that does not open instead of ending at the first. */
  showUnreadable(): void {
    this.tolerant = true;
  }

  private unsealed(key: Buffer, value: Buffer): Buffer {
    if (!this.seal?.covers(key)) return value;
    try {
      return this.seal.open(key, value);
    } catch (error) {
      if (this.tolerant) return Buffer.alloc(0);
      throw new Error('A sealed value was altered', { cause: error });
    }
  }

  get(key: Buffer): Buffer | undefined {
    const value = this.db.get(key);
    return value && this.unsealed(key, value);
  }

  has(key: Buffer): boolean {
    return this.db.getBinaryFast(key) !== undefined;
  }

  put(key: Buffer, value: Buffer): void {
    this.db.putSync(key, this.seal?.covers(key) ? this.seal.close(key, value) : value);
  }

  remove(key: Buffer): void {
    this.db.removeSync(key);
  }

  /**
   * Entries in order. They are fetched in growing chunks and no read transaction is held between two of them,
   * so a cursor left open by a client never pins old pages.
   */
  *entries(range: KeyRange, reverse = false): Generator<Entry, void> {
    let from: Buffer | undefined;
    let size = 16;
    while (true) {
      const chunk = this.chunk(range, reverse, from, size);
      if (this.seal) for (const { key, value } of chunk) yield { key, value: this.unsealed(key, value) };
      else yield* chunk;
      if (chunk.length < size) return;
      from = (chunk[chunk.length - 1] as Entry).key;
      size = Math.min(size * 4, 256);
    }
  }

  /** Values in order, decoded in place and never copied: for scans that need a few fields of many documents. */
  *decoded<T>(range: KeyRange, decode: (bytes: Buffer) => T): Generator<T, void> {
    if (this.seal) {
      for (const { value } of this.entries(range)) yield decode(value);
      return;
    }
    let from: Buffer | undefined;
    while (true) {
      let chunk: { key: Buffer; value: unknown }[];
      this.decode = decode;
      try {
        chunk = this.chunk(range, false, from, 256);
      } finally {
        this.decode = copyOut;
      }
      for (const { value } of chunk) yield value as T;
      if (chunk.length < 256) return;
      from = chunk[chunk.length - 1]?.key;
    }
  }

  private chunk(range: KeyRange, reverse: boolean, from: Buffer | undefined, limit: number): Entry[] {
    const options = reverse
      ? {
          start: from ?? range.high,
          end: range.low,
          reverse,
          exclusiveStart: true,
          inclusiveEnd: true,
          limit,
        }
      : { start: from ?? range.low, end: range.high, exclusiveStart: from !== undefined, limit };
    return this.db.getRange(options).asArray as unknown as Entry[];
  }

  countKeys(range: KeyRange): number {
    return this.db.getKeysCount({ start: range.low, end: range.high });
  }

  removeRange(range: KeyRange): void {
    for (const { key } of [...this.entries(range)]) this.db.removeSync(key);
  }

  /** Queue a write; resolves after the commit that holds it is flushed. */
  write<T>(run: () => T): Promise<T> {
    if (this.closed) return Promise.reject(new Error('The store is closed'));
    return new Promise<T>((resolve, reject) => {
      this.queue.push({ run, resolve: resolve as (value: unknown) => void, reject });
      if (this.scheduled) return;
      this.scheduled = true;
      setImmediate(() => this.commit());
    });
  }

  /**
   * The puts of one document. An exception in here leaves it half written, so the whole commit is given up;
   * anywhere else an exception only fails its own command, because nothing was touched.
   */
  apply(changes: () => void): void {
    try {
      changes();
    } catch (error) {
      this.torn ??= error ?? new Error('A write failed half way');
      throw error;
    }
  }

  private commit(): void {
    this.scheduled = false;
    const jobs = this.queue;
    this.queue = [];
    if (jobs.length === 0) return;
    const settle: (() => void)[] = [];
    try {
      this.db.transactionSync(() => {
        for (const job of jobs) {
          try {
            const result = job.run();
            settle.push(() => job.resolve(result));
          } catch (error) {
            settle.push(() => job.reject(error));
          }
          // Whoever caught it on the way.
          if (this.torn) throw this.torn;
        }
        this.hooks?.beforeCommit();
      });
    } catch (error) {
      this.torn = undefined;
      this.hooks?.afterAbort();
      for (const job of jobs) job.reject(error);
      return;
    }
    for (const done of settle) done();
  }

  stats(): { pages: number; pageSize: number } {
    const stats = this.db.getStats() as { pageSize?: number; lastPageNumber?: number };
    return { pages: (stats.lastPageNumber ?? 0) + 1, pageSize: stats.pageSize ?? 4096 };
  }

  /** How many LMDB has counted, whatever can be read of them. */
  recordCount(): number {
    return (this.db.getStats() as { entryCount?: number }).entryCount ?? 0;
  }

  /** The files as they are at this moment, into an empty folder; reads and writes go on meanwhile. */
  async copyTo(folder: string): Promise<void> {
    await this.db.backup(folder, false);
  }

  async close(): Promise<void> {
    while (this.queue.length > 0) this.commit();
    this.closed = true;
    await this.db.close();
  }
}
