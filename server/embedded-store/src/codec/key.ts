import { createHash } from 'node:crypto';
import { Decimal } from '../bson/decimal.js';
import { classOf } from '../bson/types.js';
import {
  type Binary,
  type Code,
  type DateTime,
  type DbPointer,
  type Doc,
  Int,
  type Maybe,
  type ObjectId,
  type Regex,
  SymbolValue,
  type Timestamp,
  type Value,
} from '../bson/values.js';
import { compareExact, exactOf, exactOfDouble, type NumberValue, nextDown } from './exact.js';

/**
 * Bytes whose plain order is MongoDB's order of the values, and which are equal exactly when the values are.
 * Each value is self-delimiting, so values can follow one another in a key and be inverted for a descending field.
 */
class KeyWriter {
  bytes = Buffer.allocUnsafe(1024);
  length = 0;

  reserve(size: number): number {
    const at = this.length;
    if (at + size > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(at + size, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, at);
      this.bytes = larger;
    }
    this.length = at + size;
    return at;
  }

  byte(value: number): void {
    const at = this.reserve(1);
    this.bytes[at] = value;
  }

  raw(source: Uint8Array): void {
    const at = this.reserve(source.length);
    this.bytes.set(source, at);
  }

  /** A zero byte becomes 00 FF and the end is 00 00, so that a shorter text sorts before any longer one. */
  text(text: string): void {
    const size = Buffer.byteLength(text);
    const at = this.reserve(size + 2);
    this.bytes.write(text, at);
    if (this.bytes.subarray(at, at + size).includes(0)) {
      this.length = at;
      for (const byte of Buffer.from(text)) {
        this.byte(byte);
        if (byte === 0) this.byte(0xff);
      }
      this.reserve(2);
    }
    this.bytes[this.length - 2] = 0;
    this.bytes[this.length - 1] = 0;
  }

  value(value: Maybe): void {
    const kind = classOf(value);
    this.byte(kind);
    switch (kind) {
      case 10:
        this.number(value as NumberValue);
        break;
      case 15:
        this.text(value instanceof SymbolValue ? value.text : (value as string));
        break;
      case 20:
        this.document(value as Doc);
        break;
      case 25:
        for (const element of value as Value[]) this.value(element);
        this.byte(0);
        break;
      case 30:
        this.binary(value as Binary);
        break;
      case 35:
        this.raw((value as ObjectId).bytes);
        break;
      case 40:
        this.byte(value === true ? 1 : 0);
        break;
      case 45:
        this.unsigned64(BigInt((value as DateTime).ms) + (1n << 63n));
        break;
      case 47:
        this.unsigned64((value as Timestamp).value);
        break;
      case 50:
        this.text((value as Regex).pattern);
        this.text((value as Regex).options);
        break;
      case 55:
        this.text((value as DbPointer).namespace);
        this.raw((value as DbPointer).id);
        break;
      case 60:
      case 65:
        this.text((value as Code).code);
        if ((value as Code).scope) this.document((value as Code).scope as Doc);
        break;
    }
  }

  private unsigned64(value: bigint): void {
    const at = this.reserve(8);
    this.bytes.writeBigUInt64BE(value, at);
  }

  private document(fields: Doc): void {
    for (const [name, value] of fields) {
      this.byte(classOf(value));
      this.text(name);
      const typeAt = this.length;
      this.value(value);
      // The type went before the name, as MongoDB compares; drop the second copy.
      this.bytes.copyWithin(typeAt, typeAt + 1, this.length);
      this.length -= 1;
    }
    this.byte(0);
  }

  private binary(value: Binary): void {
    const at = this.reserve(5);
    this.bytes.writeUInt32BE(value.bytes.length, at);
    this.bytes[at + 4] = value.subtype;
    this.raw(value.bytes);
  }

  /**
   * The greatest double not above the value, then 00 when it is the value, else 01 and the value in decimal:
   * between two neighbouring doubles there are only longs and decimals, which all have that form.
   */
  private number(value: NumberValue): void {
    const plain = value instanceof Int ? value.value : value;
    if (typeof plain === 'number') {
      this.double(plain);
      this.byte(0);
      return;
    }
    if (plain instanceof Decimal && plain.kind !== 'finite') {
      this.double(plain.toNumber());
      this.byte(0);
      return;
    }
    let nearest = plain instanceof Decimal ? plain.toNumber() : Number(plain);
    const exact = exactOf(plain);
    const side = Number.isFinite(nearest)
      ? compareExact(exactOfDouble(nearest), exact)
      : nearest > 0
        ? 1
        : -1;
    if (side > 0) nearest = nextDown(nearest);
    this.double(nearest);
    if (side === 0) {
      this.byte(0);
      return;
    }
    this.byte(1);
    this.decimalForm(exact.signed, exact.exponent);
  }

  private decimalForm(signed: bigint, exponent: number): void {
    const digits = (signed < 0n ? -signed : signed).toString();
    const start = this.reserve(2);
    this.bytes.writeUInt16BE(exponent + digits.length + 0x8000, start);
    this.raw(Buffer.from(digits.replace(/0+$/, '')));
    this.byte(0);
    if (signed < 0n)
      for (let at = start; at < this.length; at += 1) this.bytes[at] = ~(this.bytes[at] as number);
  }

  private double(value: number): void {
    const at = this.reserve(8);
    if (Number.isNaN(value)) {
      this.bytes.fill(0, at, at + 8);
      return;
    }
    this.bytes.writeDoubleBE(value === 0 ? 0 : value, at);
    if (value < 0) for (let i = at; i < at + 8; i += 1) this.bytes[i] = ~(this.bytes[i] as number);
    else this.bytes[at] = (this.bytes[at] as number) | 0x80;
  }
}

const writer = new KeyWriter();

export function encodeValue(value: Maybe): Buffer {
  writer.length = 0;
  writer.value(value);
  return Buffer.from(writer.bytes.subarray(0, writer.length));
}

/** Text equal for equal values of any numeric type: what groups, sets and distinct hash by. */
export function hashKey(value: Maybe): string {
  writer.length = 0;
  writer.value(value);
  return writer.bytes.toString('latin1', 0, writer.length);
}

export interface FieldKey {
  bytes: Buffer;
  /** The value was too long for a key: a prefix and a hash stand for it, which keep equality but not order. */
  truncated: boolean;
}

const hashBytes = 32;

export function encodeField(value: Maybe, descending: boolean, limit: number): FieldKey {
  const full = encodeValue(value);
  const truncated = full.length > limit;
  let bytes = full;
  if (truncated) {
    const digest = createHash('sha256').update(full).digest();
    bytes = Buffer.concat([full.subarray(0, limit - hashBytes), digest]);
  }
  if (descending) invert(bytes);
  return { bytes, truncated };
}

/** The part of a long value's key that keeps order, for range bounds. */
export function orderedPrefix(value: Maybe, descending: boolean, limit: number): FieldKey {
  const full = encodeValue(value);
  const truncated = full.length > limit;
  const bytes = truncated ? full.subarray(0, limit - hashBytes) : full;
  if (descending) invert(bytes);
  return { bytes, truncated };
}

export function invert(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = ~(bytes[at] as number);
}

/** The first key after every key that starts with these bytes; undefined when there is none. */
export function afterPrefix(prefix: Buffer): Buffer {
  let end = prefix.length;
  while (end > 0 && prefix[end - 1] === 0xff) end -= 1;
  if (end === 0) throw new Error('a key prefix of only FF bytes has no successor');
  const next = Buffer.from(prefix.subarray(0, end));
  next[end - 1] = (next[end - 1] as number) + 1;
  return next;
}
