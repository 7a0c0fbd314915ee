import { compilePipeline, type Pipeline } from '../aggregate/pipeline.js';
import { readDocument } from '../bson/read.js';
import { type Doc, isDoc, RawDocument, type Value } from '../bson/values.js';
import { CommandError, codes, failedToParse } from '../errors.js';
import { startClock } from '../expressions/compile.js';
import { arrayArgument, collectionName, integerArgument, refuseLet } from './arguments.js';
import type { Results } from './cursors.js';
import { planQuery, type Query, runQuery } from './find.js';
import type { Command, Store } from './types.js';

export const aggregate: Command = {
  fields: ['pipeline', 'cursor', 'hint', 'allowDiskUse', 'bypassDocumentValidation', 'let', 'explain'],
  run(request) {
    startClock();
    const { store, database, body } = request;
    refuseLet(body);
    if (typeof body.get('aggregate') !== 'string') {
      throw new CommandError(
        codes.commandNotSupported,
        'The embedded store only aggregates over collections',
      );
    }
    const name = collectionName(request, 'aggregate');
    const cursor = body.get('cursor');
    if (!isDoc(cursor))
      throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
    const pipeline = compilePipeline(arrayArgument(body, 'pipeline'), { store, database });
    const results = runOver(store, database, name, pipeline, body.get('hint'));
    const batchSize = integerArgument(cursor.get('batchSize'), 'batchSize');
    return store.cursors.start(`${database}.${name}`, results, batchSize, false);
  },
};

export function aggregateQuery(command: Doc): Query {
  const pipeline = compilePipeline(arrayArgument(command, 'pipeline'), undefined);
  return { ...pipeline.query, hint: command.get('hint') };
}

/** A pipeline over a collection: the leading $match, $sort, $skip and $limit go to the planner. */
export function* runOver(
  store: Store,
  database: string,
  name: string,
  pipeline: Pipeline,
  hint?: Value,
): Generator<Doc | RawDocument, void> {
  const collection = store.catalog.find(database, name);
  const query: Query = { ...pipeline.query, hint: isDoc(hint) && hint.size === 0 ? undefined : hint };
  const found = collection ? runQuery(store, collection, query, planQuery(collection, query)) : [];
  if (pipeline.stages.length === 0) {
    for (const { raw } of found) yield new RawDocument(raw);
    return;
  }
  const decoded = (function* () {
    for (const { raw } of found) yield readDocument(raw, 0, pipeline.fields);
  })();
  yield* pipeline.run(decoded);
}
