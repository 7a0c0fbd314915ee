import { readDocument } from '../bson/read.js';
import { typeName } from '../bson/types.js';
import { type Doc, int, isDoc, type Maybe, RawDocument, type Value } from '../bson/values.js';
import { isNumber, plainNumber } from '../codec/exact.js';
import { badValue, CommandError, typeMismatch } from '../errors.js';
import { declaring, startClock } from '../expressions/variables.js';
import type { Found } from '../plan/execute.js';
import { countDocuments, planQuery, type Query, runQuery } from '../plan/query.js';
import type { FilterNode } from '../query/filter-types.js';
import { type CompiledFilter, compileFilter } from '../query/match.js';
import type { Position } from '../query/predicate.js';
import { compileProjection, type Projection } from '../query/project.js';
import { parseSort } from '../query/sort.js';
import { booleanArgument, collectionName, docArgument, integerArgument, refuseWhenSet } from './arguments.js';
import type { Results } from './cursors.js';
import { letVariables } from './let.js';
import type { Command, Request } from './types.js';

function* projected(
  found: Iterable<Found>,
  projection: Projection | undefined,
  filter: CompiledFilter,
): Results & Iterable<Doc | RawDocument> {
  for (const { raw } of found) {
    if (!projection) {
      yield new RawDocument(raw);
      continue;
    }
    let position: Position | undefined;
    if (projection.positional !== undefined) {
      position = { index: undefined };
      filter.predicate(readDocument(raw), position);
    }
    yield projection.apply(readDocument(raw, 0, projection.fields), position);
  }
}

function checkNotNegative(value: number, field: string): void {
  if (value < 0)
    throw new CommandError(51_024, `BSON field '${field}' value must be >= 0, actual value '${value}'`);
}

export function queryFrom(body: Doc, filterName: string): Query {
  const skip = integerArgument(body.get('skip'), 'skip') ?? 0;
  checkNotNegative(skip, 'skip');
  const sort = body.get('sort');
  const natural = isDoc(sort) && sort.has('$natural') ? naturalOrder(sort, emptyHint(body)) : undefined;
  return {
    filter: compileFilter(docArgument(body, filterName)),
    sort: natural ? [] : parseSort(sort),
    skip,
    limit: Math.abs(integerArgument(body.get('limit'), 'limit') ?? 0),
    hint: natural ?? emptyHint(body),
  };
}

/** `{$natural: 1}` asks for the order on disk, which is what a hint of that form says. */
function naturalOrder(sort: Doc, hint: Maybe): Doc {
  const direction = sort.get('$natural');
  const number = isNumber(direction) ? plainNumber(direction) : 0;
  if (number !== 1 && number !== -1)
    throw badValue('$natural sort cannot be set to a value other than -1 or 1.');
  if (sort.size > 1) throw badValue('$natural sort cannot be combined with other keys');
  if (hint !== undefined) throw badValue('$natural sort with a hint is not supported by the embedded store');
  return sort;
}

function emptyHint(body: Doc) {
  const hint = body.get('hint');
  return hint instanceof Map && hint.size === 0 ? undefined : hint;
}

export const find: Command = {
  fields: [
    'filter',
    'sort',
    'projection',
    'hint',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'let',
    'returnKey',
    'showRecordId',
    'tailable',
    'awaitData',
    'noCursorTimeout',
    'allowPartialResults',
    'oplogReplay',
    'allowDiskUse',
    'min',
    'max',
  ],
  run(request) {
    startClock();
    const { body, store } = request;
    refuseWhenSet(body, ['returnKey', 'showRecordId', 'tailable', 'awaitData']);
    refuseWhenGiven(body, ['min', 'max']);
    const name = collectionName(request, 'find');
    const { query, projection } = declaring(letVariables(body), () => {
      const asked = queryFrom(body, 'filter');
      return { query: asked, projection: projectionFrom(body, 'projection', asked.filter.node) };
    });
    checkNotNegative(integerArgument(body.get('limit'), 'limit') ?? 0, 'limit');
    const batchSize = integerArgument(body.get('batchSize'), 'batchSize');
    checkNotNegative(batchSize ?? 0, 'batchSize');
    const collection = store.catalog.find(request.database, name);
    const results = collection
      ? projected(
          runQuery(store.environment, collection, query, planQuery(collection, query)),
          projection,
          query.filter,
        )
      : [][Symbol.iterator]();
    return store.cursors.start(
      `${request.database}.${name}`,
      results as Results,
      batchSize,
      booleanArgument(body, 'singleBatch'),
    );
  },
};

export function projectionFrom(body: Doc, name: string, filter: FilterNode): Projection | undefined {
  const spec = docArgument(body, name);
  if (spec.size === 0) return undefined;
  const projection = compileProjection(spec, { find: true });
  const first = projection.positional?.split('.')[0];
  if (first !== undefined && !asksAbout(filter, first)) {
    throw new CommandError(
      31277,
      `Positional projection '${projection.positional}.$' does not match the query document.`,
    );
  }
  return projection;
}

function asksAbout(node: FilterNode, field: string): boolean {
  if (node.kind === 'field') return node.parts[0] === field;
  return 'nodes' in node && node.nodes.some((inner) => asksAbout(inner, field));
}

export function refuseWhenGiven(body: Doc, names: readonly string[]): void {
  for (const name of names) {
    const value = body.get(name);
    if (value !== undefined && !(value instanceof Map && value.size === 0)) {
      throw badValue(`The embedded store does not support ${name}`);
    }
  }
}

export const getMore: Command = {
  fields: ['collection', 'batchSize'],
  run({ store, database, body }) {
    const id = body.get('getMore');
    if (typeof id !== 'bigint')
      throw typeMismatch(
        `BSON field 'getMore.getMore' is the wrong type '${typeName(id)}', expected type 'long'`,
      );
    const name = String(body.get('collection'));
    const batchSize = integerArgument(body.get('batchSize'), 'batchSize');
    return store.cursors.more(id, `${database}.${name}`, batchSize === 0 ? undefined : batchSize);
  },
};

export const killCursors: Command = {
  fields: ['cursors'],
  run({ store, body }) {
    const killed: bigint[] = [];
    const notFound: bigint[] = [];
    for (const value of (body.get('cursors') as Value[] | undefined) ?? []) {
      const id = typeof value === 'bigint' ? value : BigInt(integerArgument(value, 'cursors') ?? 0);
      (store.cursors.kill(id) ? killed : notFound).push(id);
    }
    return new Map<string, Value>([
      ['cursorsKilled', killed],
      ['cursorsNotFound', notFound],
      ['cursorsAlive', []],
      ['cursorsUnknown', []],
      ['ok', 1],
    ]);
  },
};

export const count: Command = {
  fields: ['query', 'limit', 'skip', 'hint', 'fields'],
  run(request: Request) {
    startClock();
    const name = collectionName(request, 'count');
    const query = queryFrom(request.body, 'query');
    const collection = request.store.catalog.find(request.database, name);
    const total = collection ? countDocuments(request.store.environment, collection, query) : 0;
    return new Map<string, Value>([
      ['n', int(total)],
      ['ok', 1],
    ]);
  },
};
