import { type ByteSource, holds } from './byte-source.js';
import { SlideRefusal, truncated } from './refusal.js';
import { TileCache } from './tile-cache.js';

const BLOCK_BYTES = 256 * 1024;
/** What is asked for at an open: header and first directories, most often all there is to read before a tile. */
const HEAD_BLOCKS = 4;
const KEPT_BYTES = 64 * 1024 * 1024;
const ANSWER_MS = 30_000;

/** Blocks of all remote slides of this process. */
const kept = new TileCache(KEPT_BYTES);
let opened = 0;

/** The store of slides does not answer, or not as it should: no fault of the slide. */
export class SlideStoreError extends Error {
  override name = 'SlideStoreError';
  readonly code = 'SLIDE_STORE_UNAVAILABLE';
}

/** Positional reads of an object behind an address that needs no further right (a presigned one), by HTTP ranges. */
export class RemoteSource implements ByteSource {
  readonly size: number;
  readonly #url: string;
  readonly #serial: number;
  /** Blocks on their way: tiles that lie together ask for the same ones. */
  readonly #coming = new Map<number, Promise<Buffer>>();
  readonly #closing = new AbortController();

  constructor(url: string, size: number) {
    this.#url = url;
    this.size = size;
    opened += 1;
    this.#serial = opened;
  }

  async readInto(target: Buffer, at: number, length: number, offset: number): Promise<void> {
    if (!holds(this, offset, length)) throw truncated(`${length} bytes at ${offset} of ${this.size}`);
    if (length === 0) return;
    const first = Math.floor(offset / BLOCK_BYTES);
    const last = Math.floor((offset + length - 1) / BLOCK_BYTES);
    const blocks = this.#blocks(first, first === 0 ? Math.max(last, HEAD_BLOCKS - 1) : last);
    for (let index = first; index <= last; index += 1) {
      const block = await blocks.get(index);
      if (!block) throw truncated('a block of the slide did not come');
      const start = index * BLOCK_BYTES;
      const from = Math.max(offset, start);
      block.copy(target, at + from - offset, from - start, Math.min(block.length, offset + length - start));
    }
  }

  close(): Promise<void> {
    this.#closing.abort();
    return Promise.resolve();
  }

  /** Those that lie here already, and the others in one request for each run of them. */
  #blocks(first: number, wanted: number): Map<number, Buffer | Promise<Buffer>> {
    const last = Math.min(wanted, Math.ceil(this.size / BLOCK_BYTES) - 1);
    const found = new Map<number, Buffer | Promise<Buffer>>();
    for (let index = first; index <= last; index += 1) {
      const known = kept.get(this.#name(index)) ?? this.#coming.get(index);
      if (known) found.set(index, known);
    }
    for (let index = first; index <= last; index += 1) {
      if (found.has(index)) continue;
      let end = index;
      while (end < last && !found.has(end + 1)) end += 1;
      for (const [at, block] of this.#ask(index, end)) found.set(at, block);
      index = end;
    }
    return found;
  }

  #ask(first: number, last: number): Map<number, Promise<Buffer>> {
    const start = first * BLOCK_BYTES;
    const length = Math.min(this.size, (last + 1) * BLOCK_BYTES) - start;
    const run = this.#fetch(start, length);
    const asked = new Map<number, Promise<Buffer>>();
    for (let index = first; index <= last; index += 1) {
      const block = run
        .then((bytes) => {
          const from = (index - first) * BLOCK_BYTES;
          // A copy: a part of the run would keep all of it.
          const own = Buffer.from(bytes.subarray(from, from + BLOCK_BYTES));
          kept.set(this.#name(index), own);
          return own;
        })
        .finally(() => this.#coming.delete(index));
      // Read ahead: nobody may ask for it, then nobody hears that it did not come.
      block.catch(() => undefined);
      this.#coming.set(index, block);
      asked.set(index, block);
    }
    return asked;
  }

  async #fetch(start: number, length: number): Promise<Buffer> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ANSWER_MS)]);
    const answer = await tell(
      fetch(this.#url, { headers: { Range: `bytes=${start}-${start + length - 1}` }, signal }),
    );
    // A whole object in place of a part could be gigabytes: nothing of it is read.
    if (answer.status !== 206) {
      await answer.body?.cancel();
      if (answer.status === 404) throw new SlideRefusal('SLIDE_UNREADABLE_FILE', {}, 'ENOENT');
      if (answer.status === 416) throw truncated('the object is shorter than it was');
      throw new SlideStoreError(`status ${answer.status}`);
    }
    const bytes = Buffer.from(await tell(answer.arrayBuffer()));
    if (bytes.length !== length) throw truncated('the object is shorter than it was');
    return bytes;
  }

  #name(index: number): string {
    return `${this.#serial}/${index}`;
  }
}

async function tell<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    throw new SlideStoreError('no answer', { cause });
  }
}
