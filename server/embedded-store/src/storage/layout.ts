import type { Maybe } from '../bson/values.js';
import { encodeField } from '../codec/key.js';
import type { KeyRange } from './environment.js';

/**
 * The keys of the LMDB file:
 *   10                                  format
 *   11                                  of a sealed store: its key, encrypted
 *   20 | collection                     catalogue entry of a collection and its indexes
 *   30 | collection                     number of documents and their bytes
 *   40 | collection | key(_id)          a document, as raw BSON
 *   50 | index | key(f1)..key(fn) | key(_id)   an index entry; its value is key(_id)
 * LMDB takes keys of 1,978 bytes at most, so long values are shortened to a prefix and a hash.
 */
export const formatKey = Buffer.from([0x10]);
export const sealKey = Buffer.from([0x11]);

const maxKey = 1978;
const idLimit = 256;
const headBytes = 5;

export function fieldLimit(fields: number): number {
  return Math.min(768, Math.floor((maxKey - headBytes - idLimit) / fields));
}

function head(kind: number, id: number, tail: number): Buffer {
  const key = Buffer.allocUnsafeSlow(headBytes + tail);
  key[0] = kind;
  key.writeUInt32BE(id, 1);
  return key;
}

export function catalogKey(collection: number): Buffer {
  return head(0x20, collection, 0);
}

export function counterKey(collection: number): Buffer {
  return head(0x30, collection, 0);
}

export function idKey(id: Maybe): Buffer {
  return encodeField(id, false, idLimit).bytes;
}

/** The key of this _id is shortened: documents no longer lie in the order of their ids. */
export function isLongId(id: Maybe): boolean {
  return encodeField(id, false, idLimit).truncated;
}

export function documentKey(collection: number, encodedId: Uint8Array): Buffer {
  const key = head(0x40, collection, encodedId.length);
  key.set(encodedId, headBytes);
  return key;
}

export function indexKey(index: number, fields: Uint8Array, encodedId?: Uint8Array): Buffer {
  const key = head(0x50, index, fields.length + (encodedId?.length ?? 0));
  key.set(fields, headBytes);
  if (encodedId) key.set(encodedId, headBytes + fields.length);
  return key;
}

export const everything: KeyRange = { low: Buffer.from([0]), high: Buffer.from([0xff]) };
export const catalogRange: KeyRange = { low: Buffer.from([0x20]), high: Buffer.from([0x21]) };

export function collectionRange(collection: number): KeyRange {
  return { low: head(0x40, collection, 0), high: head(0x40, collection + 1, 0) };
}

export function indexRange(index: number): KeyRange {
  return { low: head(0x50, index, 0), high: head(0x50, index + 1, 0) };
}

/** The key(_id) part of a document's key. */
export function idPart(key: Buffer): Buffer {
  return key.subarray(headBytes);
}

const kinds = { counters: 0x30, documents: 0x40, entries: 0x50 } as const;
export type RecordKind = keyof typeof kinds;

/** All of one kind, from this collection or index on. */
export function firstOfKind(kind: RecordKind, from: number): KeyRange {
  return { low: head(kinds[kind], from, 0), high: Buffer.from([kinds[kind] + 1]) };
}

/** The collection or index in a key. */
export function ownerOf(key: Buffer): number {
  return key.readUInt32BE(1);
}
