import { readDocument } from '../bson/read.js';
import { DateTime } from '../bson/values.js';
import { afterPrefix, encodeValue, invert } from '../codec/key.js';
import type { Store } from '../commands/types.js';
import type { Collection, Index } from './catalog.js';
import { documentKey, indexKey } from './layout.js';

const batch = 500;

/** TTL: removes documents whose date is older than their index allows, a batch per commit. */
export async function removeExpired(store: Store, now: number): Promise<number> {
  let removed = 0;
  for (const collection of store.catalog.all()) {
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds === undefined || !index.ready) continue;
      let last: number;
      do {
        last = await store.environment.write(() => removeBatch(store, collection, index, now));
        removed += last;
      } while (last === batch);
    }
  }
  return removed;
}

function removeBatch(store: Store, collection: Collection, index: Index, now: number): number {
  if (store.catalog.find(collection.database, collection.name) !== collection) return 0;
  if (!collection.indexes.includes(index)) return 0;
  const limit = now - (index.expireAfterSeconds as number) * 1000;
  const old = new Map<string, Buffer>();
  for (const { value } of store.environment.entries(datesUpTo(index, limit))) {
    old.set(value.toString('latin1'), value);
    if (old.size === batch) break;
  }
  for (const id of old.values()) {
    const raw = store.environment.get(documentKey(collection.id, id));
    if (raw) store.documents.remove(collection, id, readDocument(raw), raw.length);
  }
  return old.size;
}

/** Only dates: a document whose field holds anything else never expires. */
function datesUpTo(index: Index, limit: number): { low: Buffer; high: Buffer } {
  const lowest = Buffer.from([45]);
  const bound = afterPrefix(encodeValue(new DateTime(limit)));
  if (!index.fields[0]?.descending)
    return { low: indexKey(index.id, lowest), high: indexKey(index.id, bound) };
  invert(lowest);
  invert(bound);
  return { low: indexKey(index.id, afterPrefix(bound)), high: indexKey(index.id, afterPrefix(lowest)) };
}
