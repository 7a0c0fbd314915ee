import type { Decimal } from '../bson/decimal.js';
import { classOf, typeName, typeOrder } from '../bson/types.js';
import {
  type Binary,
  type Code,
  type DateTime,
  type DbPointer,
  type Doc,
  type Int,
  type Maybe,
  type ObjectId,
  type Regex,
  SymbolValue,
  type Timestamp,
  type Value,
} from '../bson/values.js';
import { compareNumbers } from './exact.js';

/** MongoDB's total order over BSON values of any type. A missing value sorts with undefined, below null. */
export function compareValues(a: Maybe, b: Maybe): number {
  if (a === b && typeof a !== 'number') return 0;
  const classA = classOf(a);
  const classB = classOf(b);
  if (classA !== classB) return classA < classB ? -1 : 1;
  switch (classA) {
    case 10:
      return compareNumbers(a as number | bigint | Int | Decimal, b as number | bigint | Int | Decimal);
    case 15:
      return compareStrings(textOf(a as string | SymbolValue), textOf(b as string | SymbolValue));
    case 20:
      return compareDocs(a as Doc, b as Doc);
    case 25:
      return compareArrays(a as Value[], b as Value[]);
    case 30: {
      const left = a as Binary;
      const right = b as Binary;
      return (
        left.bytes.length - right.bytes.length ||
        left.subtype - right.subtype ||
        Buffer.compare(left.bytes, right.bytes)
      );
    }
    case 35:
      return Buffer.compare((a as ObjectId).bytes, (b as ObjectId).bytes);
    case 40:
      return a === b ? 0 : a === false ? -1 : 1;
    case 45:
      return order((a as DateTime).ms, (b as DateTime).ms);
    case 47:
      return order((a as Timestamp).value, (b as Timestamp).value);
    case 50:
      return (
        compareStrings((a as Regex).pattern, (b as Regex).pattern) ||
        compareStrings((a as Regex).options, (b as Regex).options)
      );
    case 55:
      return (
        compareStrings((a as DbPointer).namespace, (b as DbPointer).namespace) ||
        Buffer.compare((a as DbPointer).id, (b as DbPointer).id)
      );
    case 60:
    case 65: {
      const left = a as Code;
      const right = b as Code;
      const byCode = compareStrings(left.code, right.code);
      return byCode || (left.scope && right.scope ? compareDocs(left.scope, right.scope) : 0);
    }
    default:
      // minKey, undefined or missing, null, maxKey: one value each.
      return 0;
  }
}

export function equalValues(a: Maybe, b: Maybe): boolean {
  return compareValues(a, b) === 0;
}

/** Same type and same bytes on disk: what decides whether an update changed anything. */
export function identicalValues(a: Maybe, b: Maybe): boolean {
  // 0 and -0 are equal, but not the same bytes.
  if (typeof a === 'number') return Object.is(a, b);
  if (a === b) return true;
  if (a === undefined || b === undefined || typeName(a) !== typeName(b)) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, index) => identicalValues(value, b[index]));
  }
  if (a instanceof Map && b instanceof Map) {
    if (a.size !== b.size) return false;
    const right = b.entries();
    for (const [name, value] of a) {
      const pair = right.next().value as [string, Value];
      if (pair[0] !== name || !identicalValues(value, pair[1])) return false;
    }
    return true;
  }
  if (typeName(a) === 'decimal') return String(a) === String(b);
  return compareValues(a, b) === 0;
}

function order<T extends number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function textOf(value: string | SymbolValue): string {
  return value instanceof SymbolValue ? value.text : value;
}

/** By UTF-8 bytes, as MongoDB does: JavaScript's UTF-16 order differs beyond the basic plane. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    if (left >= 0xd800 || right >= 0xd800) return Buffer.compare(Buffer.from(a), Buffer.from(b));
    return left < right ? -1 : 1;
  }
  return a.length < b.length ? -1 : 1;
}

function compareDocs(a: Doc, b: Doc): number {
  const right = b.entries();
  for (const [name, value] of a) {
    const pair = right.next().value as [string, Value] | undefined;
    if (!pair) return 1;
    const classA = typeOrder[typeName(value)];
    const classB = typeOrder[typeName(pair[1])];
    if (classA !== classB) return classA < classB ? -1 : 1;
    const byName = compareStrings(name, pair[0]);
    if (byName !== 0) return byName;
    const byValue = compareValues(value, pair[1]);
    if (byValue !== 0) return byValue;
  }
  return right.next().done ? 0 : -1;
}

function compareArrays(a: Value[], b: Value[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const result = compareValues(a[index], b[index]);
    if (result !== 0) return result;
  }
  return a.length - b.length;
}
