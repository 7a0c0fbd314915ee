import { readDocument } from '../bson/read.js';
import type { Maybe } from '../bson/values.js';
import type { CompiledFilter } from '../query/match.js';
import type { SortField } from '../query/sort.js';
import { sortedBy, sortKey } from '../query/sort.js';
import type { Collection } from '../storage/catalog.js';
import type { Environment } from '../storage/environment.js';
import { candidates, type Examined, type Found, filtered } from './execute.js';
import type { Plan } from './plan.js';
import { choosePlan } from './planner.js';

export interface Query {
  filter: CompiledFilter;
  sort: SortField[];
  skip: number;
  limit: number;
  hint: Maybe;
}

/** A filter compiled once, planned against one collection. */
export function planQuery(collection: Collection, query: Query): Plan {
  return choosePlan({
    collection,
    node: query.filter.node,
    sort: query.sort,
    limited: query.limit > 0,
    hint: query.hint,
  });
}

/** Documents in the order asked for, after skip and limit. */
export function* runQuery(
  environment: Environment,
  collection: Collection,
  query: Query,
  plan: Plan,
  examined: Examined = { keys: 0, documents: 0 },
): Generator<Found, void> {
  let found: Iterable<Found> = filtered(
    candidates(environment, collection, plan, examined),
    query.filter.predicate,
    query.filter.fields,
  );
  if (!plan.sorted) {
    const fields = new Set(query.sort.map((field) => field.parts[0] as string));
    const keep = query.limit > 0 ? query.skip + query.limit : Number.MAX_SAFE_INTEGER;
    found = sortedBy(
      found,
      ({ raw }) => sortKey(readDocument(raw, 0, fields), query.sort),
      ({ raw }) => raw.length,
      keep,
    );
  }
  let skip = query.skip;
  let left = query.limit > 0 ? query.limit : Number.MAX_SAFE_INTEGER;
  for (const entry of found) {
    if (skip > 0) {
      skip -= 1;
      continue;
    }
    yield entry;
    left -= 1;
    if (left === 0) return;
  }
}

/** From the index alone when its bounds say all the filter says. */
export function countDocuments(environment: Environment, collection: Collection, query: Query): number {
  const plan = planQuery(collection, query);
  let total: number | undefined;
  const { node } = query.filter;
  if (node.kind === 'and' && node.nodes.length === 0 && plan.kind === 'collection') total = collection.count;
  else if (plan.kind === 'index' && plan.exact) {
    total = plan.ranges.reduce((sum, range) => sum + environment.countKeys(range), 0);
  }
  if (total === undefined) {
    total = 0;
    for (const _ of runQuery(environment, collection, query, plan)) total += 1;
    return total;
  }
  const rest = Math.max(0, total - query.skip);
  return query.limit > 0 ? Math.min(rest, query.limit) : rest;
}
