import { type ByteSource, bytesOf, holds } from '../byte-source.js';
import { corrupt, truncated } from '../refusal.js';
import type { DicomInstance } from './instance.js';

export interface FrameRange {
  readonly offset: number;
  readonly length: number;
}

const ITEM = 0xe000fffe;
const SEQUENCE_END = 0xe0ddfffe;
const ITEM_HEADER = 8;
const MAX_FRAME_BYTES = 64 * 1024 * 1024;
/** Item headers lie between the frames; read this much at once when frames are small. */
const WINDOW = 64 * 1024;

/**
 * Where each frame's bytes lie, in order. Encapsulated frames are found by walking the items, which every file
 * has; the offset tables only say which items belong together when a frame is in several pieces.
 */
export async function* readFrames(source: ByteSource, instance: DicomInstance): AsyncGenerator<FrameRange[]> {
  if (!instance.encapsulated) {
    const length = instance.tileWidth * instance.tileHeight * instance.samples;
    for (let frame = 0; frame < instance.frames; frame += 1) {
      const offset = instance.pixelDataAt + frame * length;
      if (!holds(source, offset, length)) throw truncated('a frame after the end of the file');
      yield [{ offset, length }];
    }
    return;
  }
  const walk = new ItemWalk(source, instance.pixelDataAt);
  const table = await walk.next();
  if (!table) throw corrupt('no frames');
  const starts = await offsetTable(source, table, instance.frames);
  const base = table.offset + table.length;
  let frame = 0;
  let pieces: FrameRange[] = [];
  for (let item = await walk.next(); item; item = await walk.next()) {
    const startsFrame = starts === null || starts.has(item.offset - ITEM_HEADER - base);
    if (startsFrame && pieces.length > 0) {
      yield pieces;
      frame += 1;
      pieces = [];
    }
    pieces.push(item);
  }
  if (pieces.length > 0) {
    yield pieces;
    frame += 1;
  }
  if (frame < instance.frames) throw truncated(`${frame} frames of ${instance.frames}`);
}

/** null: the table is empty, and every item is a frame. */
async function offsetTable(
  source: ByteSource,
  table: FrameRange,
  frames: number,
): Promise<Set<number> | null> {
  if (table.length === 0 || table.length !== frames * 4) return null;
  const bytes = await bytesOf(source, table.offset, table.length);
  const starts = new Set<number>();
  for (let at = 0; at < bytes.length; at += 4) starts.add(bytes.readUInt32LE(at));
  return starts.size === frames ? starts : null;
}

class ItemWalk {
  readonly #source: ByteSource;
  #at: number;
  #window: Buffer = Buffer.alloc(0);
  #windowAt = 0;

  constructor(source: ByteSource, at: number) {
    this.#source = source;
    this.#at = at;
  }

  async next(): Promise<FrameRange | null> {
    const header = await this.#header();
    const tag = header.readUInt32LE(0);
    if (tag === SEQUENCE_END) return null;
    if (tag !== ITEM) throw corrupt('a frame does not begin where it should');
    const length = header.readUInt32LE(4);
    const offset = this.#at + ITEM_HEADER;
    if (length > MAX_FRAME_BYTES) throw corrupt(`a frame of ${length} bytes`);
    if (!holds(this.#source, offset, length)) throw truncated('a frame after the end of the file');
    this.#at = offset + length;
    return { offset, length };
  }

  async #header(): Promise<Buffer> {
    const from = this.#at - this.#windowAt;
    if (from >= 0 && from + ITEM_HEADER <= this.#window.length)
      return this.#window.subarray(from, from + ITEM_HEADER);
    if (!holds(this.#source, this.#at, ITEM_HEADER)) throw truncated('the frames have no end');
    this.#window = await bytesOf(this.#source, this.#at, Math.min(WINDOW, this.#source.size - this.#at));
    this.#windowAt = this.#at;
    return this.#window.subarray(0, ITEM_HEADER);
  }
}
