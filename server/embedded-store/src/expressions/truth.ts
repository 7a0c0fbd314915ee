import { Decimal } from '../bson/decimal.js';
import { Int, type Maybe, Singleton } from '../bson/values.js';

/** MongoDB's truth: false, null, missing, undefined and zero are false; an empty string is true. */
export function truthy(value: Maybe): boolean {
  switch (typeof value) {
    case 'undefined':
      return false;
    case 'boolean':
      return value;
    case 'number':
      return value !== 0;
    case 'bigint':
      return value !== 0n;
  }
  if (value === null) return false;
  if (value instanceof Int) return value.value !== 0;
  if (value instanceof Decimal) return value.kind !== 'finite' || value.coefficient !== 0n;
  return !(value instanceof Singleton && value.kind === 'undefined');
}

export function isNullish(value: Maybe): value is null | undefined {
  return value === null || value === undefined || (value instanceof Singleton && value.kind === 'undefined');
}
