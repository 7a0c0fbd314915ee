import { Decimal, divideDecimal } from '../bson/decimal.js';
import { typeName } from '../bson/types.js';
import { DateTime, Int, type Maybe } from '../bson/values.js';
import { isNumber, type NumberValue } from '../codec/exact.js';
import { CommandError } from '../errors.js';
import { roundTo } from './functions.js';
import { add, multiply, subtract, toDecimal, toDouble } from './numbers.js';
import { withArguments } from './operator.js';
import { isNullish } from './truth.js';
import type { OperatorCompiler } from './types.js';

function needNumber(value: Maybe, name: string): NumberValue {
  if (isNumber(value)) return value;
  throw new CommandError(14, `${name} only supports numeric types, not ${typeName(value)}`);
}

export function addValues(args: readonly Maybe[]): Maybe {
  let sum: NumberValue = new Int(0);
  let date: DateTime | undefined;
  for (const value of args) {
    if (isNullish(value)) return null;
    if (value instanceof DateTime) {
      if (date) throw new CommandError(16612, 'only one date allowed in an $add expression');
      date = dateAt(value.ms + milliseconds(sum));
    } else {
      if (!isNumber(value)) {
        throw new CommandError(14, `$add only supports numeric or date types, not ${typeName(value)}`);
      }
      // Before the date numbers are added as numbers, after it each as whole milliseconds.
      if (date) date = dateAt(date.ms + milliseconds(value));
      else sum = add(sum, value) ?? toDouble(sum) + toDouble(value);
    }
  }
  return date ?? sum;
}

/** A half is rounded away from zero, that of a decimal to the even neighbour. */
function milliseconds(value: NumberValue): number {
  const number = toDouble(value instanceof Decimal ? roundTo(value, 0, 'halfEven') : value);
  return Math.sign(number) * Math.round(Math.abs(number));
}

function dateAt(ms: number): DateTime {
  if (!Number.isSafeInteger(ms)) throw new CommandError(15, 'date overflow');
  return new DateTime(ms);
}

function subtractValues(a: Maybe, b: Maybe): Maybe {
  if (isNullish(a) || isNullish(b)) return null;
  if (a instanceof DateTime) {
    if (b instanceof DateTime) return BigInt(a.ms - b.ms);
    if (isNumber(b)) return dateAt(a.ms - milliseconds(b));
  }
  if (isNumber(a) && isNumber(b)) return subtract(a, b) ?? toDouble(a) - toDouble(b);
  throw new CommandError(16556, `can't $subtract ${typeName(b)} from ${typeName(a)}`);
}

function multiplyValues(args: readonly Maybe[]): Maybe {
  let product: NumberValue = new Int(1);
  // What a double is multiplied with was rounded at every step, not only where the double came in.
  let rounded = 1;
  for (const value of args) {
    if (isNullish(value)) return null;
    const factor = needNumber(value, '$multiply');
    rounded *= toDouble(factor);
    product = multiply(product, factor) ?? rounded;
    if (typeof product === 'number') product = rounded;
  }
  return product;
}

function divideValues(a: Maybe, b: Maybe): Maybe {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) {
    throw new CommandError(
      16609,
      `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`,
    );
  }
  if (toDouble(b) === 0) throw new CommandError(2, "can't $divide by zero");
  if (a instanceof Decimal || b instanceof Decimal) return divideDecimal(toDecimal(a), toDecimal(b));
  return toDouble(a) / toDouble(b);
}

export const arithmetic: Record<string, OperatorCompiler> = {
  $add: withArguments(0, Number.MAX_SAFE_INTEGER, addValues),
  $subtract: withArguments(2, 2, ([a, b]) => subtractValues(a, b)),
  $multiply: withArguments(0, Number.MAX_SAFE_INTEGER, multiplyValues),
  $divide: withArguments(2, 2, ([a, b]) => divideValues(a, b)),
};
