import { type Doc, doc, int, isDoc, type Value } from '../bson/values.js';
import { CommandError, codes, failedToParse } from '../errors.js';
import { declaring } from '../expressions/variables.js';
import type { Examined } from '../plan/execute.js';
import type { Plan } from '../plan/plan.js';
import { planQuery, type Query, runQuery } from '../plan/query.js';
import type { Collection } from '../storage/catalog.js';
import { aggregate, aggregateQuery } from './aggregate.js';
import { checkFields, docsArgument } from './arguments.js';
import { distinct } from './distinct.js';
import { count, find, queryFrom } from './find.js';
import { findAndModify } from './find-and-modify.js';
import { letVariables } from './let.js';
import { version } from './session.js';
import type { Command, Store } from './types.js';
import { checkDelete, checkUpdate, remove, update } from './write.js';

/** Says how a command would be answered: by which index, and how many keys and documents that looks at. */
export const explain: Command = {
  fields: ['verbosity'],
  run({ store, database, body }) {
    const command = body.get('explain');
    if (!isDoc(command)) throw failedToParse('explain needs a command');
    const verbosity = (body.get('verbosity') as string | undefined) ?? 'allPlansExecution';
    const { name, query } = declaring(letVariables(command), () => explained(command));
    const collection = store.catalog.find(database, name);
    const plan: Plan = collection ? planQuery(collection, query) : { kind: 'empty', sorted: true };
    const planner = doc({
      namespace: `${database}.${name}`,
      parsedQuery: command.get('filter') ?? command.get('query') ?? new Map(),
      winningPlan: describe(plan, query),
      rejectedPlans: [],
    });
    return doc({
      explainVersion: '1',
      queryPlanner: planner,
      executionStats: verbosity === 'queryPlanner' ? undefined : execution(store, collection, query, plan),
      command,
      serverInfo: doc({ host: 'embedded', port: int(0), version }),
      ok: 1,
    });
  },
};

const explainable = new Map<string, readonly string[]>([
  ['find', find.fields],
  ['count', count.fields],
  ['distinct', distinct.fields],
  ['findAndModify', findAndModify.fields],
  ['update', update.fields],
  ['delete', remove.fields],
  ['aggregate', aggregate.fields],
]);

function explained(command: Doc): { name: string; query: Query } {
  const [kind, target] = command.entries().next().value as [string, Value];
  const name = String(target);
  const known = explainable.get(kind);
  if (!known) throw new CommandError(codes.commandNotFound, `Explain failed due to unknown command: ${kind}`);
  checkFields(kind, command, known);
  switch (kind) {
    case 'find':
      return { name, query: queryFrom(command, 'filter') };
    case 'count':
    case 'distinct':
    case 'findAndModify':
      return { name, query: queryFrom(command, 'query') };
    case 'update':
    case 'delete': {
      const [entry] = docsArgument(command, kind === 'update' ? 'updates' : 'deletes');
      if (!entry) throw failedToParse(`explain needs one of the ${kind}s`);
      (kind === 'update' ? checkUpdate : checkDelete)(entry);
      return { name, query: queryFrom(entry, 'q') };
    }
    default:
      return { name, query: aggregateQuery(command) };
  }
}

function execution(store: Store, collection: Collection | undefined, query: Query, plan: Plan): Doc {
  const examined: Examined = { keys: 0, documents: 0 };
  const start = performance.now();
  let returned = 0;
  if (collection)
    for (const _ of runQuery(store.environment, collection, query, plan, examined)) returned += 1;
  return doc({
    executionSuccess: true,
    nReturned: int(returned),
    executionTimeMillis: int(Math.round(performance.now() - start)),
    totalKeysExamined: int(examined.keys),
    totalDocsExamined: int(examined.documents),
    executionStages: describe(plan, query),
  });
}

function describe(plan: Plan, query: Query): Doc {
  const access = accessStage(plan);
  return plan.sorted
    ? access
    : doc({
        stage: 'SORT',
        sortPattern: new Map(query.sort.map((field) => [field.path, int(field.descending ? -1 : 1)])),
        inputStage: access,
      });
}

function accessStage(plan: Plan): Doc {
  switch (plan.kind) {
    case 'empty':
      return doc({ stage: 'EOF' });
    case 'collection':
      return doc({ stage: 'COLLSCAN', direction: plan.reverse ? 'backward' : 'forward' });
    case 'ids':
      return doc({
        stage: 'FETCH',
        inputStage: doc({
          stage: 'IXSCAN',
          indexName: '_id_',
          keyPattern: doc({ _id: int(1) }),
          isMultiKey: false,
        }),
      });
    case 'index':
      return doc({
        stage: 'FETCH',
        inputStage: doc({
          stage: 'IXSCAN',
          keyPattern: plan.index.spec.get('key'),
          indexName: plan.index.name,
          isMultiKey: plan.index.multikey.some(Boolean),
          isUnique: plan.index.unique,
          isSparse: plan.index.sparse,
          isPartial: plan.index.partial !== undefined,
          direction: plan.reverse ? 'backward' : 'forward',
          boundedFields: int(plan.bounds),
          ranges: int(plan.ranges.length),
          merged: plan.mergeAfter !== undefined,
        }),
      });
    case 'union':
      return doc({ stage: 'OR', inputStages: plan.plans.map(accessStage) });
  }
}
