import { addDecimal, Decimal, divideDecimal, makeDecimal } from '../bson/decimal.js';
import { typeName } from '../bson/types.js';
import { Int, int, isDoc, type Maybe, type Value } from '../bson/values.js';
import { exactOfDouble, isNumber, type NumberValue } from '../codec/exact.js';
import { CommandError } from '../errors.js';
import { fitsInt, fitsLong, toDecimal, toDouble } from '../expressions/numbers.js';
import type { Expression } from '../expressions/types.js';

const widths = { int: 0, long: 1, double: 2, decimal: 3 } as const;

/**
 * The widest type that was added decides what the sum is: ints and longs are added exactly, with a long beyond the
 * int and a double beyond the long; doubles as an unevaluated pair (2Sum), so that many small amounts do not drift.
 */
export class Sum {
  private width = 0;
  private whole = 0n;
  private high = 0;
  private low = 0;
  private plain = 0;
  private decimal = toDecimal(int(0));

  add(value: Maybe): void {
    if (!isNumber(value)) return;
    this.width = Math.max(this.width, widths[typeName(value) as keyof typeof widths]);
    if (value instanceof Decimal) this.decimal = addDecimal(this.decimal, value);
    else if (typeof value === 'number') this.addDouble(value);
    else if (value instanceof Int) this.addWhole(BigInt(value.value));
    else this.addWhole(value);
  }

  private addWhole(value: bigint): void {
    this.whole += value;
    // Two halves that a double holds exactly.
    const upper = (value / (1n << 32n)) * (1n << 32n);
    this.addDouble(Number(value - upper));
    this.addDouble(Number(upper));
  }

  private addDouble(value: number): void {
    this.plain += value;
    const near = value + this.low;
    const rest = this.low - (near - value);
    const sum = this.high + near;
    const left = sum - near;
    this.low = rest + (this.high - left + (near - (sum - left)));
    this.high = sum;
  }

  private double(): number {
    return Number.isNaN(this.high) ? this.plain : this.high;
  }

  result(): NumberValue {
    if (this.width === widths.decimal) {
      const [high, low] = Number.isFinite(this.high) ? [this.high, this.low] : [this.plain, 0];
      return addDecimal(this.decimal, addDecimal(exactDecimal(high), exactDecimal(low)));
    }
    if (this.width === widths.double || !fitsLong(this.whole)) return this.double();
    const number = Number(this.whole);
    return this.width === widths.int && fitsInt(number) ? int(number) : this.whole;
  }
}

/** A double with all the digits a decimal can hold. */
function exactDecimal(value: number): Decimal {
  if (!Number.isFinite(value)) return toDecimal(value);
  let { signed, exponent } = exactOfDouble(value);
  for (; exponent < 0 && signed % 10n === 0n; exponent += 1) signed /= 10n;
  return makeDecimal(signed, exponent);
}

export function average(total: NumberValue, count: number): Value {
  if (count === 0) return null;
  if (total instanceof Decimal) return divideDecimal(total, toDecimal(int(count)));
  return toDouble(total) / count;
}

/** The value at rank ceil(p * n): always one that occurs, as MongoDB's approximate method gives. */
export function percentile(values: NumberValue[], p: number): Value {
  const numbers = values.map(toDouble).filter((value) => !Number.isNaN(value));
  if (numbers.length === 0) return null;
  numbers.sort((a, b) => a - b);
  return numbers[Math.max(0, Math.ceil(p * numbers.length) - 1)] as number;
}

export function percentileOperands(
  operand: Value,
  compile: (value: Value) => Expression,
  median: boolean,
  name: string,
): { input: Expression; wanted: number[] } {
  if (!isDoc(operand)) throw new CommandError(7429703, `${name} specification must be an object`);
  for (const key of operand.keys()) {
    if (!['input', 'method', ...(median ? [] : ['p'])].includes(key)) {
      throw new CommandError(40415, `BSON field '${name}.${key}' is an unknown field.`);
    }
  }
  if (operand.get('method') !== 'approximate')
    throw new CommandError(2, "Currently only 'approximate' can be used as percentile 'method'.");
  const input = operand.get('input');
  if (input === undefined)
    throw new CommandError(40414, `BSON field '${name}.input' is missing but a required field`);
  const list = median ? [0.5] : operand.get('p');
  if (!Array.isArray(list) || list.length === 0)
    throw new CommandError(7750300, `The ${name} 'p' field must be a non-empty array`);
  const wanted = list.map((entry) => {
    const p = isNumber(entry) ? toDouble(entry) : Number.NaN;
    if (!(p >= 0 && p <= 1))
      throw new CommandError(7750303, `The ${name} 'p' field must hold numbers between 0 and 1`);
    return p;
  });
  return { input: compile(input), wanted };
}
