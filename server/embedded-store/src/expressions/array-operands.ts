import { typeName } from '../bson/types.js';
import type { Maybe, Value } from '../bson/values.js';
import { isNumber } from '../codec/exact.js';
import { CommandError } from '../errors.js';
import { fitsInt, toDouble } from './numbers.js';

export function needArray(value: Maybe, name: string, code: number): Value[] {
  if (Array.isArray(value)) return value;
  throw new CommandError(
    code,
    `The argument to ${name} must be an array, but was of type: ${typeName(value)}`,
  );
}

export function wholeNumber(value: Maybe, name: string): number {
  const number = isNumber(value) ? toDouble(value) : Number.NaN;
  if (!Number.isInteger(number) || !fitsInt(number)) {
    throw new CommandError(
      28691,
      `${name}'s argument must be representable as a 32-bit integer: ${typeName(value)}`,
    );
  }
  return number;
}
