import { createHash, randomBytes } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import { hashFile } from '../slides/index.js';
import { arrivalDesk } from './desk.js';

/**
 * The bytes of an arrival, until a case is found: UPLOADS_DIR/arrivals/<key>/files/…, under names of ours. One that
 * consists of several files goes on as a zip, which the preparation reads as it reads one that was dropped.
 */
const KEY = /^[0-9a-f]{32}$/;
/** The same files are the same archive, byte for byte: a duplicate is known by its hash. */
const NO_DATE = new Date(Date.UTC(1980, 0, 2));

export const newKey = (): string => randomBytes(16).toString('hex');

const folderOf = (key: string): string => {
  if (!KEY.test(key)) throw new Error('not a storage key');
  return join(arrivalDesk().folder, key);
};
export const stagedPath = (key: string, name: string): string => join(folderOf(key), 'files', name);

export interface Written {
  readonly bytes: number;
  readonly sha256: string;
}

/** To the disk and through the hash in one pass; whole or not at all. */
export async function stage(
  source: Readable,
  key: string,
  name: string,
  mostBytes: number,
): Promise<Written> {
  const path = stagedPath(key, name);
  const part = join(folderOf(key), `${randomBytes(6).toString('hex')}.part`);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const digest = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      digest.update(chunk);
      if (bytes > mostBytes) done(new TooLarge());
      else done(null, chunk);
    },
  });
  try {
    await pipeline(source, measure, createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true }));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return { bytes, sha256: digest.digest('hex') };
}

/** A file that lies here already, into another arrival. */
export async function moveStaged(path: string, key: string, name: string): Promise<void> {
  const target = stagedPath(key, name);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await rename(path, target);
}

export class TooLarge extends Error {
  override name = 'TooLarge';
}

/** Opens a file of somebody's folder: a plain file, never through a link that was put in its place. */
export async function openPlain(path: string): Promise<Readable> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const facts = await file.stat();
  if (!facts.isFile()) {
    await file.close();
    throw new Error('not a plain file');
  }
  return file.createReadStream();
}

export async function stagedNames(key: string): Promise<string[]> {
  const folder = join(folderOf(key), 'files');
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

export interface Packed extends Written {
  readonly path: string;
}

/** The one file that becomes the slide. */
export async function pack(key: string): Promise<Packed> {
  const names = await stagedNames(key);
  const [only] = names;
  if (only !== undefined && names.length === 1) {
    const path = stagedPath(key, only);
    return { path, ...(await hashFile(path)) };
  }
  const path = join(folderOf(key), 'slide.zip');
  await rm(path, { force: true });
  const zip = new yazl.ZipFile();
  // Slides are compressed already.
  for (const name of names)
    zip.addFile(stagedPath(key, name), name, { compress: false, mtime: NO_DATE, mode: 0o100600 });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path, { mode: 0o600, flush: true }));
  return { path, ...(await hashFile(path)) };
}

export async function dropStaged(key: string): Promise<void> {
  await rm(folderOf(key), { recursive: true, force: true });
}
