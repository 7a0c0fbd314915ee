import { classOf } from '../bson/types.js';
import { bsonUndefined, type Maybe, type Value } from '../bson/values.js';
import { afterPrefix, encodeField, encodeValue, invert, orderedPrefix } from '../codec/key.js';
import type { Test } from '../query/filter-types.js';
import { anchoredPrefix, isRegex } from '../query/regex.js';
import { isNaNValue } from '../query/tests.js';

/** Keys of one field from `low` on and before `high`. A point is one value. */
export interface Interval {
  low: Buffer;
  high: Buffer;
  point: boolean;
}

/**
 * Where in an index the values that can pass a test are. Never too narrow; undefined when the test says
 * nothing an index could use.
 */
export function intervalsOf(test: Test, descending: boolean, limit: number): Interval[] | undefined {
  const ascending = ascendingIntervals(test, limit);
  if (!ascending) return undefined;
  const intervals = descending ? ascending.map(inverted) : ascending;
  return disjoint(intervals);
}

function ascendingIntervals(test: Test, limit: number): Interval[] | undefined {
  switch (test.op) {
    case 'eq':
      return equal(test.value, limit);
    case 'in': {
      const all = test.values.map((value) => (isRegex(value) ? pattern(value) : equal(value, limit)));
      return all.every((list) => list !== undefined) ? (all as Interval[][]).flat() : undefined;
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return bounded(test.op, test.value, limit);
    case 'regex':
      return pattern(test.regex);
    case 'elemMatchValue': {
      let result: Interval[] | undefined;
      for (const { test: inner, negated } of test.tests) {
        // Inside an array of arrays the index holds the inner arrays, not their elements.
        const usable = !negated && inner.op !== 'elemMatchValue';
        const intervals = usable ? ascendingIntervals(inner, limit) : undefined;
        if (intervals) result = result ? intersect(disjoint(result), disjoint(intervals)) : intervals;
      }
      return result;
    }
    default:
      return undefined;
  }
}

function point(value: Maybe, limit: number): Interval {
  const { bytes } = encodeField(value, false, limit);
  return { low: bytes, high: afterPrefix(bytes), point: true };
}

function equal(value: Value, limit: number): Interval[] | undefined {
  if (value === null) return [point(bsonUndefined, limit), point(null, limit)];
  // An index holds the elements of an array, not the array.
  if (Array.isArray(value)) return undefined;
  return [point(value, limit)];
}

function bounded(op: 'lt' | 'lte' | 'gt' | 'gte', value: Value, limit: number): Interval[] | undefined {
  const kind = classOf(value);
  if (value === null) return op.endsWith('e') ? equal(null, limit) : [];
  if (kind === 1 || kind === 127 || Array.isArray(value) || isNaNValue(value)) return undefined;
  const { bytes, truncated } = orderedPrefix(value, false, limit);
  let low: Buffer = Buffer.from([kind]);
  let high: Buffer = Buffer.from([kind + 1]);
  // A shortened bound only says where to begin looking; the filter looks at every document again.
  if (op === 'gte' || (op === 'gt' && truncated)) low = bytes;
  else if (op === 'gt') low = afterPrefix(bytes);
  else if (op === 'lte' || truncated) high = afterPrefix(bytes);
  else high = bytes;
  return [{ low, high, point: false }];
}

function pattern(regex: Value): Interval[] | undefined {
  if (!isRegex(regex)) return undefined;
  const prefix = anchoredPrefix(regex);
  if (prefix === undefined || prefix.length > 100 || prefix.includes('\0')) return undefined;
  const encoded = encodeValue(prefix);
  const low = encoded.subarray(0, encoded.length - 2);
  const exact = encodeValue(regex);
  return [
    { low, high: afterPrefix(low), point: false },
    // A stored regular expression equal to this one matches as well.
    { low: exact, high: afterPrefix(exact), point: false },
  ];
}

function inverted(interval: Interval): Interval {
  const low = Buffer.from(interval.low);
  const high = Buffer.from(interval.high);
  invert(low);
  if (interval.point) return { low, high: afterPrefix(low), point: true };
  invert(high);
  return { low: afterPrefix(high), high: afterPrefix(low), point: false };
}

export function disjoint(intervals: Interval[]): Interval[] {
  const sorted = [...intervals].sort(
    (a, b) => Buffer.compare(a.low, b.low) || Buffer.compare(a.high, b.high),
  );
  const result: Interval[] = [];
  for (const interval of sorted) {
    const last = result[result.length - 1];
    if (!last || Buffer.compare(interval.low, last.high) >= 0) {
      result.push(interval);
    } else if (Buffer.compare(interval.high, last.high) > 0) {
      result[result.length - 1] = { low: last.low, high: interval.high, point: false };
    }
  }
  return result;
}

export function intersect(a: Interval[], b: Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const left of a) {
    for (const right of b) {
      const low = Buffer.compare(left.low, right.low) >= 0 ? left.low : right.low;
      const high = Buffer.compare(left.high, right.high) <= 0 ? left.high : right.high;
      if (Buffer.compare(low, high) < 0) result.push({ low, high, point: left.point || right.point });
    }
  }
  return result;
}
