import { describeValue } from '../bson/describe.js';
import { type Doc, doc, int, type Maybe, type Value } from '../bson/values.js';
import { badValue, CommandError, codes } from '../errors.js';
import { type Declared, startClock } from '../expressions/variables.js';
import { checkName, isTrue } from '../storage/catalog.js';
import { booleanArgument, checkEntry, docArgument, docsArgument, integerArgument } from './arguments.js';
import type { Results } from './cursors.js';
import { letVariables } from './let.js';
import type { Command, Store } from './types.js';
import { insertable } from './upsert.js';
import {
  checkBatch,
  collectionFor,
  isUnacknowledged,
  type Namespace,
  needFields,
  parseDelete,
  parseUpdate,
  refuseCollation,
  removeOf,
  updateOf,
} from './write.js';

const kinds = ['insert', 'update', 'delete'] as const;
type Kind = (typeof kinds)[number];

const fields: Record<Kind, { needed: string[]; known: string[] }> = {
  insert: { needed: ['document'], known: [] },
  update: {
    needed: ['filter', 'updateMods'],
    known: ['multi', 'upsert', 'arrayFilters', 'hint', 'constants', 'sort', 'collation'],
  },
  delete: { needed: ['filter'], known: ['multi', 'hint', 'collation'] },
};

interface Operation {
  kind: Kind;
  namespace: Namespace;
  entry: Doc;
}

const counters = ['nInserted', 'nMatched', 'nModified', 'nUpserted', 'nDeleted'] as const;
type Counts = Record<(typeof counters)[number], number>;

/** Writes of every kind to any collections in one command; `MongoClient.bulkWrite` of the drivers. */
export const bulkWrite: Command = {
  fields: ['ops', 'nsInfo', 'ordered', 'errorsOnly', 'cursor', 'bypassDocumentValidation', 'let'],
  run({ store, database, body }) {
    startClock();
    if (database !== 'admin')
      throw new CommandError(codes.unauthorized, 'bulkWrite may only be run against the admin database.');
    const variables = letVariables(body);
    const ordered = booleanArgument(body, 'ordered', true);
    const errorsOnly = booleanArgument(body, 'errorsOnly');
    const batchSize = integerArgument(docArgument(body, 'cursor').get('batchSize'), 'batchSize');
    const ops = docsArgument(body, 'ops');
    const namespaces = docsArgument(body, 'nsInfo').map(parseNamespace);
    checkBatch(ops.length);
    const operations = ops.map((entry) => parseOperation(entry, namespaces));
    return store.environment.write(() => {
      const counts: Counts = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
      const replies: Doc[] = [];
      let failed = 0;
      for (const [index, operation] of operations.entries()) {
        const { reply, error } = attempt(store, operation, variables, counts);
        if (error) failed += 1;
        if (error || !errorsOnly) replies.push(withIndex(reply, index));
        if (error && ordered) break;
      }
      if (isUnacknowledged(body)) return doc({ ok: 1 });
      const started = store.cursors.start(
        'admin.$cmd.bulkWrite',
        replies[Symbol.iterator]() as Results,
        batchSize,
        false,
      );
      const totals = Object.fromEntries(counters.map((name) => [name, int(counts[name])]));
      return doc({ cursor: started.get('cursor'), nErrors: int(failed), ...totals, ok: 1 });
    });
  },
};

function parseNamespace(entry: Doc): Namespace {
  checkEntry('bulkWrite.nsInfo', entry, ['ns']);
  const ns = entry.get('ns');
  const dot = typeof ns === 'string' ? ns.indexOf('.') : -1;
  if (typeof ns !== 'string' || dot < 1)
    throw new CommandError(
      codes.invalidNamespace,
      `Invalid namespace specified for bulkWrite: '${String(ns)}'`,
    );
  const namespace = { database: ns.slice(0, dot), name: ns.slice(dot + 1) };
  checkName(namespace.database, namespace.name);
  return namespace;
}

function parseOperation(entry: Doc, namespaces: readonly Namespace[]): Operation {
  const first = entry.keys().next().value ?? '';
  const kind = kinds.find((name) => name === first);
  if (!kind)
    throw new CommandError(codes.unknownField, `BSON field 'bulkWrite.${first}' is an unknown field.`);
  const { needed, known } = fields[kind];
  checkEntry('bulkWrite.ops', entry, [kind, ...needed, ...known]);
  needFields('bulkWrite.ops', entry, needed);
  refuseCollation(entry);
  const namespace = namespaces[integerArgument(entry.get(kind), kind) ?? -1];
  if (!namespace) throw badValue(`BulkWrite ops entry ${describeValue(entry)} has an invalid nsInfo index.`);
  return { kind, namespace, entry };
}

function attempt(
  store: Store,
  operation: Operation,
  variables: Declared[],
  counts: Counts,
): { reply: Record<string, Maybe>; error: boolean } {
  try {
    return { reply: { ok: 1, ...perform(store, operation, variables, counts) }, error: false };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const modified = operation.kind === 'update' ? { nModified: int(0) } : {};
    const told = {
      code: int(error.code),
      errmsg: error.message,
      ...(error.details as Record<string, Value>),
    };
    return { reply: { ok: 0, ...told, n: int(0), ...modified }, error: true };
  }
}

function perform(
  store: Store,
  { kind, namespace, entry }: Operation,
  variables: Declared[],
  counts: Counts,
): Record<string, Maybe> {
  if (kind === 'insert') {
    const document = insertable(docArgument(entry, 'document'));
    store.documents.insert(collectionFor(store, namespace.database, namespace.name), document);
    counts.nInserted += 1;
    return { n: int(1) };
  }
  if (kind === 'delete') {
    const query = parseDelete(renamed(entry, { filter: 'q' }), variables);
    const n = removeOf(store, namespace, query, isTrue(entry.get('multi')));
    counts.nDeleted += n;
    return { n: int(n) };
  }
  const asUpdate = renamed(entry, { filter: 'q', updateMods: 'u', constants: 'c' });
  const { matched, modified, upserted } = updateOf(store, namespace, parseUpdate(asUpdate, variables));
  counts.nMatched += matched;
  counts.nModified += modified;
  if (upserted === undefined) return { n: int(matched), nModified: int(modified) };
  counts.nUpserted += 1;
  return { n: int(1), nModified: int(0), upserted: doc({ _id: upserted }) };
}

/** The entry in the fields of the command that does one kind only. */
function renamed(entry: Doc, names: Record<string, string>): Doc {
  return new Map([...entry].map(([name, value]) => [names[name] ?? name, value]));
}

function withIndex({ ok, ...rest }: Record<string, Maybe>, index: number): Doc {
  return doc({ ok, idx: int(index), ...rest });
}
