import { Decimal } from './decimal.js';
import {
  Binary,
  Code,
  DateTime,
  DbPointer,
  Int,
  type Maybe,
  ObjectId,
  Regex,
  Singleton,
  SymbolValue,
  Timestamp,
} from './values.js';

export type TypeName =
  | 'double'
  | 'string'
  | 'object'
  | 'array'
  | 'binData'
  | 'undefined'
  | 'objectId'
  | 'bool'
  | 'date'
  | 'null'
  | 'regex'
  | 'dbPointer'
  | 'javascript'
  | 'symbol'
  | 'javascriptWithScope'
  | 'int'
  | 'timestamp'
  | 'long'
  | 'decimal'
  | 'minKey'
  | 'maxKey'
  | 'missing';

/** BSON type numbers as $type takes them. */
export const typeNumbers: Record<Exclude<TypeName, 'missing'>, number> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};

export function typeName(value: Maybe): TypeName {
  switch (typeof value) {
    case 'undefined':
      return 'missing';
    case 'string':
      return 'string';
    case 'number':
      return 'double';
    case 'bigint':
      return 'long';
    case 'boolean':
      return 'bool';
  }
  if (value === null) return 'null';
  if (value instanceof Map) return 'object';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Int) return 'int';
  if (value instanceof DateTime) return 'date';
  if (value instanceof ObjectId) return 'objectId';
  if (value instanceof Decimal) return 'decimal';
  if (value instanceof Binary) return 'binData';
  if (value instanceof Regex) return 'regex';
  if (value instanceof Timestamp) return 'timestamp';
  if (value instanceof Singleton) return value.kind;
  if (value instanceof Code) return value.scope ? 'javascriptWithScope' : 'javascript';
  if (value instanceof SymbolValue) return 'symbol';
  if (value instanceof DbPointer) return 'dbPointer';
  return 'object';
}

/** MongoDB's comparison order of types; int, long, double and decimal are one class, so are string and symbol. */
export const typeOrder: Record<TypeName, number> = {
  minKey: 1,
  missing: 2,
  undefined: 2,
  null: 5,
  int: 10,
  long: 10,
  double: 10,
  decimal: 10,
  string: 15,
  symbol: 15,
  object: 20,
  array: 25,
  binData: 30,
  objectId: 35,
  bool: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  dbPointer: 55,
  javascript: 60,
  javascriptWithScope: 65,
  maxKey: 127,
};

export function classOf(value: Maybe): number {
  switch (typeof value) {
    case 'string':
      return 15;
    case 'number':
    case 'bigint':
      return 10;
    case 'boolean':
      return 40;
    default:
      return value instanceof Int ? 10 : typeOrder[typeName(value)];
  }
}
