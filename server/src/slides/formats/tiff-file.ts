import { type ByteSource, bytesOf } from './byte-source.js';
import { corrupt, SlideRefusal, truncated } from './refusal.js';
import { TAG, TYPE_SIZE } from './tiff-tags.js';

export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where the values lie in the file: inside the entry itself when they fit, elsewhere otherwise. */
  readonly valueAt: number;
  readonly byteLength: number;
  readonly inline: boolean;
  readonly entryAt: number;
}

export interface TiffDirectory {
  readonly offset: number;
  readonly byteLength: number;
  readonly entries: ReadonlyMap<number, TiffEntry>;
  /** Position in the main chain, the `page` of other TIFF readers; -1 for a sub-directory. */
  readonly index: number;
  readonly next: number;
  readonly subDirectories: readonly TiffDirectory[];
}

/** A real slide has about 10; the bound stops chains made to never end. */
const MAX_DIRECTORIES = 256;
const MAX_ENTRIES = 1024;
const MAX_SUB_DIRECTORIES = 32;

interface Layout {
  readonly big: boolean;
  readonly littleEndian: boolean;
}

/** Directories of a TIFF or BigTIFF, either byte order, read with bounded memory; values are read on demand. */
export class TiffFile {
  readonly source: ByteSource;
  readonly big: boolean;
  readonly littleEndian: boolean;
  readonly directories: readonly TiffDirectory[];

  private constructor(source: ByteSource, layout: Layout, directories: readonly TiffDirectory[]) {
    this.source = source;
    this.big = layout.big;
    this.littleEndian = layout.littleEndian;
    this.directories = directories;
  }

  static async open(source: ByteSource): Promise<TiffFile> {
    const { layout, first } = await readHeader(source);
    const seen = new Set<number>();
    const directories: TiffDirectory[] = [];
    for (let offset = first; offset !== 0; ) {
      const directory = await readDirectory(source, layout, offset, directories.length, seen);
      directories.push(directory);
      offset = directory.next;
    }
    if (directories.length === 0) throw corrupt('no directory');
    return new TiffFile(source, layout, directories);
  }

  /** Up to `limit` unsigned numbers of an entry (BYTE, SHORT, LONG, LONG8, IFD). */
  async numbers(entry: TiffEntry, limit: number, from = 0): Promise<number[]> {
    const count = Math.min(limit, entry.count - from);
    const size = TYPE_SIZE.get(entry.type) ?? 1;
    const bytes = await bytesOf(this.source, entry.valueAt + from * size, count * size);
    return decodeUnsigned(bytes, entry.type, count, this);
  }

  async firstNumber(directory: TiffDirectory, tag: number): Promise<number | null> {
    const entry = directory.entries.get(tag);
    if (!entry || entry.count === 0) return null;
    const [value] = await this.numbers(entry, 1);
    return value ?? null;
  }

  /** Text of an ASCII entry up to its NUL. Latin-1: every byte has a meaning, nothing throws. */
  async text(directory: TiffDirectory, tag: number, limit = 65_536): Promise<string> {
    const entry = directory.entries.get(tag);
    if (!entry) return '';
    const bytes = await bytesOf(this.source, entry.valueAt, Math.min(limit, entry.byteLength));
    const end = bytes.indexOf(0);
    return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
  }

  async rational(directory: TiffDirectory, tag: number): Promise<number | null> {
    const entry = directory.entries.get(tag);
    if (entry?.type !== 5 || entry.count < 1) return null;
    const bytes = await bytesOf(this.source, entry.valueAt, 8);
    const numerator = uint32(bytes, 0, this);
    const denominator = uint32(bytes, 4, this);
    return denominator === 0 ? null : numerator / denominator;
  }
}

async function readHeader(source: ByteSource): Promise<{ layout: Layout; first: number }> {
  if (source.size < 8) throw truncated('shorter than a TIFF header');
  const head = await bytesOf(source, 0, Math.min(16, source.size));
  const littleEndian = head.toString('latin1', 0, 2) === 'II';
  const magic = littleEndian ? head.readUInt16LE(2) : head.readUInt16BE(2);
  const layout = { littleEndian, big: magic === 43 };
  if (!layout.big) return { layout, first: uint32(head, 4, layout) };
  if (head.length < 16) throw truncated('shorter than a BigTIFF header');
  const offsetSize = littleEndian ? head.readUInt16LE(4) : head.readUInt16BE(4);
  if (offsetSize !== 8) throw corrupt('BigTIFF offset size');
  return { layout, first: uint64(head, 8, layout) };
}

async function readDirectory(
  source: ByteSource,
  layout: Layout,
  offset: number,
  index: number,
  seen: Set<number>,
): Promise<TiffDirectory> {
  if (seen.has(offset)) throw corrupt('directories form a loop');
  if (seen.size >= MAX_DIRECTORIES) throw corrupt('too many directories');
  seen.add(offset);

  const countSize = layout.big ? 8 : 2;
  const entrySize = layout.big ? 20 : 12;
  const pointerSize = layout.big ? 8 : 4;
  const countBytes = await bytesOf(source, offset, countSize);
  const count = layout.big ? uint64(countBytes, 0, layout) : uint16(countBytes, 0, layout);
  if (count === 0 || count > MAX_ENTRIES) throw corrupt(`${count} entries in a directory`);

  const byteLength = countSize + count * entrySize + pointerSize;
  const bytes = await bytesOf(source, offset, byteLength);
  const entries = new Map<number, TiffEntry>();
  for (let i = 0; i < count; i += 1) {
    const entry = readEntry(bytes, countSize + i * entrySize, offset, layout);
    if (entry && !entries.has(entry.tag)) entries.set(entry.tag, entry);
  }
  const next = pointer(bytes, byteLength - pointerSize, layout);

  const subDirectories: TiffDirectory[] = [];
  const subEntry = index >= 0 ? entries.get(TAG.subIfds) : undefined;
  if (subEntry) {
    if (subEntry.count > MAX_SUB_DIRECTORIES) throw corrupt('too many sub-directories');
    const size = TYPE_SIZE.get(subEntry.type) ?? 1;
    const list = await bytesOf(source, subEntry.valueAt, subEntry.count * size);
    for (const at of decodeUnsigned(list, subEntry.type, subEntry.count, layout)) {
      subDirectories.push(await readDirectory(source, layout, at, -1, seen));
    }
  }
  return { offset, byteLength, entries, index, next, subDirectories };
}

function readEntry(bytes: Buffer, at: number, directoryAt: number, layout: Layout): TiffEntry | null {
  const tag = uint16(bytes, at, layout);
  const type = uint16(bytes, at + 2, layout);
  const count = layout.big ? uint64(bytes, at + 4, layout) : uint32(bytes, at + 4, layout);
  const size = TYPE_SIZE.get(type);
  if (size === undefined) return null;
  const byteLength = count * size;
  const fieldAt = at + (layout.big ? 12 : 8);
  const inline = byteLength <= (layout.big ? 8 : 4);
  const valueAt = inline ? directoryAt + fieldAt : pointer(bytes, fieldAt, layout);
  return { tag, type, count, valueAt, byteLength, inline, entryAt: directoryAt + at };
}

function pointer(bytes: Buffer, at: number, layout: Layout): number {
  return layout.big ? uint64(bytes, at, layout) : uint32(bytes, at, layout);
}

function uint16(bytes: Buffer, at: number, layout: { littleEndian: boolean }): number {
  return layout.littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
}

function uint32(bytes: Buffer, at: number, layout: { littleEndian: boolean }): number {
  return layout.littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

/** Beyond 2^53 no file of ours has a byte: such a number is damage, not a size. */
function uint64(bytes: Buffer, at: number, layout: { littleEndian: boolean }): number {
  const value = layout.littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw corrupt('number beyond 2^53');
  return Number(value);
}

export function decodeUnsigned(
  bytes: Buffer,
  type: number,
  count: number,
  layout: { littleEndian: boolean },
): number[] {
  const read = UNSIGNED_READERS.get(type);
  const size = TYPE_SIZE.get(type);
  if (!read || size === undefined) throw new SlideRefusal('SLIDE_CORRUPT', {}, `field type ${type}`);
  const values = new Array<number>(count);
  for (let i = 0; i < count; i += 1) values[i] = read(bytes, i * size, layout);
  return values;
}

type Reader = (bytes: Buffer, at: number, layout: { littleEndian: boolean }) => number;
const UNSIGNED_READERS: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [1, (bytes, at) => bytes.readUInt8(at)],
  [7, (bytes, at) => bytes.readUInt8(at)],
  [3, uint16],
  [4, uint32],
  [13, uint32],
  [16, uint64],
  [18, uint64],
]);
