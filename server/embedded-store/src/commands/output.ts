import type { MergeOutput, Output } from '../aggregate/output.js';
import { readDocument } from '../bson/read.js';
import { type Doc, doc, int, RawDocument, type Value } from '../bson/values.js';
import { equalValues, identicalValues } from '../codec/compare.js';
import { CommandError, codes } from '../errors.js';
import { declaring } from '../expressions/variables.js';
import { planQuery, type Query, runQuery } from '../plan/query.js';
import { compileFilter } from '../query/match.js';
import { valueAt } from '../query/path.js';
import { type Collection, checkName } from '../storage/catalog.js';
import { compileUpdate } from '../update/compile.js';
import type { Results } from './cursors.js';
import type { Store } from './types.js';
import { withId } from './upsert.js';
import { collectionFor } from './write.js';

/** Writes what a pipeline gave. Everything is read before anything is written: the target may be a source as well. */
export function writeOutput(store: Store, output: Output, results: Results): Promise<void> {
  const documents: Doc[] = [];
  for (let next = results.next(); !next.done; next = results.next()) {
    documents.push(next.value instanceof RawDocument ? readDocument(next.value.bytes as Buffer) : next.value);
  }
  return store.environment.write(() => {
    if (output.kind === 'out') replaceAll(store, output.target, documents);
    else {
      const target = collectionFor(store, output.target.database, output.target.name);
      checkUnique(target, output.on);
      for (const document of documents) mergeOne(store, target, output, document);
    }
  });
}

/** A new collection with the indexes of the old one takes its place, or nothing changes. */
function replaceAll(store: Store, target: { database: string; name: string }, documents: Doc[]): void {
  const { catalog } = store;
  const old = catalog.find(target.database, target.name);
  checkName(target.database, target.name);
  const made = collectionFor(store, target.database, `tmp.agg_out.${target.name}`);
  try {
    for (const { spec } of old?.indexes ?? [])
      store.documents.beginIndex(made, catalog.newIndex(spec), Number.MAX_SAFE_INTEGER);
    for (const document of documents) store.documents.insert(made, withId(document));
  } catch (error) {
    store.documents.drop(made);
    throw error;
  }
  store.environment.apply(() => {
    if (old) store.documents.drop(old);
    catalog.rename(made, target.database, target.name);
  });
}

/** $merge needs an index that makes its fields unique. */
function checkUnique(target: Collection, on: readonly string[]): void {
  if (on.length === 1 && on[0] === '_id') return;
  const fits = target.indexes.some(
    ({ unique, partial, ready, fields }) =>
      unique &&
      ready &&
      !partial &&
      fields.length === on.length &&
      fields.every(({ path }) => on.includes(path)),
  );
  if (!fits) throw new CommandError(51183, 'Cannot find index to verify that join fields will be unique');
}

function mergeOne(store: Store, target: Collection, output: MergeOutput, given: Doc): void {
  const document = output.on.includes('_id') ? withId(given) : given;
  const filter: Doc = new Map();
  for (const path of output.on) {
    const value = valueAt(document, path.split('.'));
    if (value === undefined || value === null || Array.isArray(value)) {
      throw new CommandError(
        51132,
        "$merge write error: 'on' field cannot be missing, null, undefined or an array",
      );
    }
    filter.set(path, new Map([['$eq', value]]));
  }
  const query: Query = { filter: compileFilter(filter), sort: [], skip: 0, limit: 1, hint: undefined };
  const [found] = runQuery(store.environment, target, query, planQuery(target, query));
  if (!found) {
    if (output.notMatched === 'fail')
      throw new CommandError(13113, '$merge could not find a matching document in the target collection');
    if (output.notMatched === 'insert') store.documents.insert(target, withId(document));
    return;
  }
  const before = readDocument(found.raw);
  const after = merged(output, before, document);
  if (!after || identicalValues(before, after)) return;
  if (!equalValues(before.get('_id'), after.get('_id'))) {
    throw new CommandError(
      codes.immutableField,
      '$merge failed to update the matching document, did you attempt to modify the _id or the shard key?',
    );
  }
  store.documents.replace(target, found.id, before, found.raw.length, after);
}

function merged(output: MergeOutput, before: Doc, document: Doc): Doc | undefined {
  const id = before.get('_id') as Value;
  switch (output.matched) {
    case 'keepExisting':
      return undefined;
    case 'fail':
      throw new CommandError(
        codes.duplicateKey,
        '$merge with whenMatched: fail found an existing document with the same values for the on fields',
        { keyPattern: doc({ _id: int(1) }), keyValue: doc({ _id: id }) },
      );
    case 'replace':
      return document.has('_id') ? document : new Map([['_id', id], ...document]);
    case 'merge': {
      const result: Doc = new Map(before);
      for (const [name, value] of document) result.set(name, value);
      return result;
    }
    default: {
      const scope = { root: document, current: document };
      const variables = output.variables.map(({ name, expression }) => ({
        name,
        value: expression.evaluate(scope),
      }));
      const update = declaring([...output.outer, ...variables], () =>
        compileUpdate(output.matched as Value[], undefined, false),
      );
      return update.apply(before, { position: undefined, inserting: false });
    }
  }
}
