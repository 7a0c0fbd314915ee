import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { SLIDE_LIMITS } from '@relecture/shared/slides/schema.js';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { corrupt, SlideRefusal, truncated } from './refusal.js';

/** MIRAX has some dozens of files. */
const MAX_ENTRIES = 4096;
/** A DICOM series has one file a level, or some; all are open at once while they are read. */
const MAX_INSTANCES = 128;
/** Slides are compressed already: what shrinks a hundred times was made to fill the disk. */
const MAX_RATIO = 100;
const DICOM_HEAD = 132;

export type ArchiveFormat = 'dicom' | 'mirax' | 'hamamatsu-vms';

export interface ArchivedSlide {
  readonly format: ArchiveFormat;
  /** What to open once it is unpacked: the DICOM files, or the one that names the others. */
  readonly members: readonly string[];
  readonly names: readonly string[];
}

const open = promisify<string, yauzl.Options, ZipFile>(yauzl.open);

/**
 * A slide of several files in a zip, by its table of contents alone; null: a zip of something else. Rejects with
 * `SlideRefusal` when the archive is damaged, leaves its folder, or would unpack to more than a slide may have.
 */
export async function identifyArchive(path: string): Promise<ArchivedSlide | null> {
  return await withArchive(path, async (zip, entries) => {
    const names = entries.map(({ fileName }) => fileName);
    for (const [format, ending] of MAIN_FILES) {
      const members = names.filter((name) => name.toLowerCase().endsWith(ending));
      if (members.length > 1) throw new SlideRefusal('SLIDE_SEVERAL_SLIDES', { slides: members.length });
      if (members.length === 1 && names.length === 1) throw new SlideRefusal('SLIDE_PARTS_MISSING');
      if (members.length === 1) return { format, members, names };
    }
    const members: string[] = [];
    for (const entry of entries) {
      if (entry.fileName.toUpperCase().endsWith('DICOMDIR') || entry.uncompressedSize <= DICOM_HEAD) continue;
      // One that is none tells that the rest is not either: no reading through thousands of photographs.
      if (!(await isDicom(zip, entry))) {
        if (members.length === 0) return null;
        continue;
      }
      members.push(entry.fileName);
      if (members.length > MAX_INSTANCES) throw corrupt('more files than one slide has');
    }
    return members.length > 0 ? { format: 'dicom', members, names } : null;
  });
}

const MAIN_FILES = [
  ['mirax', '.mrxs'],
  ['hamamatsu-vms', '.vms'],
] as const;

/** Unpacks the slide's files into an empty folder; answers the paths of `members`. */
export async function unpackArchive(path: string, slide: ArchivedSlide, folder: string): Promise<string[]> {
  const wanted = new Set(slide.format === 'dicom' ? slide.members : slide.names);
  await withArchive(path, async (zip, entries) => {
    for (const entry of entries) {
      if (!wanted.has(entry.fileName)) continue;
      const target = within(folder, entry.fileName);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      const from = await openEntry(zip, entry);
      await pipeline(from, createWriteStream(target, { mode: 0o600, flags: 'wx' })).catch(
        (error: unknown) => {
          throw isDisk(error) ? error : corrupt('an archived file is damaged');
        },
      );
    }
  });
  return slide.members.map((name) => within(folder, name));
}

/** yauzl refuses such names too; this is the wall that stays should it stop to. */
function within(folder: string, name: string): string {
  const target = resolve(join(folder, name));
  if (!target.startsWith(resolve(folder) + sep)) throw corrupt('an archived file outside its folder');
  return target;
}

async function withArchive<T>(
  path: string,
  work: (zip: ZipFile, entries: Entry[]) => Promise<T>,
): Promise<T> {
  const zip = await open(path, { lazyEntries: true, autoClose: false, strictFileNames: true }).catch(damaged);
  try {
    return await work(zip, await readEntries(zip, (await stat(path)).size));
  } finally {
    zip.close();
  }
}

async function readEntries(zip: ZipFile, fileBytes: number): Promise<Entry[]> {
  if (zip.entryCount > MAX_ENTRIES) throw corrupt(`${zip.entryCount} archived files`);
  const entries: Entry[] = [];
  let bytes = 0;
  let packed = 0;
  await new Promise<void>((done, fail) => {
    zip.on('entry', (entry: Entry) => {
      if (!/(^|\/)(__MACOSX\/|\.)|\/$/.test(entry.fileName)) {
        entries.push(entry);
        bytes += entry.uncompressedSize;
        packed += entry.compressedSize;
        if (
          entry.uncompressedSize > Math.max(1, entry.compressedSize) * MAX_RATIO ||
          bytes > SLIDE_LIMITS.fileBytes ||
          // Entries that share their bytes: each is modest, all together are not.
          packed > fileBytes
        ) {
          fail(new SlideRefusal('SLIDE_CORRUPT', {}, 'an archive that grows without measure'));
          return;
        }
      }
      zip.readEntry();
    });
    zip.once('end', done);
    zip.once('error', fail);
    zip.readEntry();
  }).catch(damaged);
  return entries;
}

async function isDicom(zip: ZipFile, entry: Entry): Promise<boolean> {
  const stream = await openEntry(zip, entry);
  const head: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      head.push(chunk);
      length += chunk.length;
      if (length >= DICOM_HEAD) break;
    }
  } catch (error) {
    damaged(error);
  } finally {
    stream.destroy();
  }
  return Buffer.concat(head).toString('latin1', 128, 132) === 'DICM';
}

async function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return await new Promise<Readable>((done, fail) => {
    zip.openReadStream(entry, (error, stream) => (error ? fail(error) : done(stream)));
  }).catch(damaged);
}

const isDisk = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'].includes(String((error as { code?: unknown }).code));

function damaged(error: unknown): never {
  if (error instanceof SlideRefusal || isDisk(error)) throw error;
  // Its table of contents stands at the end: a cut archive has none.
  if (/end of central directory/i.test((error as Error).message))
    throw truncated('an archive without its end');
  throw corrupt('a damaged archive');
}
