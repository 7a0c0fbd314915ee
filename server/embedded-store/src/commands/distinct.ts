import { readDocument } from '../bson/read.js';
import { doc, type Value } from '../bson/values.js';
import { hashKey } from '../codec/key.js';
import { typeMismatch } from '../errors.js';
import { startClock } from '../expressions/variables.js';
import { planQuery, runQuery } from '../plan/query.js';
import { visitPath } from '../query/path.js';
import { collectionName } from './arguments.js';
import { queryFrom } from './find.js';
import type { Command } from './types.js';

export const distinct: Command = {
  fields: ['key', 'query'],
  run(request) {
    startClock();
    const { store, database, body } = request;
    const name = collectionName(request, 'distinct');
    const key = body.get('key');
    if (typeof key !== 'string')
      throw typeMismatch("BSON field 'distinct.key' is the wrong type, expected type 'string'");
    const parts = key.split('.');
    const query = queryFrom(body, 'query');
    const collection = store.catalog.find(database, name);
    const seen = new Map<string, Value>();
    if (collection) {
      const only = new Set([parts[0] as string]);
      for (const { raw } of runQuery(store.environment, collection, query, planQuery(collection, query))) {
        visitPath(readDocument(raw, 0, only), parts, false, (found) => {
          // An array counts by its elements, each of them once.
          for (const value of Array.isArray(found) ? found : [found]) {
            if (value === undefined) continue;
            const text = hashKey(value);
            if (!seen.has(text)) seen.set(text, value);
          }
          return false;
        });
      }
    }
    return doc({ values: [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value), ok: 1 });
  },
};
