import { Decimal, divideDecimal } from '../bson/decimal.js';
import { int, isDoc, type Maybe, type Value } from '../bson/values.js';
import { isNumber, type NumberValue } from '../codec/exact.js';
import { CommandError } from '../errors.js';
import { add, toDecimal, toDouble } from '../expressions/numbers.js';
import type { Expression } from '../expressions/types.js';

/**
 * A sum that stays an int or a long as long as it fits and becomes a double beyond. Doubles are added with
 * compensation, so that many small amounts do not drift.
 */
export class Sum {
  private exact: NumberValue = int(0);
  private double = 0;
  private lost = 0;
  private hasDouble = false;

  add(value: Maybe): void {
    if (typeof value === 'number') {
      this.hasDouble = true;
      this.compensated(value);
    } else if (isNumber(value)) {
      const next = add(this.exact, value);
      if (next === undefined) {
        this.hasDouble = true;
        this.compensated(toDouble(this.exact));
        this.exact = value;
      } else this.exact = next;
    }
  }

  private compensated(value: number): void {
    const next = this.double + value;
    if (Number.isFinite(next)) {
      this.lost +=
        Math.abs(this.double) >= Math.abs(value) ? this.double - next + value : value - next + this.double;
    }
    this.double = next;
  }

  result(): NumberValue {
    if (!this.hasDouble) return this.exact;
    const double = this.double + this.lost;
    return this.exact instanceof Decimal
      ? (add(this.exact, double) as NumberValue)
      : double + toDouble(this.exact);
  }
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
