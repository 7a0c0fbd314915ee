import { readDocument } from '../bson/read.js';
import { type Doc, doc, int, isDoc, type Maybe, type Value } from '../bson/values.js';
import { identicalValues } from '../codec/compare.js';
import { isNumber, plainNumber } from '../codec/exact.js';
import { CommandError, codes, failedToParse } from '../errors.js';
import { type Declared, declaring, startClock } from '../expressions/variables.js';
import { planQuery, type Query, runQuery } from '../plan/query.js';
import { compileFilter } from '../query/match.js';
import type { Position } from '../query/predicate.js';
import { parseSort } from '../query/sort.js';
import { type Collection, checkName, isTrue } from '../storage/catalog.js';
import { compileUpdate, type Update, type UpdateContext } from '../update/compile.js';
import {
  booleanArgument,
  checkEntry,
  collectionName,
  docArgument,
  docsArgument,
  integerArgument,
  isSimple,
} from './arguments.js';
import { letVariables } from './let.js';
import type { Command, Request, Store } from './types.js';
import { insertable, refuseExpression, upsertDocument } from './upsert.js';

export function collectionFor(store: Store, database: string, name: string): Collection {
  const known = store.catalog.find(database, name);
  if (known) return known;
  checkName(database, name);
  let made: Collection | undefined;
  store.environment.apply(() => {
    made = store.catalog.create(database, name);
  });
  return made as Collection;
}

/** Runs the entries of a bulk write; an error stops an ordered one and is reported with its position. */
function runEntries<T>(entries: T[], ordered: boolean, run: (entry: T, index: number) => void): Value[] {
  const errors: Value[] = [];
  for (let index = 0; index < entries.length; index += 1) {
    try {
      run(entries[index] as T, index);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      errors.push(writeError(index, error));
      if (ordered) break;
    }
  }
  return errors;
}

function writeError(index: number, error: CommandError): Doc {
  const entry = doc({ index: int(index), code: int(error.code), errmsg: error.message });
  for (const [name, value] of Object.entries(error.details)) entry.set(name, value as Value);
  return entry;
}

/** Who asked for no acknowledgement is told nothing of what became of it. */
export function isUnacknowledged(body: Doc): boolean {
  const concern = body.get('writeConcern');
  const w = isDoc(concern) ? concern.get('w') : undefined;
  return isNumber(w) && plainNumber(w) === 0;
}

function writeReply(body: Doc, counts: Record<string, Maybe>, errors: Value[]): Doc {
  if (isUnacknowledged(body)) return doc({ n: int(0), ok: 1 });
  return doc({ ...counts, writeErrors: errors.length > 0 ? errors : undefined, ok: 1 });
}

export const insert: Command = {
  fields: ['documents', 'ordered', 'bypassDocumentValidation'],
  run(request) {
    const { store, database, body } = request;
    const name = collectionName(request, 'insert');
    const documents = docsArgument(body, 'documents');
    const ordered = booleanArgument(body, 'ordered', true);
    checkBatch(documents.length);
    return store.environment.write(() => {
      const collection = collectionFor(store, database, name);
      let inserted = 0;
      const errors = runEntries(documents, ordered, (document) => {
        store.documents.insert(collection, insertable(document));
        inserted += 1;
      });
      return writeReply(body, { n: int(inserted) }, errors);
    });
  },
};

export function checkBatch(size: number): void {
  if (size === 0 || size > 100_000) {
    throw new CommandError(16, `Write batch sizes must be between 1 and 100000. Got ${size} operations.`);
  }
}

export interface UpdateEntry {
  query: Query;
  filter: Doc;
  update: Update;
  upsert: boolean;
  multi: boolean;
}

/** Without its filter or its limit a write would touch what nobody named. */
export function needFields(owner: string, entry: Doc, names: readonly string[]): void {
  for (const name of names) {
    if (entry.has(name)) continue;
    throw new CommandError(40414, `BSON field '${owner}.${name}' is missing but a required field`);
  }
}

export function checkUpdate(entry: Doc): void {
  checkEntry('update.updates', entry, [
    'q',
    'u',
    'multi',
    'upsert',
    'arrayFilters',
    'hint',
    'c',
    'sort',
    'collation',
  ]);
  refuseCollation(entry);
  needFields('update.updates', entry, ['q', 'u']);
  checkSort(entry);
}

function checkSort(entry: Doc): void {
  if (entry.has('sort') && isTrue(entry.get('multi')))
    throw failedToParse('Cannot specify sort with multi=true');
}

/** Of an entry in the fields of the update command. */
export function parseUpdate(entry: Doc, variables: Declared[]): UpdateEntry {
  const multi = isTrue(entry.get('multi'));
  checkSort(entry);
  if (entry.has('c') && !Array.isArray(entry.get('u'))) {
    throw new CommandError(51_198, 'Constant values may only be specified for pipeline updates');
  }
  const filter = docArgument(entry, 'q');
  const u = entry.get('u') as Value;
  const upsert = isTrue(entry.get('upsert'));
  const query = declaring(variables, () => queryOf(filter, entry.get('hint'), entry.get('sort')));
  if (upsert) refuseExpression(query.filter.node);
  return {
    filter,
    query,
    update: declaring([...variables, ...letVariables(entry, 'c')], () =>
      compileUpdate(u, entry.get('arrayFilters'), multi),
    ),
    upsert,
    multi,
  };
}

export function refuseCollation(entry: Doc): void {
  if (isSimple(entry.get('collation'))) return;
  throw new CommandError(codes.commandNotSupported, 'The embedded store does not support collation');
}

function queryOf(filter: Doc, hint: Maybe, sort?: Maybe): Query {
  const usable = isDoc(hint) && hint.size === 0 ? undefined : hint;
  return { filter: compileFilter(filter), sort: parseSort(sort), skip: 0, limit: 0, hint: usable };
}

interface Target {
  id: Buffer;
  before: Doc;
  size: number;
}

/** What a write will touch, found before anything changes so that it cannot meet its own result again. */
export function targets(store: Store, collection: Collection, query: Query, multi: boolean): Target[] {
  const bounded = { ...query, limit: multi ? 0 : 1 };
  return [...runQuery(store.environment, collection, bounded, planQuery(collection, bounded))].map(
    ({ id, raw }) => ({
      id,
      before: readDocument(raw),
      size: raw.length,
    }),
  );
}

/** The updated document, or undefined when nothing changed. */
export function updateTarget(
  store: Store,
  collection: Collection,
  target: Target,
  entry: { query: Query; update: Update },
): Doc | undefined {
  const position: Position = { index: undefined };
  entry.query.filter.predicate(target.before, position);
  const context: UpdateContext = { position, inserting: false };
  const after = entry.update.apply(target.before, context);
  if (!context.changed && identicalValues(target.before, after)) return undefined;
  store.documents.replace(collection, target.id, target.before, target.size, after);
  return after;
}

export interface Namespace {
  database: string;
  name: string;
}

/** One update, inside a write. */
export function updateOf(
  store: Store,
  { database, name }: Namespace,
  entry: UpdateEntry,
): { matched: number; modified: number; upserted: Value | undefined } {
  const collection = store.catalog.find(database, name);
  const found = collection ? targets(store, collection, entry.query, entry.multi) : [];
  let modified = 0;
  for (const target of found) {
    if (updateTarget(store, collection as Collection, target, entry)) modified += 1;
  }
  if (found.length > 0 || !entry.upsert) return { matched: found.length, modified, upserted: undefined };
  const document = upsertDocument(entry.filter, entry.update);
  store.documents.insert(collectionFor(store, database, name), document);
  return { matched: 0, modified: 0, upserted: document.get('_id') };
}

/** Of an entry in the fields of the delete command. */
export function parseDelete(entry: Doc, variables: Declared[]): Query {
  return declaring(variables, () => queryOf(docArgument(entry, 'q'), entry.get('hint')));
}

/** One delete, inside a write. */
export function removeOf(store: Store, { database, name }: Namespace, query: Query, all: boolean): number {
  const collection = store.catalog.find(database, name);
  if (!collection) return 0;
  const found = targets(store, collection, query, all);
  for (const target of found) store.documents.remove(collection, target.id, target.before, target.size);
  return found.length;
}

export const update: Command = {
  fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let'],
  run(request) {
    startClock();
    const { store, database, body } = request;
    const variables = letVariables(body);
    const name = collectionName(request, 'update');
    const updates = docsArgument(body, 'updates');
    const ordered = booleanArgument(body, 'ordered', true);
    checkBatch(updates.length);
    updates.forEach(checkUpdate);
    return store.environment.write(() => {
      let matched = 0;
      let modified = 0;
      const upserted: Value[] = [];
      const errors = runEntries(updates, ordered, (raw, index) => {
        const entry = parseUpdate(raw, variables);
        const done = updateOf(store, { database, name }, entry);
        // An update that fails half way reports its error only; what it had changed stays.
        matched += done.matched;
        modified += done.modified;
        if (done.upserted !== undefined) upserted.push(doc({ index: int(index), _id: done.upserted }));
      });
      return writeReply(
        body,
        {
          n: int(matched + upserted.length),
          nModified: int(modified),
          upserted: upserted.length > 0 ? upserted : undefined,
        },
        errors,
      );
    });
  },
};

export function checkDelete(entry: Doc): void {
  checkEntry('delete.deletes', entry, ['q', 'limit', 'hint', 'collation']);
  refuseCollation(entry);
  needFields('delete.deletes', entry, ['q', 'limit']);
  const limit = integerArgument(entry.get('limit'), 'limit');
  if (limit !== 0 && limit !== 1)
    throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${limit}`);
}

export const remove: Command = {
  fields: ['deletes', 'ordered', 'let'],
  run(request: Request) {
    startClock();
    const { store, database, body } = request;
    const variables = letVariables(body);
    const name = collectionName(request, 'delete');
    const deletes = docsArgument(body, 'deletes');
    const ordered = booleanArgument(body, 'ordered', true);
    checkBatch(deletes.length);
    deletes.forEach(checkDelete);
    return store.environment.write(() => {
      let removed = 0;
      const errors = runEntries(deletes, ordered, (entry) => {
        const all = integerArgument(entry.get('limit'), 'limit') === 0;
        removed += removeOf(store, { database, name }, parseDelete(entry, variables), all);
      });
      return writeReply(body, { n: int(removed) }, errors);
    });
  },
};
