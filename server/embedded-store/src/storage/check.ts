import { readDocument } from '../bson/read.js';
import type { Doc } from '../bson/values.js';
import { CommandError } from '../errors.js';
import type { Catalog, Collection, Index } from './catalog.js';
import { type EntryKeys, entryKeysOf } from './documents.js';
import type { Environment } from './environment.js';
import {
  collectionRange,
  documentKey,
  everything,
  firstOfKind,
  idKey,
  idPart,
  indexRange,
  isLongId,
  ownerOf,
  type RecordKind,
} from './layout.js';

export type FaultKind =
  | 'unreadable_document'
  | 'misplaced_document'
  | 'missing_entry'
  | 'wrong_owner'
  | 'stray_entry'
  | 'wrong_count'
  | 'wrong_bytes'
  | 'missing_flag'
  | 'orphan';

/** Where something is wrong. Names of collections and indexes, never a value: values may be of patients. */
export interface Fault {
  kind: FaultKind;
  /** `database.collection`; empty for what belongs to none. */
  collection: string;
  index?: string;
  detail: string;
}

export interface CheckProgress {
  collection: string;
  documents: number;
  of: number;
}

export interface StoreCheck {
  collections: number;
  documents: number;
  entries: number;
  /** Half built when the store was stopped; the next start undoes them. */
  unfinishedIndexes: number;
  /** The first of each kind in a collection are told one by one, up to a hundred in all. */
  faults: Fault[];
  faultCount: number;
}

const told = 100;
const progressEvery = 10_000;

/**
 * Every index against its documents, in both directions. Every document must have each of its entries, and they must be
 * its own; as no two documents can own one entry, an index that then holds no more entries than were asked for has no
 * stray one. Only when there are more is each entry looked at.
 */
export function checkStore(
  environment: Environment,
  catalog: Catalog,
  onProgress: (progress: CheckProgress) => void = () => undefined,
): StoreCheck {
  const check: StoreCheck = {
    collections: 0,
    documents: 0,
    entries: 0,
    unfinishedIndexes: 0,
    faults: [],
    faultCount: 0,
  };
  const report = (fault: Fault): void => {
    check.faultCount += 1;
    if (check.faults.length < told) check.faults.push(fault);
  };
  for (const collection of catalog.all()) {
    check.collections += 1;
    checkCollection(environment, collection, check, report, onProgress);
  }
  checkOrphans(environment, catalog, report);
  const found = environment.countKeys(everything);
  const counted = environment.recordCount();
  if (found !== counted)
    report({ kind: 'wrong_count', collection: '', detail: `${counted} records, found ${found}` });
  return check;
}

function checkCollection(
  environment: Environment,
  collection: Collection,
  check: StoreCheck,
  report: (fault: Fault) => void,
  onProgress: (progress: CheckProgress) => void,
): void {
  const name = `${collection.database}.${collection.name}`;
  const indexes = collection.indexes.filter(({ ready }) => ready);
  check.unfinishedIndexes += collection.indexes.length - indexes.length;
  const expected = new Map<Index, number>(indexes.map((index) => [index, 0]));
  let documents = 0;
  let bytes = 0;
  for (const { key, value } of environment.entries(collectionRange(collection.id))) {
    documents += 1;
    bytes += value.length;
    if (documents % progressEvery === 0) onProgress({ collection: name, documents, of: collection.count });
    const encodedId = idPart(key);
    const document = readWhole(value);
    const at = `document ${documents}`;
    if (!document) {
      report({ kind: 'unreadable_document', collection: name, detail: at });
      continue;
    }
    if (!idKey(document.get('_id')).equals(encodedId))
      report({ kind: 'misplaced_document', collection: name, detail: at });
    if (encodedId.length > 200 && !collection.longIds && isLongId(document.get('_id')))
      report({ kind: 'missing_flag', collection: name, index: '_id_', detail: 'long ids' });
    for (const index of indexes) {
      const entry = entriesOf(index, document, encodedId);
      if (!entry) {
        report({ kind: 'unreadable_document', collection: name, index: index.name, detail: at });
        continue;
      }
      expected.set(index, (expected.get(index) ?? 0) + entry.keys.size);
      for (const { key: entryKey } of entry.keys.values()) {
        const owner = environment.get(entryKey);
        if (owner?.equals(encodedId)) continue;
        const kind = owner ? 'wrong_owner' : 'missing_entry';
        report({ kind, collection: name, index: index.name, detail: at });
      }
      if (entry.multikey.some((is, field) => is && !index.multikey[field]))
        report({ kind: 'missing_flag', collection: name, index: index.name, detail: 'multikey' });
      if (entry.truncated && !index.truncated)
        report({ kind: 'missing_flag', collection: name, index: index.name, detail: 'shortened keys' });
    }
  }
  for (const [index, wanted] of expected) {
    const there = environment.countKeys(indexRange(index.id));
    check.entries += there;
    if (there !== wanted) findStrays(environment, collection, index, name, report);
  }
  check.documents += documents;
  if (documents !== collection.count)
    report({ kind: 'wrong_count', collection: name, detail: `${collection.count}, found ${documents}` });
  if (bytes !== collection.bytes)
    report({ kind: 'wrong_bytes', collection: name, detail: `${collection.bytes}, found ${bytes}` });
}

function findStrays(
  environment: Environment,
  collection: Collection,
  index: Index,
  name: string,
  report: (fault: Fault) => void,
): void {
  let at = 0;
  for (const { key, value } of environment.entries(indexRange(index.id))) {
    at += 1;
    const raw = environment.get(documentKey(collection.id, value));
    const document = raw && readWhole(raw);
    if (document && entriesOf(index, document, value)?.keys.has(key.toString('latin1'))) continue;
    report({ kind: 'stray_entry', collection: name, index: index.name, detail: `entry ${at}` });
  }
}

/** What no collection of the catalogue owns. */
function checkOrphans(environment: Environment, catalog: Catalog, report: (fault: Fault) => void): void {
  const collections = new Set(catalog.all().map(({ id }) => id));
  const indexes = new Set(catalog.all().flatMap((collection) => collection.indexes.map(({ id }) => id)));
  const owners: [RecordKind, string, ReadonlySet<number>][] = [
    ['counters', 'counters', collections],
    ['documents', 'documents', collections],
    ['entries', 'index entries', indexes],
  ];
  for (const [kind, what, known] of owners) {
    for (let from = 0; ; ) {
      const [first] = environment.entries(firstOfKind(kind, from));
      if (!first) break;
      const owner = ownerOf(first.key);
      if (!known.has(owner)) report({ kind: 'orphan', collection: '', detail: `${what} of ${owner}` });
      from = owner + 1;
    }
  }
}

/** undefined: no write would have taken this document under this index. */
function entriesOf(index: Index, document: Doc, encodedId: Buffer): EntryKeys | undefined {
  try {
    return entryKeysOf(index, document, encodedId);
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

/** undefined: these bytes are no document. */
function readWhole(raw: Buffer): Doc | undefined {
  try {
    return readDocument(raw);
  } catch {
    return undefined;
  }
}
