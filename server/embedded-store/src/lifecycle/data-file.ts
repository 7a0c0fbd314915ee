import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from './errors.js';

const magic = 0xbeefc0de;
/** Where LMDB's meta pages (the first two of the file) keep what is checked here. */
const at = { magic: 24, version: 28, pageSize: 48, lastPage: 144, transaction: 152 };
const metaBytes = 160;

interface Meta {
  pageSize: number;
  lastPage: number;
  transaction: number;
}

/**
 * LMDB maps the file as it is: bytes that are no database, or a copy cut short, would end the process instead of
 * raising an error. So the head of the file is looked at first.
 */
export function checkDataFile(folder: string): void {
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
  } finally {
    closeSync(file);
  }
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
  };
}

function damaged(path: string, why: string): StoreError {
  return new StoreError(
    'STORE_DAMAGED',
    `The data file ${path} cannot be opened: ${why}. Restore it from a backup.`,
  );
}
