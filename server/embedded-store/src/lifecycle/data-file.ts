import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from './errors.js';
import { brokenPages, type Meta } from './pages.js';

const magic = 0xbeefc0de;
/** Where LMDB's meta pages (the first two of the file) keep what is checked here. */
const at = {
  magic: 24,
  version: 28,
  pageSize: 48,
  freeRoot: 88,
  dataRoot: 136,
  lastPage: 144,
  transaction: 152,
};
const metaBytes = 160;
/** Which file a store last opened here and found sound: a copy is another one. */
const noteName = 'data-file';

/**
 * LMDB maps the file as it is: bytes that are no database, or a copy cut short, would end the process instead of
 * raising an error. So the head of the file is looked at first, and all its pages when `thorough` or when it is not the
 * file that was opened here last.
 */
export function checkDataFile(folder: string, thorough: boolean): void {
  const path = join(folder, 'data.mdb');
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    if (size === 0) return;
    const first = readMeta(file, 0, path);
    const second = readMeta(file, first.pageSize, path);
    const newest = first.transaction > second.transaction ? first : second;
    if (size < (newest.lastPage + 1) * newest.pageSize)
      throw damaged(path, 'it is shorter than it says it is');
    if (!thorough && isKnown(folder)) return;
    const broken = brokenPages(path, newest);
    if (broken) throw damaged(path, broken);
  } finally {
    closeSync(file);
  }
}

/** After an opening that went well. */
export function noteDataFile(folder: string): void {
  if (!isKnown(folder)) writeFileSync(join(folder, noteName), identity(folder), { mode: 0o600 });
}

function isKnown(folder: string): boolean {
  try {
    return readFileSync(join(folder, noteName), 'utf8') === identity(folder);
  } catch {
    return false;
  }
}

function identity(folder: string): string {
  const { ino, birthtimeMs } = statSync(join(folder, 'data.mdb'));
  return `${ino} ${birthtimeMs}`;
}

function readMeta(file: number, position: number, path: string): Meta {
  const bytes = Buffer.alloc(metaBytes);
  const read = readSync(file, bytes, 0, metaBytes, position);
  if (read < metaBytes || bytes.readUInt32LE(at.magic) !== magic || bytes.readUInt32LE(at.version) !== 2) {
    throw damaged(path, 'it is not a database of this store');
  }
  const pageSize = bytes.readUInt32LE(at.pageSize);
  if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0)
    throw damaged(path, 'its page size is wrong');
  return {
    pageSize,
    lastPage: Number(bytes.readBigUInt64LE(at.lastPage)),
    transaction: Number(bytes.readBigUInt64LE(at.transaction)),
    roots: [Number(bytes.readBigInt64LE(at.freeRoot)), Number(bytes.readBigInt64LE(at.dataRoot))],
  };
}

function damaged(path: string, why: string): StoreError {
  return new StoreError(
    'STORE_DAMAGED',
    `The data file ${path} cannot be opened: ${why}. Restore it from a backup.`,
  );
}
