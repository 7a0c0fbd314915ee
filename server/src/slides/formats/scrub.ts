import { type FileHandle, open } from 'node:fs/promises';
import { ALLOWED_TAGS, scrubDescription } from './allowed-metadata.js';
import { type ByteSource, bytesOf, FileSource } from './byte-source.js';
import { MAX_PROFILE, readColourProfile } from './colour-profile.js';
import { SlideRefusal } from './refusal.js';
import { type TiffDirectory, type TiffEntry, TiffFile } from './tiff-file.js';
import { readTiffImage, type TiffImage } from './tiff-image.js';
import { readDescription, readTiffLayout } from './tiff-layout.js';
import { TAG, TYPE_SIZE } from './tiff-tags.js';
import { TileIndex } from './tile-index.js';

export interface ScrubResult {
  /** Directories (label, macro, anything that is not a level of the slide) taken out. */
  readonly removedDirectories: number;
  readonly removedTags: number;
  /** Written anew: what was zero already does not count. */
  readonly zeroedBytes: number;
}

/** Names the rule that was applied; kept with the slide, part of the name of its content. */
export const SCRUB_VERSION = 'scrub-1';

/**
 * Takes out of a stored TIFF everything that could name the patient: label and macro images, every tag and
 * description key not on the allowed list. Then every byte that the remaining directories do not use is set
 * to zero, so text left behind by earlier edits goes too. Label and macro must have been read before.
 *
 * In place, without a copy of gigabytes. Each write alone leaves a valid TIFF and the whole can be repeated,
 * so a kill -9 half way only means doing it again.
 */
export async function scrubSlide(path: string): Promise<ScrubResult> {
  const source = await FileSource.open(path);
  const file = await open(path, 'r+');
  try {
    const tiff = await TiffFile.open(source);
    const plan = await planScrub(tiff);
    for (const { at, bytes } of plan.writes) await writeAll(file, bytes, at);
    const zeroedBytes = await zeroUnused(source, file, plan.used);
    await file.sync();
    return { removedDirectories: plan.removedDirectories, removedTags: plan.removedTags, zeroedBytes };
  } finally {
    await file.close();
    await source.close();
  }
}

interface Range {
  readonly start: number;
  end: number;
}

interface Plan {
  readonly writes: Array<{ at: number; bytes: Buffer }>;
  readonly used: Range[];
  /** Where the file ends from now on. */
  end: number;
  removedDirectories: number;
  removedTags: number;
}

async function planScrub(tiff: TiffFile): Promise<Plan> {
  const layout = await readTiffLayout(tiff);
  const kept = new Set<TiffDirectory>(layout.levels.map((level) => level.directory));
  // Only Aperio's is known again by its place, once the words that named it are gone.
  const thumbnail = layout.format === 'aperio-svs' ? layout.associated.get('thumbnail') : undefined;
  if (thumbnail) kept.add(thumbnail.directory);
  const chain = tiff.directories.filter((directory) => kept.has(directory));
  const [first] = chain;
  if (!first) throw new SlideRefusal('SLIDE_CORRUPT', {}, 'nothing to keep');

  const headerLength = tiff.big ? 16 : 8;
  const plan: Plan = {
    writes: [],
    used: [{ start: 0, end: headerLength }],
    end: tiff.source.size,
    removedDirectories: tiff.directories.length - chain.length,
    removedTags: 0,
  };
  for (const [place, directory] of chain.entries()) {
    const subs = directory.subDirectories.filter((sub) => kept.has(sub));
    await planDirectory(tiff, directory, chain[place + 1]?.offset ?? 0, subs, plan);
    plan.removedDirectories += directory.subDirectories.length - subs.length;
    for (const sub of subs) await planDirectory(tiff, sub, 0, [], plan);
  }
  // Last, so that until then a reader enters by the old door.
  plan.writes.push({ at: tiff.big ? 8 : 4, bytes: pointerBytes(tiff, first.offset) });
  return plan;
}

async function planDirectory(
  tiff: TiffFile,
  directory: TiffDirectory,
  next: number,
  subs: readonly TiffDirectory[],
  plan: Plan,
): Promise<void> {
  const entrySize = tiff.big ? 20 : 12;
  const fields: Buffer[] = [];
  for (const entry of directory.entries.values()) {
    const field = Buffer.from(await bytesOf(tiff.source, entry.entryAt, entrySize));
    const length = ALLOWED_TAGS.has(entry.tag)
      ? await planValue(tiff, directory, entry, field, subs, plan)
      : null;
    if (length === null) {
      plan.removedTags += 1;
      continue;
    }
    fields.push(field);
    if (length > 0) plan.used.push({ start: entry.valueAt, end: entry.valueAt + length });
  }
  const count = Buffer.alloc(tiff.big ? 8 : 2);
  writeNumber(tiff, count, 0, fields.length, count.length);
  const bytes = Buffer.concat([count, ...fields, pointerBytes(tiff, next)]);
  // The rest of the old directory is unused from now on and zeroed with everything else.
  plan.writes.push({ at: directory.offset, bytes });
  plan.used.push({ start: directory.offset, end: directory.offset + bytes.length });

  const image = await readTiffImage(tiff, directory);
  if (image) await planImageData(tiff, image, plan);
}

/** How many bytes the value uses outside its entry from now on; null when nothing of it may stay. */
async function planValue(
  tiff: TiffFile,
  directory: TiffDirectory,
  entry: TiffEntry,
  field: Buffer,
  subs: readonly TiffDirectory[],
  plan: Plan,
): Promise<number | null> {
  if (entry.tag === TAG.imageDescription) return await planDescription(tiff, directory, entry, field, plan);
  if (entry.tag === TAG.subIfds) return planSubDirectories(tiff, entry, field, subs, plan);
  if (entry.tag === TAG.iccProfile) return await planProfile(tiff, entry, field, plan);
  return entry.inline ? 0 : entry.byteLength;
}

/** The colours without a word of text: shorter, where it lies; in the rare other case behind the file. */
async function planProfile(
  tiff: TiffFile,
  entry: TiffEntry,
  field: Buffer,
  plan: Plan,
): Promise<number | null> {
  if (entry.byteLength > MAX_PROFILE) return null;
  const profile = await readColourProfile(await bytesOf(tiff.source, entry.valueAt, entry.byteLength));
  if (!profile) return null;
  const { bytes } = profile;
  const room = tiff.big ? 8 : 4;
  writeNumber(tiff, field, 4, bytes.length, room);
  if (bytes.length <= entry.byteLength) {
    plan.writes.push({ at: entry.valueAt, bytes });
    return bytes.length;
  }
  const at = plan.end + (plan.end & 1);
  if (!tiff.big && at + bytes.length > 0xffff_ffff) return null;
  writeNumber(tiff, field, 4 + room, at, room);
  plan.writes.push({ at, bytes });
  plan.used.push({ start: at, end: at + bytes.length });
  plan.end = at + bytes.length;
  return 0;
}

/** The list without those that are no level of the slide; a list of one lies in the entry itself. */
function planSubDirectories(
  tiff: TiffFile,
  entry: TiffEntry,
  field: Buffer,
  subs: readonly TiffDirectory[],
  plan: Plan,
): number | null {
  if (subs.length === 0) return null;
  const size = TYPE_SIZE.get(entry.type) ?? 4;
  const list = Buffer.alloc(subs.length * size);
  for (const [n, sub] of subs.entries()) writeNumber(tiff, list, n * size, sub.offset, size);
  const room = tiff.big ? 8 : 4;
  writeNumber(tiff, field, 4, subs.length, room);
  if (list.length > room) {
    plan.writes.push({ at: entry.valueAt, bytes: list });
    return list.length;
  }
  field.fill(0, 4 + room);
  list.copy(field, 4 + room);
  return 0;
}

/** Rewrites the text where it lies, shorter or equal; returns the bytes it now uses. */
async function planDescription(
  tiff: TiffFile,
  directory: TiffDirectory,
  entry: TiffEntry,
  field: Buffer,
  plan: Plan,
): Promise<number | null> {
  const scrubbed = scrubDescription(await readDescription(tiff, directory));
  if (scrubbed === '' || scrubbed.length + 1 > entry.byteLength || entry.inline) return null;
  const text = Buffer.from(`${scrubbed}\0`, 'latin1');
  const padded = Buffer.alloc(entry.byteLength);
  text.copy(padded);
  plan.writes.push({ at: entry.valueAt, bytes: padded });
  writeNumber(tiff, field, 4, text.length, tiff.big ? 8 : 4);
  return text.length;
}

async function planImageData(tiff: TiffFile, image: TiffImage, plan: Plan): Promise<void> {
  for await (const { offset, length } of new TileIndex(tiff, image).ranges()) {
    if (length === 0) continue;
    const last = plan.used.at(-1);
    // Most tiles lie one behind the other.
    if (last?.end === offset) last.end += length;
    else plan.used.push({ start: offset, end: offset + length });
  }
}

const ZERO_BLOCK = 256 * 1024;

async function zeroUnused(source: ByteSource, file: FileHandle, used: Range[]): Promise<number> {
  used.sort((a, b) => a.start - b.start);
  const zeros = Buffer.alloc(ZERO_BLOCK);
  const found = Buffer.allocUnsafeSlow(ZERO_BLOCK);
  let zeroed = 0;
  let at = 0;
  for (const range of [...used, { start: source.size, end: source.size }]) {
    while (at < range.start) {
      const length = Math.min(ZERO_BLOCK, range.start - at);
      const blank = zeros.subarray(0, length);
      // What is zero already is left alone: reading it costs a tenth of writing and flushing it.
      await source.readInto(found, 0, length, at);
      if (!found.subarray(0, length).equals(blank)) {
        await writeAll(file, blank, at);
        zeroed += length;
      }
      at += length;
    }
    at = Math.max(at, range.end);
  }
  return zeroed;
}

async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

function pointerBytes(tiff: TiffFile, value: number): Buffer {
  const bytes = Buffer.alloc(tiff.big ? 8 : 4);
  writeNumber(tiff, bytes, 0, value, bytes.length);
  return bytes;
}

function writeNumber(tiff: TiffFile, bytes: Buffer, at: number, value: number, size: number): void {
  if (size === 8) {
    if (tiff.littleEndian) bytes.writeBigUInt64LE(BigInt(value), at);
    else bytes.writeBigUInt64BE(BigInt(value), at);
  } else if (tiff.littleEndian) bytes.writeUIntLE(value, at, size);
  else bytes.writeUIntBE(value, at, size);
}
