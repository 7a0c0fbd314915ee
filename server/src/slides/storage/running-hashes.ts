import { createHash, type Hash } from 'node:crypto';
import { readPieces } from './read-pieces.js';

const KEPT = 1000;

/**
 * The hash of a file that grows, so that a slide of gigabytes need not be read again when its last byte arrives.
 * It goes along with what is written. What it did not see (before a kill -9) it reads from the file while the next
 * pieces arrive, and joins them when it has caught up: bytes that are on the disk never change.
 */
class RunningHash {
  readonly #path: string;
  readonly #hash: Hash = createHash('sha256');
  #hashed = 0;
  #written = 0;
  #reading: Promise<void> | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  get written(): number {
    return this.#written;
  }

  /** `bytes` lie in the file from `at` on. */
  wrote(bytes: Buffer, at: number): void {
    if (at === this.#hashed && this.#reading === null) {
      this.#hash.update(bytes);
      this.#hashed += bytes.length;
      this.#written = this.#hashed;
    } else {
      this.reach(at + bytes.length);
    }
  }

  /** The file holds `size` bytes. */
  reach(size: number): void {
    this.#written = Math.max(this.#written, size);
    if (this.#reading === null && this.#hashed < this.#written) {
      const reading = this.#catchUp();
      this.#reading = reading;
      // Awaited by `digest`; an upload that was given up takes the file from under a reader nobody waits for.
      reading.catch(() => undefined);
    }
  }

  async #catchUp(): Promise<void> {
    while (this.#hashed < this.#written) {
      let read = 0;
      for await (const bytes of readPieces(this.#path, this.#hashed, this.#written)) {
        this.#hash.update(bytes);
        this.#hashed += bytes.length;
        read += bytes.length;
      }
      if (read === 0) throw new Error('the upload is shorter than what was written of it');
    }
    this.#reading = null;
  }

  /** null: not the bytes of this file from the first to the last. */
  async digest(size: number): Promise<string | null> {
    try {
      await this.#reading;
    } catch {
      // The preparation reads the file itself, and says what it cannot read.
      return null;
    }
    return this.#hashed === size ? this.#hash.digest('hex') : null;
  }
}

export type { RunningHash };

/** One for each upload under way, by its key. */
export class RunningHashes {
  readonly #hashes = new Map<string, RunningHash>();

  /** The hash of the upload whose file at `path` holds `size` bytes now. */
  of(key: string, path: string, size: number): RunningHash {
    const known = this.#hashes.get(key);
    const hash = known && known.written <= size ? known : new RunningHash(path);
    // Last in the table: the one that nobody has continued for longest goes first.
    this.#hashes.delete(key);
    this.#hashes.set(key, hash);
    hash.reach(size);
    const [oldest] = this.#hashes.keys();
    if (this.#hashes.size > KEPT && oldest !== undefined) this.#hashes.delete(oldest);
    return hash;
  }

  /** The whole file's hash, or null when it has to be read. */
  async finish(key: string, size: number): Promise<string | null> {
    const sha256 = await this.#hashes.get(key)?.digest(size);
    this.#hashes.delete(key);
    return sha256 ?? null;
  }

  forget(key: string): void {
    this.#hashes.delete(key);
  }
}
