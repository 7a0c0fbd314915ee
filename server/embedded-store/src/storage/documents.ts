import { describeValue } from '../bson/describe.js';
import { readDocument } from '../bson/read.js';
import type { Doc, Maybe, Value } from '../bson/values.js';
import { doc, int } from '../bson/values.js';
import { maxDocumentBytes, maxStoredDepth, writeDocument } from '../bson/write.js';
import { encodeField } from '../codec/key.js';
import { CommandError, codes } from '../errors.js';
import type { Catalog, Collection, Index } from './catalog.js';
import type { Environment } from './environment.js';
import { indexValues } from './index-keys.js';
import { collectionRange, documentKey, idKey, idPart, indexKey, indexRange, isLongId } from './layout.js';

export interface EntryKeys {
  keys: Map<string, { key: Buffer; tuple: Maybe[] }>;
  multikey: boolean[];
  truncated: boolean;
}

/** Writes documents with their index entries. Every check comes before the first put of a document. */
export class Documents {
  readonly environment: Environment;
  readonly catalog: Catalog;

  constructor(environment: Environment, catalog: Catalog) {
    this.environment = environment;
    this.catalog = catalog;
  }

  insert(collection: Collection, document: Doc): void {
    const id = document.get('_id') as Value;
    const encodedId = idKey(id);
    const key = documentKey(collection.id, encodedId);
    const bytes = encodeDocument(document);
    if (this.environment.has(key))
      throw duplicateKey(collection, '_id_', doc({ _id: int(1) }), doc({ _id: id }));
    const entries = collection.indexes.map((index) => entryKeysOf(index, document, encodedId));
    collection.indexes.forEach((index, at) => {
      this.checkUnique(collection, index, entries[at] as EntryKeys, encodedId);
    });
    this.environment.apply(() => {
      this.environment.put(key, bytes);
      collection.indexes.forEach((index, at) => {
        const entry = entries[at] as EntryKeys;
        for (const { key: entryKey } of entry.keys.values()) this.environment.put(entryKey, encodedId);
        this.note(collection, index, entry);
      });
      // Short ids, as nearly all are, need no second look.
      if (encodedId.length > 200 && !collection.longIds && isLongId(id)) {
        collection.longIds = true;
        this.catalog.changed(collection);
      }
      collection.count += 1;
      collection.bytes += bytes.length;
      this.catalog.counted(collection);
    });
  }

  replace(collection: Collection, encodedId: Buffer, before: Doc, oldSize: number, after: Doc): void {
    const bytes = encodeDocument(after);
    const changes = collection.indexes.map((index) => {
      const old = entryKeysOf(index, before, encodedId);
      const now = entryKeysOf(index, after, encodedId);
      const added = [...now.keys].filter(([text]) => !old.keys.has(text));
      const removed = [...old.keys].filter(([text]) => !now.keys.has(text));
      const entry: EntryKeys = { ...now, keys: new Map(added) };
      this.checkUnique(collection, index, entry, encodedId);
      return { index, entry, removed };
    });
    this.environment.apply(() => {
      this.environment.put(documentKey(collection.id, encodedId), bytes);
      for (const { index, entry, removed } of changes) {
        for (const [, { key }] of removed) this.removeEntry(index, key, encodedId);
        for (const { key } of entry.keys.values()) this.environment.put(key, encodedId);
        this.note(collection, index, entry);
      }
      collection.bytes += bytes.length - oldSize;
      this.catalog.counted(collection);
    });
  }

  remove(collection: Collection, encodedId: Buffer, document: Doc, size: number): void {
    const entries = collection.indexes.map((index) => entryKeysOf(index, document, encodedId));
    this.environment.apply(() => {
      this.environment.remove(documentKey(collection.id, encodedId));
      collection.indexes.forEach((index, at) => {
        for (const { key } of (entries[at] as EntryKeys).keys.values())
          this.removeEntry(index, key, encodedId);
      });
      collection.count -= 1;
      collection.bytes -= size;
      this.catalog.counted(collection);
    });
  }

  /** A new index with its first documents; returns where to go on, or undefined when it holds all of them. */
  beginIndex(collection: Collection, index: Index, batch: number): Buffer | undefined {
    index.ready = false;
    collection.indexes.push(index);
    this.catalog.changed(collection);
    return this.continueIndex(collection, index, undefined, batch);
  }

  /** The next documents of a build, and the index with them when they are the last. A violation takes it away again. */
  continueIndex(
    collection: Collection,
    index: Index,
    after: Buffer | undefined,
    batch: number,
  ): Buffer | undefined {
    const { low, high } = collectionRange(collection.id);
    let last: Buffer | undefined;
    let seen = 0;
    try {
      // The key right behind another is that key with a zero byte.
      const from = after ? Buffer.concat([after, Buffer.from([0])]) : low;
      for (const { key, value } of this.environment.entries({ low: from, high })) {
        if (seen === batch) return last;
        const encodedId = idPart(key);
        const entry = entryKeysOf(index, readDocument(value), encodedId);
        this.checkUnique(collection, index, entry, encodedId);
        for (const { key: entryKey } of entry.keys.values()) this.environment.put(entryKey, encodedId);
        this.note(collection, index, entry);
        last = key;
        seen += 1;
      }
    } catch (error) {
      this.dropIndex(collection, index);
      throw error;
    }
    index.ready = true;
    this.catalog.changed(collection);
    return undefined;
  }

  dropIndex(collection: Collection, index: Index): void {
    this.environment.apply(() => {
      this.environment.removeRange(indexRange(index.id));
      collection.indexes.splice(collection.indexes.indexOf(index), 1);
      this.catalog.changed(collection);
    });
  }

  drop(collection: Collection): void {
    this.environment.apply(() => {
      for (const index of collection.indexes) this.environment.removeRange(indexRange(index.id));
      this.environment.removeRange(collectionRange(collection.id));
      this.catalog.remove(collection);
    });
  }

  /** While a unique index is being built its key may already be another document's. */
  private removeEntry(index: Index, key: Buffer, encodedId: Buffer): void {
    if (index.ready || !index.unique || this.environment.get(key)?.equals(encodedId))
      this.environment.remove(key);
  }

  private checkUnique(collection: Collection, index: Index, entry: EntryKeys, encodedId: Buffer): void {
    if (!index.unique) return;
    for (const { key, tuple } of entry.keys.values()) {
      const owner = this.environment.get(key);
      if (owner === undefined || owner.equals(encodedId)) continue;
      const value: Doc = new Map();
      index.fields.forEach((field, at) => {
        value.set(field.path, tuple[at] ?? null);
      });
      throw duplicateKey(collection, index.name, index.spec.get('key') as Doc, value);
    }
  }

  private note(collection: Collection, index: Index, entry: EntryKeys): void {
    let changed = entry.truncated && !index.truncated;
    index.truncated ||= entry.truncated;
    entry.multikey.forEach((is, field) => {
      if (!is || index.multikey[field]) return;
      index.multikey[field] = true;
      changed = true;
    });
    if (changed) this.catalog.changed(collection);
  }
}

/** The index entries this document has, and what they say of the index. */
export function entryKeysOf(index: Index, document: Doc, encodedId: Buffer): EntryKeys {
  const keys: EntryKeys['keys'] = new Map();
  let truncated = false;
  if (index.partial && !index.partial.matches(document)) return { keys, multikey: [], truncated };
  const { tuples, multikey } = indexValues(
    document,
    index.fields.map((field) => field.parts),
  );
  for (const tuple of tuples) {
    if (index.sparse && tuple.every((value) => value === undefined)) continue;
    const parts = tuple.map((value, at) => {
      const field = encodeField(value ?? null, index.fields[at]?.descending === true, index.fieldLimit);
      truncated ||= field.truncated;
      return field.bytes;
    });
    const fields = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    const key = index.unique ? indexKey(index.id, fields) : indexKey(index.id, fields, encodedId);
    keys.set(key.toString('latin1'), { key, tuple });
  }
  return { keys, multikey, truncated };
}

function encodeDocument(document: Doc): Buffer {
  const bytes = writeDocument(document, 0, maxStoredDepth);
  if (bytes.length > maxDocumentBytes) {
    throw new CommandError(
      codes.bsonObjectTooLarge,
      `object to insert too large. size in bytes: ${bytes.length}, max size: ${maxDocumentBytes}`,
    );
  }
  return bytes;
}

function duplicateKey(collection: Collection, index: string, keyPattern: Doc, keyValue: Doc): CommandError {
  const shown = [...keyValue].map(([name, value]) => `${name}: ${describeValue(value)}`).join(', ');
  return new CommandError(
    codes.duplicateKey,
    `E11000 duplicate key error collection: ${collection.database}.${collection.name} index: ${index} dup key: { ${shown} }`,
    { keyPattern, keyValue },
  );
}
