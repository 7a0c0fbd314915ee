import { close, constants, fstat, open, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { SlideRefusal, truncated } from './refusal.js';

const openFile = promisify(open);
const statFile = promisify(fstat);
const closeFile = promisify(close);

/** A read that took longer than this, ms, came from a disk or a network, not from memory. */
const SLOW_MS = 1;
/** Longer reads (a table of a whole slide) are left to the thread pool: copying alone takes its time. */
const AT_ONCE_BYTES = 256 * 1024;
/** So many reads then go through the thread pool before one is tried at once again. */
const PATIENCE = 256;

/**
 * Whether the next read is made at once. What lies in the page cache is copied in microseconds, while handing it
 * to the thread pool and back costs half of a tile's processor time; but a read that waits for a disk must not
 * make every other reader of this process wait with it. Reads themselves tell which it is (decision 0002).
 */
const pace = { patience: 0 };

/** Positional reads of the bytes of one slide, wherever they lie. */
export interface ByteSource {
  readonly size: number;
  /** Fills `target[at .. at + length)` from `offset`, or rejects. */
  readInto(target: Buffer, at: number, length: number, offset: number): Promise<void>;
  close(): Promise<void>;
}

export const holds = ({ size }: ByteSource, offset: number, length: number): boolean =>
  offset >= 0 && length >= 0 && offset + length <= size;

/** @throws {SlideRefusal} SLIDE_TRUNCATED: not all of them are there */
export async function bytesOf(source: ByteSource, offset: number, length: number): Promise<Buffer> {
  if (!holds(source, offset, length)) throw truncated(`${length} bytes at ${offset} of ${source.size}`);
  const buffer = Buffer.allocUnsafeSlow(length);
  await source.readInto(buffer, 0, length, offset);
  return buffer;
}

/**
 * Positional reads of one file that stays open. Plain descriptors and callbacks: a FileHandle costs twice as
 * much per tile, and a source that reopens the file for every read costs five times (decision 0002).
 */
export class FileSource implements ByteSource {
  readonly size: number;
  readonly #descriptor: number;
  #reads = 0;
  #closing = false;
  #closed: Promise<void> | null = null;
  #whenQuiet: (() => void) | null = null;

  private constructor(descriptor: number, size: number) {
    this.#descriptor = descriptor;
    this.size = size;
  }

  static async open(path: string): Promise<FileSource> {
    let descriptor: number;
    try {
      // Not blocking: opening a named pipe must fail below, not wait for a writer.
      descriptor = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      throw new SlideRefusal('SLIDE_UNREADABLE_FILE', {}, errorCode(error));
    }
    try {
      const stat = await statFile(descriptor);
      if (!stat.isFile()) throw new SlideRefusal('SLIDE_UNREADABLE_FILE', {}, 'not a regular file');
      if (stat.size === 0) throw new SlideRefusal('SLIDE_EMPTY_FILE');
      return new FileSource(descriptor, stat.size);
    } catch (error) {
      await closeFile(descriptor);
      throw error;
    }
  }

  /** Fills `target[at .. at + length)` from the file, or rejects. */
  readInto(target: Buffer, at: number, length: number, offset: number): Promise<void> {
    if (this.#closing) return Promise.reject(new Error('the slide is closed'));
    if (pace.patience > 0) pace.patience -= 1;
    else if (this.#readAtOnce(target, at, length, offset)) return Promise.resolve();
    this.#reads += 1;
    return new Promise<void>((resolve, reject) => {
      const step = (done: number): void => {
        read(this.#descriptor, target, at + done, length - done, offset + done, (error, count) => {
          if (!error && count > 0 && done + count < length) {
            step(done + count);
            return;
          }
          this.#settled();
          if (error) reject(new SlideRefusal('SLIDE_UNREADABLE_FILE', {}, error.code ?? 'read'));
          else if (count === 0 && length > 0) reject(truncated('the file became shorter while open'));
          else resolve();
        });
      };
      step(0);
    });
  }

  /** False when not all came, or not well: the patient way then reads again, and words what is wrong. */
  #readAtOnce(target: Buffer, at: number, length: number, offset: number): boolean {
    if (length > AT_ONCE_BYTES) return false;
    const from = performance.now();
    let count = 0;
    try {
      count = readSync(this.#descriptor, target, at, length, offset);
    } catch {
      return false;
    }
    if (performance.now() - from > SLOW_MS) pace.patience = PATIENCE;
    return count === length;
  }

  #settled(): void {
    this.#reads -= 1;
    if (this.#reads === 0) this.#whenQuiet?.();
  }

  /** Waits for reads under way: a descriptor closed under a read may already belong to another file. */
  close(): Promise<void> {
    this.#closed ??= this.#closeWhenQuiet();
    return this.#closed;
  }

  async #closeWhenQuiet(): Promise<void> {
    this.#closing = true;
    if (this.#reads > 0) await new Promise<void>((resolve) => (this.#whenQuiet = resolve));
    await closeFile(this.#descriptor);
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
