import {
  addDecimal,
  Decimal,
  decimalFromBigint,
  decimalFromNumber,
  multiplyDecimal,
  negateDecimal,
} from '../bson/decimal.js';
import { Int, int } from '../bson/values.js';
import type { NumberValue } from '../codec/exact.js';

const minLong = -(1n << 63n);
const maxLong = (1n << 63n) - 1n;
const minInt = -(2 ** 31);
const maxInt = 2 ** 31 - 1;

export function toDecimal(value: NumberValue): Decimal {
  if (value instanceof Decimal) return value;
  if (value instanceof Int) return decimalFromBigint(BigInt(value.value));
  return typeof value === 'bigint' ? decimalFromBigint(value) : decimalFromNumber(value);
}

export function toDouble(value: NumberValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Int ? value.value : value.toNumber();
}

function whole(value: Int | bigint): bigint {
  return value instanceof Int ? BigInt(value.value) : value;
}

export function fitsLong(value: bigint): boolean {
  return value >= minLong && value <= maxLong;
}

export function fitsInt(value: number): boolean {
  return value >= minInt && value <= maxInt;
}

/** The widest type wins: decimal, double, long, int; an int that overflows becomes a long. */
function combine(
  a: NumberValue,
  b: NumberValue,
  onDecimal: (a: Decimal, b: Decimal) => Decimal,
  onDouble: (a: number, b: number) => number,
  onWhole: (a: bigint, b: bigint) => bigint,
): NumberValue | undefined {
  if (a instanceof Decimal || b instanceof Decimal) return onDecimal(toDecimal(a), toDecimal(b));
  if (typeof a === 'number' || typeof b === 'number') return onDouble(toDouble(a), toDouble(b));
  if (a instanceof Int && b instanceof Int) {
    const result = onDouble(a.value, b.value);
    if (fitsInt(result)) return int(result === 0 ? 0 : result);
  }
  const result = onWhole(whole(a), whole(b));
  return fitsLong(result) ? result : undefined;
}

/** Undefined when a long overflows: updates refuse that, expressions go on as a double. */
export function add(a: NumberValue, b: NumberValue): NumberValue | undefined {
  return combine(
    a,
    b,
    addDecimal,
    (x, y) => x + y,
    (x, y) => x + y,
  );
}

export function subtract(a: NumberValue, b: NumberValue): NumberValue | undefined {
  return combine(
    a,
    b,
    (x, y) => addDecimal(x, negateDecimal(y)),
    (x, y) => x - y,
    (x, y) => x - y,
  );
}

export function multiply(a: NumberValue, b: NumberValue): NumberValue | undefined {
  return combine(
    a,
    b,
    multiplyDecimal,
    (x, y) => x * y,
    (x, y) => x * y,
  );
}
