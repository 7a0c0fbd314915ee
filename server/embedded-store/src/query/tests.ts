import { Decimal } from '../bson/decimal.js';
import { classOf, typeName } from '../bson/types.js';
import { Binary, Int, type Maybe, Regex, Singleton, SymbolValue, type Value } from '../bson/values.js';
import { compareValues, equalValues } from '../codec/compare.js';
import { isNumber, plainNumber } from '../codec/exact.js';
import { hashKey } from '../codec/key.js';
import { bitsOf } from './filter-operands.js';
import type { BitsMode, FilterNode, Test } from './filter-types.js';
import type { Position, Predicate } from './predicate.js';
import { compileRegex } from './regex.js';

export type ValueTest = (value: Maybe, position?: Position) => boolean;

/** A test of one value, and whether the elements of an array at the end of the path are offered to it as well. */
export function testFor(
  test: Test,
  predicateOf: (node: FilterNode) => Predicate,
): { test: ValueTest; intoArrays: boolean } {
  switch (test.op) {
    case 'eq':
      return { test: equalTest(test.value), intoArrays: true };
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return { test: orderTest(test.op, test.value), intoArrays: true };
    case 'in':
      return { test: inTest(test.values), intoArrays: true };
    case 'regex':
      return { test: regexTest(test.regex), intoArrays: true };
    case 'exists':
      return { test: (value) => value !== undefined, intoArrays: true };
    case 'type':
      return { test: (value) => test.types.has(typeName(value)), intoArrays: true };
    case 'size':
      return { test: (value) => Array.isArray(value) && value.length === test.size, intoArrays: false };
    case 'mod':
      return { test: modTest(test.divisor, test.remainder), intoArrays: true };
    case 'bits':
      return { test: bitsTest(test.mode, test.mask), intoArrays: true };
    case 'elemMatchValue': {
      const tests = test.tests.map(({ test: inner, negated }) => ({
        run: testFor(inner, predicateOf).test,
        negated,
      }));
      return {
        intoArrays: false,
        test: (value, position) =>
          someElement(value, position, (element) =>
            tests.every(({ run, negated }) => run(element) !== negated),
          ),
      };
    }
    case 'elemMatchDocument': {
      const predicate = predicateOf(test.node);
      return {
        intoArrays: false,
        test: (value, position) =>
          someElement(value, position, (element) => {
            if (element instanceof Map) return predicate(element);
            // An array inside the array is looked at as a document whose fields are its positions.
            return (
              Array.isArray(element) && predicate(new Map(element.map((inner, at) => [String(at), inner])))
            );
          }),
      };
    }
  }
}

function someElement(
  value: Maybe,
  position: Position | undefined,
  matches: (element: Value) => boolean,
): boolean {
  if (!Array.isArray(value)) return false;
  const index = value.findIndex(matches);
  if (index === -1) return false;
  if (position) position.index = index;
  return true;
}

function isNullish(value: Maybe): boolean {
  return value === undefined || value === null || (value instanceof Singleton && value.kind === 'undefined');
}

function equalTest(wanted: Value): ValueTest {
  if (wanted === null) return isNullish;
  if (typeof wanted === 'string') {
    return (value) => value === wanted || (value instanceof SymbolValue && value.text === wanted);
  }
  if (typeof wanted === 'boolean') return (value) => value === wanted;
  return (value) => value !== undefined && equalValues(value, wanted);
}

export function isNaNValue(value: Maybe): boolean {
  return Number.isNaN(value) || (value instanceof Decimal && value.kind === 'nan');
}

function orderTest(op: 'lt' | 'lte' | 'gt' | 'gte', bound: Value): ValueTest {
  const orEqual = op.endsWith('e');
  const less = op.startsWith('l');
  if (bound === null) return orEqual ? isNullish : () => false;
  const kind = classOf(bound);
  const accepts = (order: number) => (order === 0 ? orEqual : order < 0 === less);
  // Only minKey and maxKey compare across types.
  if (kind === 1 || kind === 127) return (value) => accepts(compareValues(value ?? null, bound));
  if (isNaNValue(bound)) return (value) => orEqual && isNaNValue(value);
  if (kind === 10) {
    return (value) => isNumber(value) && !isNaNValue(value) && accepts(compareValues(value, bound));
  }
  return (value) => value !== undefined && classOf(value) === kind && accepts(compareValues(value, bound));
}

function inTest(values: Value[]): ValueTest {
  const patterns = values.filter((value) => value instanceof Regex).map(regexTest);
  const plain = values.filter((value) => !(value instanceof Regex));
  const withNull = plain.includes(null);
  const tests = plain.length <= 8 ? plain.map(equalTest) : undefined;
  const keys = tests ? undefined : new Set(plain.map(hashKey));
  return (value) => {
    if (withNull && isNullish(value)) return true;
    if (value === undefined) return false;
    if (tests ? tests.some((test) => test(value)) : keys?.has(hashKey(value))) return true;
    return patterns.some((test) => test(value));
  };
}

function regexTest(regex: Regex): ValueTest {
  const compiled = compileRegex(regex);
  return (value) => {
    if (typeof value === 'string') return compiled.test(value);
    if (value instanceof SymbolValue) return compiled.test(value.text);
    return value instanceof Regex && equalValues(value, regex);
  };
}

function modTest(divisor: bigint, remainder: bigint): ValueTest {
  return (value) => {
    if (!isNumber(value)) return false;
    let whole: bigint;
    if (typeof value === 'bigint') whole = value;
    else {
      const number =
        value instanceof Int ? value.value : typeof value === 'number' ? value : value.toNumber();
      if (!(number < 2 ** 63 && number >= -(2 ** 63))) return false;
      whole = BigInt(Math.trunc(number));
    }
    return whole % divisor === remainder;
  };
}

/** Binary data, or the 64-bit integer a number is; undefined for what has a fraction or does not fit. */
function wholeBits(value: Maybe): bigint | undefined {
  if (value instanceof Binary) return bitsOf(value);
  if (!isNumber(value)) return undefined;
  if (typeof value === 'bigint') return value;
  const number = plainNumber(value);
  if (!Number.isInteger(number) || number >= 2 ** 63 || number < -(2 ** 63)) return undefined;
  return BigInt(number);
}

function bitsTest(mode: BitsMode, mask: bigint): ValueTest {
  return (value) => {
    const bits = wholeBits(value);
    if (bits === undefined) return false;
    // Two's complement with the sign extended without end, as BigInt's & already has it.
    const common = bits & mask;
    if (mode === 'allSet') return common === mask;
    if (mode === 'allClear') return common === 0n;
    return mode === 'anySet' ? common !== 0n : common !== mask;
  };
}
