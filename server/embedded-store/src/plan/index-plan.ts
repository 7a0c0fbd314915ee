import type { Value } from '../bson/values.js';
import { equalValues } from '../codec/compare.js';
import { parseFilter } from '../query/filter.js';
import type { FilterNode, Test } from '../query/filter-types.js';
import { predicateOf } from '../query/match.js';
import type { SortField } from '../query/sort.js';
import type { Index } from '../storage/catalog.js';
import type { KeyRange } from '../storage/environment.js';
import { indexKey, indexRange } from '../storage/layout.js';
import type { Constraints } from './constraints.js';
import { type Interval, intersect, intervalsOf } from './intervals.js';
import type { IndexPlan } from './plan.js';

const maxCombinations = 1000;

interface Bounds {
  prefixes: Buffer[];
  /** Fields fixed to points by the prefixes. */
  points: number;
  range: Interval[] | undefined;
  usedPaths: Set<string>;
  /** Fields the prefixes fix to exactly one value: order by them is no order at all. */
  constants: Set<string>;
}

export function planIndex(
  index: Index,
  constraints: Constraints,
  sort: SortField[],
  longIds: boolean,
  forced = false,
): IndexPlan | undefined {
  if (index.fields.some((field) => field.parts.some((part) => /^\d+$/.test(part)))) return undefined;
  if (index.partial && !impliesFilter(constraints, index.partial.filter)) return undefined;
  const bounds = boundsOf(index, constraints);
  const boundFields = bounds.points + (bounds.range ? 1 : 0);
  if (index.sparse && !impliesPresence(index, constraints, boundFields)) return undefined;
  const order = orderOf(index, bounds, sort, longIds);
  if (boundFields === 0 && !order && !forced) return undefined;
  const ranges = rangesOf(index, bounds);
  const mergeAfter =
    order && bounds.prefixes.length > 1 && sort.length > 0
      ? ranges.map((_, at) => 5 + prefixLength(bounds, at))
      : undefined;
  return {
    kind: 'index',
    index,
    ranges,
    reverse: order?.reverse ?? false,
    sorted: sort.length === 0 || order !== undefined,
    mergeAfter,
    bounds: boundFields,
    exact: isExact(index, constraints, bounds),
  };
}

function prefixLength(bounds: Bounds, range: number): number {
  const perPrefix = bounds.range?.length ?? 1;
  return (bounds.prefixes[Math.floor(range / perPrefix)] as Buffer).length;
}

function boundsOf(index: Index, constraints: Constraints): Bounds {
  const bounds: Bounds = {
    prefixes: [Buffer.alloc(0)],
    points: 0,
    range: undefined,
    usedPaths: new Set(),
    constants: new Set(),
  };
  let usedMultikey = false;
  for (let at = 0; at < index.fields.length; at += 1) {
    const field = index.fields[at] as Index['fields'][number];
    // Two bounds on one array could be met by two different elements: only one is sound.
    if (index.multikey[at] && usedMultikey) break;
    const intervals = fieldIntervals(index, at, constraints.tests.get(field.path) ?? []);
    if (!intervals) break;
    usedMultikey ||= index.multikey[at] === true;
    bounds.usedPaths.add(field.path);
    const allPoints = intervals.every((interval) => interval.point);
    if (!allPoints || intervals.length * bounds.prefixes.length > maxCombinations) {
      bounds.range = intervals;
      break;
    }
    if (intervals.length === 1 && !index.multikey[at]) bounds.constants.add(field.path);
    bounds.prefixes = bounds.prefixes.flatMap((prefix) =>
      intervals.map((interval) => Buffer.concat([prefix, interval.low])),
    );
    bounds.points += 1;
  }
  return bounds;
}

function fieldIntervals(index: Index, at: number, tests: Test[]): Interval[] | undefined {
  const descending = index.fields[at]?.descending === true;
  let result: Interval[] | undefined;
  for (const test of tests) {
    const intervals = intervalsOf(test, descending, index.fieldLimit);
    if (!intervals) continue;
    if (!result) result = intervals;
    else if (!index.multikey[at]) result = intersect(result, intervals);
    else if (!result.every((interval) => interval.point)) result = intervals;
  }
  return result;
}

function rangesOf(index: Index, bounds: Bounds): KeyRange[] {
  if (!bounds.range && bounds.points === 0) return [indexRange(index.id)];
  const after = indexRange(index.id).high;
  const next = (bytes: Buffer): Buffer => {
    let end = bytes.length;
    while (end > 0 && bytes[end - 1] === 0xff) end -= 1;
    if (end <= 5) return after;
    const copy = Buffer.from(bytes.subarray(0, end));
    copy[end - 1] = (copy[end - 1] as number) + 1;
    return copy;
  };
  return bounds.prefixes.flatMap((prefix) => {
    if (!bounds.range) {
      const low = indexKey(index.id, prefix);
      return [{ low, high: next(low) }];
    }
    return bounds.range.map((interval) => ({
      low: indexKey(index.id, Buffer.concat([prefix, interval.low])),
      high: indexKey(index.id, Buffer.concat([prefix, interval.high])),
    }));
  });
}

/** Does the index give the order asked for, and in which direction? */
function orderOf(
  index: Index,
  bounds: Bounds,
  sort: SortField[],
  longIds: boolean,
): { reverse: boolean } | undefined {
  if (sort.length === 0) return undefined;
  if (index.truncated) return undefined;
  // Several ranges on one field under several prefixes cannot be merged by suffix alone.
  if (bounds.range && bounds.prefixes.length > 1 && bounds.range.length > 1) return undefined;
  let at = bounds.points;
  let reverse: boolean | undefined;
  for (const wanted of sort) {
    if (bounds.constants.has(wanted.path)) continue;
    const field = index.fields[at];
    let descending: boolean;
    if (field?.path === wanted.path) {
      if (index.multikey[at]) return undefined;
      descending = field.descending;
    } else if (at === index.fields.length && wanted.path === '_id' && !index.unique && !longIds)
      descending = false;
    else return undefined;
    const opposite = descending !== wanted.descending;
    if (reverse !== undefined && reverse !== opposite) return undefined;
    reverse = opposite;
    at += 1;
    if (wanted.path === '_id') break;
  }
  return { reverse: reverse ?? false };
}

function impliesPresence(index: Index, constraints: Constraints, boundFields: number): boolean {
  return index.fields
    .slice(0, boundFields)
    .some((field) => (constraints.tests.get(field.path) ?? []).some(excludesMissing));
}

/** No document without the field passes. */
function excludesMissing(test: Test): boolean {
  switch (test.op) {
    case 'eq':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return test.value !== null && !(typeof test.value === 'object' && 'kind' in test.value);
    case 'in':
      return test.values.every((value) => value !== null);
    case 'type':
      return !test.types.has('missing');
    default:
      return true;
  }
}

function impliesFilter(constraints: Constraints, filter: Parameters<typeof parseFilter>[0]): boolean {
  const conjuncts = (node: FilterNode): FilterNode[] =>
    node.kind === 'and' ? node.nodes.flatMap(conjuncts) : [node];
  return conjuncts(parseFilter(filter)).every((node) => {
    if (node.kind !== 'field' || node.negated) return false;
    return (constraints.tests.get(node.path) ?? []).some((test) => impliesTest(test, node));
  });
}

function impliesTest(given: Test, wanted: FilterNode & { kind: 'field' }): boolean {
  if (wanted.test.op === 'exists') return excludesMissing(given);
  if (given.op === 'eq') return !Array.isArray(given.value) && holdsFor(wanted, given.value);
  if (given.op === 'in')
    return given.values.every((value) => !Array.isArray(value) && holdsFor(wanted, value));
  if (given.op === wanted.test.op && 'value' in given && 'value' in wanted.test) {
    return equalValues(given.value, wanted.test.value);
  }
  return false;
}

function holdsFor(wanted: FilterNode & { kind: 'field' }, value: Value): boolean {
  const probe = predicateOf({ ...wanted, path: 'value', parts: ['value'] });
  return probe(new Map([['value', value]]));
}

/** The bounds alone decide: nothing else in the filter, no array, no shortened key, no null. */
function isExact(index: Index, constraints: Constraints, bounds: Bounds): boolean {
  if (constraints.residual || index.truncated || index.multikey.some(Boolean)) return false;
  for (const [path, tests] of constraints.tests) {
    if (!bounds.usedPaths.has(path)) return false;
    if (!tests.every(isExactTest)) return false;
  }
  return true;
}

function isExactTest(test: Test): boolean {
  switch (test.op) {
    case 'eq':
      return test.value !== null && !Array.isArray(test.value);
    case 'in':
      return test.values.every(
        (value) => value !== null && !(typeof value === 'object' && 'pattern' in value),
      );
    case 'gt':
    case 'gte':
      return test.value !== null && !isDocumentLike(test.value);
    case 'lt':
    case 'lte':
      // NaN lies below every number in the index but is not less than any.
      return (
        typeof test.value === 'string' ||
        (typeof test.value === 'object' && test.value !== null && 'ms' in test.value)
      );
    default:
      return false;
  }
}

function isDocumentLike(value: unknown): boolean {
  return value instanceof Map || Array.isArray(value);
}
