import type { Maybe, Value } from '../bson/values.js';
import { compareValues } from '../codec/compare.js';
import { hashKey } from '../codec/key.js';
import { needArray } from './array-operands.js';
import { unary, withArguments } from './operator.js';
import { isNullish, truthy } from './truth.js';
import type { OperatorCompiler } from './types.js';

function asSet(values: Value[]): Map<string, Value> {
  const set = new Map<string, Value>();
  for (const value of values) {
    const key = hashKey(value);
    if (!set.has(key)) set.set(key, value);
  }
  return set;
}

function sets(args: Maybe[], name: string): Map<string, Value>[] | undefined {
  if (args.some(isNullish)) return undefined;
  return args.map((value) => asSet(needArray(value, name, 17043)));
}

function union(args: Maybe[]): Maybe {
  const all = sets(args, '$setUnion');
  return all ? [...asSet(all.flatMap((set) => [...set.values()])).values()].sort(compareValues) : null;
}

function intersection(args: Maybe[]): Maybe {
  const all = sets(args, '$setIntersection');
  if (!all) return null;
  let [common = new Map<string, Value>(), ...rest] = all;
  for (const set of rest) {
    // Of two equal values that of the smaller set stays.
    const [fewer, more] = common.size > set.size ? [set, common] : [common, set];
    common = new Map([...fewer].filter(([key]) => more.has(key)));
  }
  return [...common.values()].sort(compareValues);
}

function difference(args: Maybe[]): Maybe {
  const all = sets(args, '$setDifference');
  if (!all) return null;
  const [first, second] = all as [Map<string, Value>, Map<string, Value>];
  return [...first].filter(([key]) => !second.has(key)).map(([, value]) => value);
}

function strictSets(args: Maybe[], name: string): Map<string, Value>[] {
  return args.map((value) => asSet(needArray(value, name, 17046)));
}

function setEquals(args: Maybe[]): Maybe {
  const [first, ...rest] = strictSets(args, '$setEquals') as [Map<string, Value>, ...Map<string, Value>[]];
  return rest.every((set) => set.size === first.size && [...set.keys()].every((key) => first.has(key)));
}

function setIsSubset(args: Maybe[]): Maybe {
  const [first, second] = strictSets(args, '$setIsSubset') as [Map<string, Value>, Map<string, Value>];
  return [...first.keys()].every((key) => second.has(key));
}

export const setOperators: Record<string, OperatorCompiler> = {
  $setUnion: withArguments(0, Number.MAX_SAFE_INTEGER, union),
  $setIntersection: withArguments(0, Number.MAX_SAFE_INTEGER, intersection),
  $setDifference: withArguments(2, 2, difference),
  $setEquals: withArguments(2, Number.MAX_SAFE_INTEGER, setEquals),
  $setIsSubset: withArguments(2, 2, setIsSubset),
  $anyElementTrue: unary((value) => needArray(value, '$anyElementTrue', 17041).some(truthy)),
  $allElementsTrue: unary((value) => needArray(value, '$allElementsTrue', 17040).every(truthy)),
};
