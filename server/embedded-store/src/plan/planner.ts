import type { Doc, Value } from '../bson/values.js';
import { equalValues } from '../codec/compare.js';
import { badValue, CommandError } from '../errors.js';
import type { FilterNode } from '../query/filter-types.js';
import type { SortField } from '../query/sort.js';
import type { Collection, Index } from '../storage/catalog.js';
import { idKey } from '../storage/layout.js';
import { type Constraints, gatherConstraints } from './constraints.js';
import { planIndex } from './index-plan.js';
import type { IndexPlan, Plan } from './plan.js';

export interface PlanRequest {
  collection: Collection;
  node: FilterNode;
  sort: SortField[];
  limited: boolean;
  hint: Value | undefined;
}

export function choosePlan(request: PlanRequest): Plan {
  const { collection, node, sort } = request;
  if (node.kind === 'never') return { kind: 'empty', sorted: true };
  const constraints = gatherConstraints(node);
  if (request.hint !== undefined) return hinted(request, constraints);
  const ids = idPoints(collection, constraints, sort);
  if (ids) return ids;
  let best: IndexPlan | undefined;
  let bestScore = 0;
  for (const index of collection.indexes) {
    if (index.hidden || !index.ready) continue;
    const plan = planIndex(index, constraints, sort, collection.longIds);
    if (!plan) continue;
    const score = scoreOf(plan, request);
    if (score > bestScore) {
      best = plan;
      bestScore = score;
    }
  }
  const byId = collectionPlan(collection, sort);
  if (best && best.bounds > 0) return best;
  const union = unionPlan(request, constraints);
  if (union) return union;
  return best && !byId.sorted ? best : byId;
}

/** Equality narrows most, then a range; giving the order saves a sort, and with a limit most of the reading. */
function scoreOf(plan: IndexPlan, request: PlanRequest): number {
  const wantsOrder = request.sort.length > 0;
  const complete = plan.index.unique && plan.bounds === plan.index.fields.length && plan.ranges.length === 1;
  return (
    plan.bounds * 100 +
    (complete ? 1000 : 0) +
    (wantsOrder && plan.sorted ? (request.limited ? 120 : 40) : 0) -
    Math.min(plan.ranges.length, 50) -
    plan.index.fields.length
  );
}

function collectionPlan(collection: Collection, sort: SortField[]): Plan {
  const first = sort[0];
  const byId = first?.path === '_id' && !collection.longIds;
  return {
    kind: 'collection',
    reverse: byId && first?.descending === true,
    sorted: sort.length === 0 || byId,
  };
}

function idPoints(collection: Collection, constraints: Constraints, sort: SortField[]): Plan | undefined {
  let found: Value[] | undefined;
  for (const test of constraints.tests.get('_id') ?? []) {
    if (test.op === 'eq') found = [test.value];
    else if (test.op === 'in' && !found) found = test.values;
  }
  if (!found?.every(isPlainId)) return undefined;
  const ids = [...new Map(found.map((id) => idKey(id)).map((key) => [key.toString('latin1'), key])).values()];
  ids.sort(Buffer.compare);
  const byId = sort[0]?.path === '_id' && !collection.longIds;
  if (byId && sort[0]?.descending) ids.reverse();
  return { kind: 'ids', ids, sorted: sort.length === 0 || byId || ids.length <= 1 };
}

function isPlainId(value: Value): boolean {
  // A pattern asks about many ids, an array about a value no _id can have, null about a missing one.
  return !Array.isArray(value) && value !== null && !(value instanceof Object && 'pattern' in value);
}

function unionPlan(request: PlanRequest, constraints: Constraints): Plan | undefined {
  for (const nodes of constraints.alternatives) {
    const plans = nodes.map((node) => choosePlan({ ...request, node, sort: [], limited: false }));
    const narrow = plans.every(
      (plan) => plan.kind !== 'collection' && !(plan.kind === 'index' && plan.bounds === 0),
    );
    if (narrow) return { kind: 'union', plans, sorted: false };
  }
  return undefined;
}

function hinted(request: PlanRequest, constraints: Constraints): Plan {
  const { collection, sort, hint } = request;
  if (hint instanceof Map && hint.size === 1 && hint.has('$natural')) {
    const reverse = Number((hint.get('$natural') as { value?: number })?.value ?? hint.get('$natural')) < 0;
    return { kind: 'collection', reverse, sorted: sort.length === 0 };
  }
  if (isIdHint(hint)) return idPoints(collection, constraints, sort) ?? collectionPlan(collection, sort);
  const index = collection.indexes.find(
    (candidate) => !candidate.hidden && candidate.ready && matchesHint(candidate, hint),
  );
  if (!index) {
    throw badValue(
      'error processing query: planner returned error: hint provided does not correspond to an existing index',
    );
  }
  const plan = planIndex(index, constraints, sort, collection.longIds, true);
  if (!plan) {
    throw new CommandError(
      291,
      'error processing query: No query solutions: the hinted index cannot answer this filter',
    );
  }
  return plan;
}

function isIdHint(hint: Value | undefined): boolean {
  return hint === '_id_' || (hint instanceof Map && hint.size === 1 && hint.has('_id'));
}

function matchesHint(index: Index, hint: Value | undefined): boolean {
  if (typeof hint === 'string') return index.name === hint;
  return hint instanceof Map && equalValues(index.spec.get('key') as Doc, hint);
}
