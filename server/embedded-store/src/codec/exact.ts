import { Decimal } from '../bson/decimal.js';
import { Int, type Value } from '../bson/values.js';

export type NumberValue = number | bigint | Int | Decimal;

export function isNumber(value: Value | undefined): value is NumberValue {
  return (
    typeof value === 'number' || typeof value === 'bigint' || value instanceof Int || value instanceof Decimal
  );
}

/** An exact decimal: signed * 10^exponent. Every finite double has one. */
export interface Exact {
  signed: bigint;
  exponent: number;
}

const view = new DataView(new ArrayBuffer(8));

export function exactOfDouble(value: number): Exact {
  if (Number.isInteger(value)) return { signed: BigInt(value), exponent: 0 };
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const rawExponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = rawExponent === 0 ? fraction : fraction | 0x10000000000000n;
  // A non-integer has a negative power of two, and m / 2^k is m * 5^k / 10^k.
  const power = (rawExponent === 0 ? 1 : rawExponent) - 1075;
  const signed = mantissa * 5n ** BigInt(-power);
  return { signed: value < 0 ? -signed : signed, exponent: power };
}

export function exactOf(value: NumberValue): Exact {
  if (value instanceof Int) return { signed: BigInt(value.value), exponent: 0 };
  if (typeof value === 'bigint') return { signed: value, exponent: 0 };
  if (typeof value === 'number') return exactOfDouble(value);
  return { signed: value.signed, exponent: value.exponent };
}

export function compareExact(a: Exact, b: Exact): number {
  const signA = a.signed > 0n ? 1 : a.signed < 0n ? -1 : 0;
  const signB = b.signed > 0n ? 1 : b.signed < 0n ? -1 : 0;
  if (signA !== signB) return signA < signB ? -1 : 1;
  if (signA === 0) return 0;
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.signed * 10n ** BigInt(a.exponent - exponent);
  const right = b.signed * 10n ** BigInt(b.exponent - exponent);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Next double toward minus infinity. */
export function nextDown(value: number): number {
  if (value === Infinity) return Number.MAX_VALUE;
  if (value === 0) return -Number.MIN_VALUE;
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  view.setBigUint64(0, value > 0 ? bits - 1n : bits + 1n);
  return view.getFloat64(0);
}

/** The order MongoDB gives numbers of any type: NaN first, then by exact value. */
export function compareNumbers(a: NumberValue, b: NumberValue): number {
  const left = a instanceof Int ? a.value : a;
  const right = b instanceof Int ? b.value : b;
  if (!(left instanceof Decimal) && !(right instanceof Decimal)) {
    // JavaScript compares a bigint with a number exactly.
    if (left < right) return -1;
    if (left > right) return 1;
    const leftNaN = Number.isNaN(left);
    return leftNaN === Number.isNaN(right) ? 0 : leftNaN ? -1 : 1;
  }
  const special = compareSpecial(toDouble(left), toDouble(right), left, right);
  return special ?? compareExact(exactOf(left), exactOf(right));
}

function toDouble(value: number | bigint | Decimal): number {
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' ? Number(value) : value.toNumber();
}

function isFiniteNumber(value: number | bigint | Decimal): boolean {
  if (value instanceof Decimal) return value.kind === 'finite';
  return typeof value === 'bigint' || Number.isFinite(value);
}

function compareSpecial(
  a: number,
  b: number,
  left: number | bigint | Decimal,
  right: number | bigint | Decimal,
): number | undefined {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : 1;
  if (isFiniteNumber(left) && isFiniteNumber(right)) {
    // Far apart: the doubles decide. Close: only exact arithmetic does.
    if (Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) > Math.abs(a) * 1e-12 + 1e-300) {
      return a < b ? -1 : 1;
    }
    return undefined;
  }
  const rankA = isFiniteNumber(left) ? 0 : a < 0 ? -1 : 1;
  const rankB = isFiniteNumber(right) ? 0 : b < 0 ? -1 : 1;
  return rankA === rankB ? 0 : rankA < rankB ? -1 : 1;
}

export function plainNumber(value: NumberValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return 'value' in value ? value.value : value.toNumber();
}
