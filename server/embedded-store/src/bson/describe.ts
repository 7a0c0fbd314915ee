import { Decimal } from './decimal.js';
import { typeName } from './types.js';
import { DateTime, Int, type Maybe, ObjectId, Regex } from './values.js';

/** A value as MongoDB's messages show it. */
export function describeValue(value: Maybe): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isInteger(value) ? value.toFixed(1) : String(value);
  if (value instanceof Int) return String(value.value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof ObjectId) return `ObjectId('${value.toHex()}')`;
  if (value instanceof DateTime) return `new Date(${value.ms})`;
  if (value instanceof Decimal) return value.toString();
  if (value instanceof Regex) return `/${value.pattern}/${value.options}`;
  if (Array.isArray(value)) return `[ ${value.map(describeValue).join(', ')} ]`;
  if (value instanceof Map) {
    return `{ ${[...value].map(([name, inner]) => `${name}: ${describeValue(inner)}`).join(', ')} }`;
  }
  return typeName(value);
}
