import { readDocument } from '../bson/read.js';
import { type Doc, isDoc, type Maybe, RawDocument } from '../bson/values.js';
import { checkDeadline } from '../plan/deadline.js';
import type { Plan } from '../plan/plan.js';
import { countDocuments, planQuery, type Query, runQuery } from '../plan/query.js';
import type { Predicate } from '../query/predicate.js';
import type { Catalog, Collection } from '../storage/catalog.js';
import type { Environment } from '../storage/environment.js';
import { collectionRange } from '../storage/layout.js';
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
  const [first] = pipeline.stages;
  if (first?.fromCount) {
    const total = collection ? countDocuments(store.environment, collection, query) : 0;
    yield* pipeline.runFrom(1, first.fromCount(total));
    return;
  }
  const plan = collection && planQuery(collection, query);
  const some =
    pipeline.fields && query.filter.fields && new Set([...pipeline.fields, ...query.filter.fields]);
  const whole = plan?.kind === 'collection' && plan.sorted && !plan.reverse && query.skip + query.limit === 0;
  if (collection && whole && some && pipeline.stages.length > 0) {
    yield* pipeline.runFrom(0, scan(store.environment, collection, some, query.filter.predicate));
    return;
  }
  const found = collection ? runQuery(store.environment, collection, query, plan as Plan) : [];
  if (pipeline.stages.length === 0) {
    for (const { raw } of found) yield new RawDocument(raw);
    return;
  }
  const decoded = (function* () {
    for (const { raw } of found) yield readDocument(raw, 0, pipeline.fields);
  })();
  yield* pipeline.runFrom(0, decoded);
}

/** Every document, but only the fields somebody asked for. */
function* scan(
  environment: Environment,
  collection: Collection,
  fields: Set<string>,
  matches: Predicate,
): Generator<Doc, void> {
  const documents = environment.decoded(collectionRange(collection.id), (bytes) =>
    readDocument(bytes, 0, fields),
  );
  let looked = 0;
  for (const document of documents) {
    looked += 1;
    if (looked % 128 === 0) checkDeadline();
    if (matches(document)) yield document;
  }
}
