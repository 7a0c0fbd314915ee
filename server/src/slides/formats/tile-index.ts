import { bytesOf, holds } from './byte-source.js';
import { corrupt, truncated } from './refusal.js';
import { decodeUnsigned, type TiffEntry, type TiffFile } from './tiff-file.js';
import type { TiffImage } from './tiff-image.js';
import { TYPE_SIZE } from './tiff-tags.js';

export interface TileRange {
  readonly offset: number;
  readonly length: number;
}

const CHUNK = 2048;
/** 131,072 tiles of one image stay indexed in 1.5 MB; beyond, the least recently used chunk goes. */
const MAX_CHUNKS = 64;
/** Lengths are kept in 32 bits. */
const MAX_STORED_LENGTH = 0xffff_ffff;

interface Chunk {
  readonly offsets: Float64Array;
  readonly lengths: Uint32Array;
}

/**
 * Where each tile of one image lies. Read in chunks when first needed: a slide of 60,000 x 50,000 pixels has
 * a megabyte of index that a visitor of one corner never needs.
 */
export class TileIndex {
  readonly #tiff: TiffFile;
  readonly #image: TiffImage;
  readonly #chunks = new Map<number, Promise<Chunk>>();

  constructor(tiff: TiffFile, image: TiffImage) {
    this.#tiff = tiff;
    this.#image = image;
  }

  get count(): number {
    return this.#image.offsets.count;
  }

  async range(index: number): Promise<TileRange> {
    const number = Math.floor(index / CHUNK);
    const chunk = await this.#chunk(number);
    const at = index - number * CHUNK;
    return { offset: chunk.offsets[at] ?? 0, length: chunk.lengths[at] ?? 0 };
  }

  /** Every range in order, without filling the cache: for checks and for scrubbing. */
  async *ranges(): AsyncGenerator<TileRange> {
    for (let number = 0; number * CHUNK < this.count; number += 1) {
      const { offsets, lengths } = await this.#load(number);
      for (let i = 0; i < offsets.length; i += 1) {
        yield { offset: offsets[i] ?? 0, length: lengths[i] ?? 0 };
      }
    }
  }

  #chunk(number: number): Promise<Chunk> {
    const known = this.#chunks.get(number);
    if (known) {
      this.#chunks.delete(number);
      this.#chunks.set(number, known);
      return known;
    }
    const loading = this.#load(number);
    this.#chunks.set(number, loading);
    loading.catch(() => this.#chunks.delete(number));
    if (this.#chunks.size > MAX_CHUNKS) {
      const [oldest] = this.#chunks.keys();
      if (oldest !== undefined) this.#chunks.delete(oldest);
    }
    return loading;
  }

  async #load(number: number): Promise<Chunk> {
    const from = number * CHUNK;
    const [offsets, lengths] = await Promise.all([
      this.#values(this.#image.offsets, from),
      this.#values(this.#image.byteCounts, from),
    ]);
    if (lengths.some((length) => length > MAX_STORED_LENGTH)) throw corrupt('a tile longer than 4 GB');
    return { offsets: Float64Array.from(offsets), lengths: Uint32Array.from(lengths) };
  }

  async #values(entry: TiffEntry, from: number): Promise<number[]> {
    const count = Math.min(CHUNK, entry.count - from);
    const size = TYPE_SIZE.get(entry.type) ?? 1;
    const bytes = await bytesOf(this.#tiff.source, entry.valueAt + from * size, count * size);
    return decodeUnsigned(bytes, entry.type, count, this.#tiff);
  }
}

/** A tile of 4096 x 4096 that JPEG made larger than its pixels: beyond this a length is a lie. */
export const MAX_TILE_BYTES = 64 * 1024 * 1024;

/**
 * Every tile must lie inside the file: the cheap proof that an upload arrived whole. Empty tiles (length 0)
 * are allowed, scanners leave out glass without tissue; an image with only empty tiles is not.
 */
export async function checkTileIndex(tiff: TiffFile, image: TiffImage): Promise<void> {
  let present = 0;
  for await (const { offset, length } of new TileIndex(tiff, image).ranges()) {
    if (length === 0) continue;
    present += 1;
    if (!holds(tiff.source, offset, length)) throw truncated(`tile at ${offset} ends after the file`);
    if (image.tiled && length > MAX_TILE_BYTES) throw corrupt(`a tile of ${length} bytes`);
  }
  if (present === 0) throw corrupt('no tile has data');
}
