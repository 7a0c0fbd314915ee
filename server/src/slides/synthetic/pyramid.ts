import sharp from 'sharp';
import { splitTables } from '../formats/jpeg-stream.js';
import type { TiffWriter } from '../formats/tiff-writer.js';
import { GLASS } from './stain.js';

export const TILE = 256;
/** Levels are a factor of 4 apart, as Aperio's. */
export const STEP = 4;
/** One square of level 0 is one tile of level 1. */
export const BLOCK = TILE * STEP;
const SMALLEST = 1024;
/** Tiles being encoded while the next square is drawn. */
const IN_FLIGHT = 40;

export interface WrittenLevel {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  readonly offsets: number[];
  readonly lengths: number[];
}

interface Level extends WrittenLevel {
  /** One row of tiles, RGB, width padded to whole tiles. */
  readonly strip: Buffer;
  readonly stripWidth: number;
  /** Rows of `strip` filled so far. */
  filled: number;
  emitted: number;
}

/**
 * Turns rows of drawn squares into the tiles of all levels at once, holding one row of tiles per level:
 * memory follows the slide's width. Tiles reach the file in the order they were handed over, whatever order
 * the encoders finish in, so the same seed gives the same bytes.
 */
export class PyramidEncoder {
  readonly levels: readonly Level[];
  readonly #writer: TiffWriter;
  readonly #quality: number;
  readonly #queue: Array<{ level: Level; index: number; jpeg: Promise<Buffer> }> = [];
  #tables: Buffer | null = null;
  #glass: { offset: number; length: number } | null = null;

  constructor(writer: TiffWriter, width: number, height: number, quality: number) {
    this.#writer = writer;
    this.#quality = quality;
    const levels = [newLevel(width, height, 0)];
    for (let scale = STEP; Math.max(width, height) * STEP > SMALLEST * scale; scale *= STEP) {
      if (Math.min(width, height) < scale * 16) break;
      levels.push(newLevel(Math.floor(width / scale), Math.floor(height / scale), TILE));
    }
    this.levels = levels;
  }

  /** The tables shared by all tiles; known once the first tile is written. */
  get tables(): Buffer {
    if (!this.#tables) throw new Error('no tile was encoded');
    return this.#tables;
  }

  /** One square of level 0 with its corner at (column, row) * BLOCK; null is bare glass. */
  async addBlock(column: number, row: number, rgb: Buffer | null): Promise<void> {
    const [base, next] = this.levels;
    if (!base) return;
    for (let j = 0; j < STEP; j += 1) {
      for (let i = 0; i < STEP; i += 1) {
        const tileColumn = column * STEP + i;
        const tileRow = row * STEP + j;
        if (tileColumn >= base.columns || tileRow >= base.rows) continue;
        const tile = rgb ? cut(rgb, BLOCK, i * TILE, j * TILE) : null;
        await this.#add(base, tileRow * base.columns + tileColumn, tile);
      }
    }
    if (next) shrinkBlock(rgb, next, column);
  }

  /** After the last square of a row: the next levels receive their share. */
  async endRow(last: boolean): Promise<void> {
    const next = this.levels[1];
    if (next) await this.#advance(1, TILE, last);
    if (last) while (this.#queue.length > 0) await this.#writeFirst();
  }

  async #advance(number: number, rows: number, last: boolean): Promise<void> {
    const level = this.levels[number];
    if (!level) return;
    level.filled += rows;
    if (level.filled < TILE && !last) return;
    const row = level.emitted;
    level.emitted += 1;
    if (row < level.rows) {
      for (let column = 0; column < level.columns; column += 1) {
        const tile = cut(level.strip, level.stripWidth, column * TILE, 0);
        await this.#add(level, row * level.columns + column, isGlass(tile) ? null : tile);
      }
    }
    const next = this.levels[number + 1];
    if (next) {
      shrinkStrip(level, next, next.filled);
      await this.#advance(number + 1, TILE / STEP, last);
    }
    level.filled = 0;
    fillGlass(level.strip);
  }

  async #add(level: Level, index: number, tile: Buffer | null): Promise<void> {
    if (tile === null && this.#glass) {
      level.offsets[index] = this.#glass.offset;
      level.lengths[index] = this.#glass.length;
      return;
    }
    const pixels = tile ?? glassTile();
    const jpeg = sharp(pixels, { raw: { width: TILE, height: TILE, channels: 3 } })
      // Fixed Huffman tables: the same for every tile, so the file keeps them once.
      .jpeg({ quality: this.#quality, chromaSubsampling: '4:2:0', optimiseCoding: false })
      .toBuffer();
    this.#queue.push({ level, index, jpeg });
    if (tile === null) {
      while (this.#queue.length > 0) await this.#writeFirst();
      this.#glass = { offset: level.offsets[index] ?? 0, length: level.lengths[index] ?? 0 };
    }
    while (this.#queue.length >= IN_FLIGHT) await this.#writeFirst();
  }

  async #writeFirst(): Promise<void> {
    const first = this.#queue.shift();
    if (!first) return;
    const { tables, image } = splitTables(await first.jpeg);
    this.#tables ??= tables;
    first.level.offsets[first.index] = await this.#writer.append(image);
    first.level.lengths[first.index] = image.length;
  }
}

function newLevel(width: number, height: number, stripRows: number): Level {
  const columns = Math.ceil(width / TILE);
  const rows = Math.ceil(height / TILE);
  // The strip is as wide as the squares of level 0 make it, which may pass the last tile.
  const stripWidth = (columns + STEP) * TILE;
  const strip = Buffer.alloc(stripWidth * stripRows * 3);
  fillGlass(strip);
  const tiles = columns * rows;
  return {
    width,
    height,
    columns,
    rows,
    strip,
    stripWidth,
    filled: 0,
    emitted: 0,
    offsets: new Array<number>(tiles).fill(0),
    lengths: new Array<number>(tiles).fill(0),
  };
}

function fillGlass(rgb: Buffer): void {
  rgb.fill(Buffer.from(GLASS));
}

function glassTile(): Buffer {
  const tile = Buffer.alloc(TILE * TILE * 3);
  fillGlass(tile);
  return tile;
}

function isGlass(tile: Buffer): boolean {
  for (let at = 0; at < tile.length; at += 3) {
    if (tile[at] !== GLASS[0] || tile[at + 1] !== GLASS[1] || tile[at + 2] !== GLASS[2]) return false;
  }
  return true;
}

function cut(rgb: Buffer, width: number, left: number, top: number): Buffer {
  const tile = Buffer.allocUnsafe(TILE * TILE * 3);
  for (let y = 0; y < TILE; y += 1) {
    const from = ((top + y) * width + left) * 3;
    rgb.copy(tile, y * TILE * 3, from, from + TILE * 3);
  }
  return tile;
}

function shrinkBlock(rgb: Buffer | null, next: Level, column: number): void {
  if (!rgb || (column + 1) * TILE > next.stripWidth) return;
  shrink(rgb, BLOCK, BLOCK, next.strip, next.stripWidth, column * TILE, 0);
}

function shrinkStrip(level: Level, next: Level, atRow: number): void {
  shrink(level.strip, level.stripWidth, TILE, next.strip, next.stripWidth, 0, atRow);
}

/** Mean of each STEP x STEP pixels. */
function shrink(
  from: Buffer,
  fromWidth: number,
  fromHeight: number,
  to: Buffer,
  toWidth: number,
  left: number,
  top: number,
): void {
  const width = Math.min(fromWidth / STEP, toWidth - left);
  const height = fromHeight / STEP;
  const line = fromWidth * 3;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = ((top + y) * toWidth + left + x) * 3;
      let r = 8;
      let g = 8;
      let b = 8;
      for (let j = 0; j < STEP; j += 1) {
        const start = (y * STEP + j) * line + x * STEP * 3;
        for (let p = start; p < start + STEP * 3; p += 3) {
          r += from[p] ?? 0;
          g += from[p + 1] ?? 0;
          b += from[p + 2] ?? 0;
        }
      }
      to[at] = r >> 4;
      to[at + 1] = g >> 4;
      to[at + 2] = b >> 4;
    }
  }
}
