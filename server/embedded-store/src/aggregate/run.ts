import { readDocument } from '../bson/read.js';
import { type Doc, isDoc, type Maybe, RawDocument } from '../bson/values.js';
import { planQuery, type Query, runQuery } from '../plan/query.js';
import type { Catalog } from '../storage/catalog.js';
import type { Environment } from '../storage/environment.js';
import type { Pipeline } from './stage.js';

/** A pipeline over a collection: the leading $match, $sort, $skip and $limit go to the planner. */
export function* runOver(
  store: { environment: Environment; catalog: Catalog },
  database: string,
  name: string,
  pipeline: Pipeline,
  hint?: Maybe,
): Generator<Doc | RawDocument, void> {
  const collection = store.catalog.find(database, name);
  const query: Query = { ...pipeline.query, hint: isDoc(hint) && hint.size === 0 ? undefined : hint };
  const found = collection
    ? runQuery(store.environment, collection, query, planQuery(collection, query))
    : [];
  if (pipeline.stages.length === 0) {
    for (const { raw } of found) yield new RawDocument(raw);
    return;
  }
  const decoded = (function* () {
    for (const { raw } of found) yield readDocument(raw, 0, pipeline.fields);
  })();
  yield* pipeline.run(decoded);
}
