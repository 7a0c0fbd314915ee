import { createHash, type Hash } from 'node:crypto';

const KEPT = 1000;

/**
 * Hashes that grow with their uploads, so that a slide of gigabytes need not be read again when its last byte
 * arrives. Only a hash that has seen every byte from the first on is worth anything: after a restart, a cut or
 * a refused piece there is none, and the file is read instead.
 */
export class RunningHashes {
  readonly #hashes = new Map<string, { offset: number; hash: Hash }>();

  /** The hash to continue at `offset`, or null. It is out of the table until `keep` puts it back. */
  take(key: string, offset: number): Hash | null {
    const known = this.#hashes.get(key);
    this.#hashes.delete(key);
    if (offset === 0) return createHash('sha256');
    return known?.offset === offset ? known.hash : null;
  }

  keep(key: string, offset: number, hash: Hash): void {
    this.#hashes.set(key, { offset, hash });
    const [oldest] = this.#hashes.keys();
    if (this.#hashes.size > KEPT && oldest !== undefined) this.#hashes.delete(oldest);
  }

  /** The whole file's hash, when all `bytes` of it were seen. */
  finish(key: string, bytes: number): string | null {
    const known = this.#hashes.get(key);
    this.#hashes.delete(key);
    return known?.offset === bytes ? known.hash.digest('hex') : null;
  }
}
