import type { Decimal } from './decimal.js';

/**
 * Typed BSON in memory. JavaScript's own types stand for exactly one BSON type each: number is a double,
 * bigint is a 64-bit long, so int, long, double and decimal never blur. A document is a Map because a
 * JavaScript object reorders keys that look like integers.
 */
export type Value =
  | null
  | boolean
  | string
  | number
  | bigint
  | Int
  | Decimal
  | DateTime
  | ObjectId
  | Binary
  | Regex
  | Timestamp
  | Code
  | Singleton
  | SymbolValue
  | DbPointer
  | RawDocument
  | Doc
  | Value[];

/** A value, or nothing at all at that path. */
export type Maybe = Value | undefined;

export type Doc = Map<string, Value>;

export class Int {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

const smallInts = Array.from({ length: 1280 }, (_, index) => new Int(index - 256));

export function int(value: number): Int {
  return smallInts[value + 256] ?? new Int(value);
}

export class DateTime {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
}

let objectIdCounter = Math.floor(Math.random() * 0xffffff);
const processRandom = crypto.getRandomValues(new Uint8Array(5));

export class ObjectId {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  toHex(): string {
    return Buffer.from(this.bytes).toString('hex');
  }
  static generate(): ObjectId {
    const bytes = new Uint8Array(12);
    new DataView(bytes.buffer).setUint32(0, Math.floor(Date.now() / 1000));
    bytes.set(processRandom, 4);
    objectIdCounter = (objectIdCounter + 1) & 0xffffff;
    bytes[9] = objectIdCounter >>> 16;
    bytes[10] = (objectIdCounter >>> 8) & 0xff;
    bytes[11] = objectIdCounter & 0xff;
    return new ObjectId(bytes);
  }
}

export class Binary {
  readonly subtype: number;
  readonly bytes: Uint8Array;
  constructor(subtype: number, bytes: Uint8Array) {
    this.subtype = subtype;
    this.bytes = bytes;
  }
}

export class Regex {
  readonly pattern: string;
  readonly options: string;
  constructor(pattern: string, options: string) {
    this.pattern = pattern;
    this.options = options;
  }
}

/** Unsigned 64 bits: seconds in the high half, an ordinal in the low half. */
export class Timestamp {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

export class Code {
  readonly code: string;
  readonly scope: Doc | undefined;
  constructor(code: string, scope?: Doc) {
    this.code = code;
    this.scope = scope;
  }
}

export class SymbolValue {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export class DbPointer {
  readonly namespace: string;
  readonly id: Uint8Array;
  constructor(namespace: string, id: Uint8Array) {
    this.namespace = namespace;
    this.id = id;
  }
}

export class Singleton {
  readonly kind: 'minKey' | 'maxKey' | 'undefined';
  constructor(kind: 'minKey' | 'maxKey' | 'undefined') {
    this.kind = kind;
  }
}
export const minKey = new Singleton('minKey');
export const maxKey = new Singleton('maxKey');
/** BSON's deprecated type 6; not the same as a missing field, which is JavaScript's undefined. */
export const bsonUndefined = new Singleton('undefined');

/** A stored document passed on to a reply byte for byte. */
export class RawDocument {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

export function isDoc(value: Maybe): value is Doc {
  return value instanceof Map;
}

/** Build a document from a plain record written in code; plain numbers must already be Int, number or bigint. */
export function doc(fields: Record<string, Maybe>): Doc {
  const result: Doc = new Map();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) result.set(name, value);
  return result;
}

export function cloneValue(value: Value): Value {
  if (Array.isArray(value)) return value.map(cloneValue);
  if (value instanceof Map) return cloneDoc(value);
  return value;
}

export function cloneDoc(source: Doc): Doc {
  const copy: Doc = new Map();
  for (const [name, value] of source) copy.set(name, cloneValue(value));
  return copy;
}
