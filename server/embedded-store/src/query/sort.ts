import { describeValue } from '../bson/describe.js';
import { type Doc, Int, isDoc, type Maybe, type Value } from '../bson/values.js';
import { compareValues } from '../codec/compare.js';
import { isNumber } from '../codec/exact.js';
import { encodeValue, invert } from '../codec/key.js';
import { badValue, CommandError, codes } from '../errors.js';
import { indexValues } from '../storage/index-keys.js';
import { valueAt } from './path.js';

export interface SortField {
  path: string;
  parts: readonly string[];
  descending: boolean;
}

export function parseSort(sort: Maybe): SortField[] {
  if (sort === undefined) return [];
  if (!(sort instanceof Map)) throw new CommandError(codes.typeMismatch, 'sort must be an object');
  return [...sort].map(([path, direction]) => {
    const number = direction instanceof Int ? direction.value : Number(direction);
    if (direction instanceof Map) throw badValue('$meta sort is not supported by the embedded store');
    if (!isNumber(direction))
      throw new CommandError(
        15_974,
        `Illegal key in $sort specification: ${path}: ${describeValue(direction)}`,
      );
    if (number !== 1 && number !== -1) {
      throw new CommandError(15_975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    if (path === '' || path.split('.').includes(''))
      throw new CommandError(15_998, 'FieldPath field names may not be empty strings.');
    if (path.split('.').some((part) => /^\$(?!ref$|id$|db$)/.test(part)))
      throw new CommandError(16_410, `FieldPath field names may not start with '$'. Given '${path}'.`);
    return { path, parts: path.split('.'), descending: number < 0 };
  });
}

/**
 * One comparable key per document. With arrays on the way there are several; MongoDB sorts by the least,
 * which for a descending field is the greatest value.
 */
export function sortKey(document: Doc, sort: SortField[]): Buffer {
  const tuples = sortTuples(document, sort);
  let least: Buffer | undefined;
  for (const tuple of tuples) {
    const key = Buffer.concat(
      tuple.map((value, at) => {
        const bytes = encodeValue(value ?? null);
        if (sort[at]?.descending) invert(bytes);
        return bytes;
      }),
    );
    if (!least || Buffer.compare(key, least) < 0) least = key;
  }
  return least as Buffer;
}

function sortTuples(document: Doc, sort: SortField[]): Maybe[][] {
  // The _id of no stored document is an array: one that a stage made is a value as any other.
  if (sort.length === 1 && sort[0]?.path === '_id') return [[document.get('_id')]];
  try {
    return indexValues(
      document,
      sort.map((field) => field.parts),
    ).tuples;
  } catch (error) {
    if (error instanceof CommandError && error.code === 171)
      throw badValue('cannot sort with keys that are parallel arrays');
    throw error;
  }
}

/** Within one array, elements are ordered by what lies at the paths: an array there is one value, missing is null. */
export function compareByFields(a: Value, b: Value, sort: SortField[]): number {
  for (const { parts, descending } of sort) {
    const order = compareValues(
      (isDoc(a) ? valueAt(a, parts) : undefined) ?? null,
      (isDoc(b) ? valueAt(b, parts) : undefined) ?? null,
    );
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

const memoryLimit = 100 * 1024 * 1024;

/** A stable sort in memory that keeps only what a limit needs. */
export function sortedBy<T>(
  items: Iterable<T>,
  keyOf: (item: T) => Buffer,
  sizeOf: (item: T) => number,
  keep: number,
): T[] {
  let kept: { key: Buffer; item: T; at: number }[] = [];
  let at = 0;
  let bytes = 0;
  const order = (a: (typeof kept)[number], b: (typeof kept)[number]) =>
    Buffer.compare(a.key, b.key) || a.at - b.at;
  for (const item of items) {
    const key = keyOf(item);
    kept.push({ key, item, at });
    at += 1;
    bytes += sizeOf(item) + key.length;
    // Cut back to what the limit needs now and then, sooner when documents are large.
    if (kept.length >= keep * 2 + 1000 || (bytes > memoryLimit / 2 && kept.length > keep)) {
      kept.sort(order);
      kept = kept.slice(0, keep);
      bytes = kept.reduce((sum, entry) => sum + sizeOf(entry.item) + entry.key.length, 0);
    }
    if (bytes > memoryLimit) {
      throw new CommandError(
        codes.memoryLimit,
        'Sort exceeded memory limit of 104857600 bytes, and the embedded store does not sort on disk. Add an index.',
      );
    }
  }
  kept.sort(order);
  return (kept.length > keep ? kept.slice(0, keep) : kept).map((entry) => entry.item);
}
