import { isUtf8 } from 'node:buffer';
import { CommandError, codes } from '../errors.js';
import { decimalFromBytes } from './decimal.js';
import {
  Binary,
  bsonUndefined,
  Code,
  DateTime,
  DbPointer,
  type Doc,
  int,
  maxKey,
  minKey,
  ObjectId,
  Regex,
  SymbolValue,
  Timestamp,
  type Value,
} from './values.js';

/** Of a message, as in MongoDB; a deeper one is refused, not recursed into. What is stored is less deep (write.ts). */
const maxDepth = 200;

function invalid(reason: string): CommandError {
  return new CommandError(codes.invalidBson, `Invalid BSON: ${reason}`);
}

function documentEnd(buffer: Buffer, offset: number, limit: number): number {
  if (offset + 5 > limit) throw invalid('truncated document');
  const size = buffer.readInt32LE(offset);
  const end = offset + size;
  if (size < 5 || end > limit) throw invalid('document length');
  if (buffer[end - 1] !== 0) throw invalid('document terminator');
  return end;
}

/** Decode one document; `only` limits it to some top-level fields, which is what makes a scan cheap. */
export function readDocument(buffer: Buffer, offset = 0, only?: ReadonlySet<string>): Doc {
  return only ? readSome(buffer, offset, only) : readFields(buffer, offset, buffer.length, 0);
}

function readFields(buffer: Buffer, offset: number, limit: number, depth: number): Doc {
  if (depth > maxDepth) throw new CommandError(codes.overflow, 'Document exceeds the maximum nesting depth');
  const end = documentEnd(buffer, offset, limit) - 1;
  const result: Doc = new Map();
  let fields = 0;
  let at = offset + 4;
  while (at < end) {
    fields += 1;
    const type = buffer[at] as number;
    const nameEnd = zeroFrom(buffer, at + 1, end);
    const name = readText(buffer, at + 1, nameEnd);
    at = nameEnd + 1;
    const next = at + valueSize(buffer, at, type, end);
    if (next > end) throw invalid('value past the end of its document');
    result.set(name, readValue(buffer, at, type, next, depth));
    at = next;
  }
  if (at !== end) throw invalid('document length does not match its contents');
  // MongoDB keeps both; one of them would be lost here.
  if (fields !== result.size) throw invalid('a field name occurs twice');
  return result;
}

interface WantedName {
  name: string;
  bytes: Buffer;
}

const wantedNames = new WeakMap<ReadonlySet<string>, WantedName[]>();

/** Names are compared as bytes and every other value is stepped over: a scan pays only for what it reads. */
function readSome(buffer: Buffer, offset: number, only: ReadonlySet<string>): Doc {
  let wanted = wantedNames.get(only);
  if (!wanted) {
    wanted = [...only].map((name) => ({ name, bytes: Buffer.from(name) }));
    wantedNames.set(only, wanted);
  }
  const end = documentEnd(buffer, offset, buffer.length) - 1;
  const result: Doc = new Map();
  let missing = wanted.length;
  let at = offset + 4;
  while (at < end && missing > 0) {
    const type = buffer[at] as number;
    const nameStart = at + 1;
    at = zeroFrom(buffer, nameStart, end) + 1;
    const next = at + valueSize(buffer, at, type, end);
    if (next > end) throw invalid('value past the end of its document');
    const length = at - 1 - nameStart;
    for (const { name, bytes } of wanted) {
      if (bytes.length !== length || !sameBytes(buffer, nameStart, bytes)) continue;
      result.set(name, readValue(buffer, at, type, next, 0));
      missing -= 1;
      break;
    }
    at = next;
  }
  return result;
}

function sameBytes(buffer: Buffer, start: number, bytes: Buffer): boolean {
  for (let index = 0; index < bytes.length; index += 1)
    if (buffer[start + index] !== bytes[index]) return false;
  return true;
}

function readArray(buffer: Buffer, offset: number, limit: number, depth: number): Value[] {
  if (depth > maxDepth) throw new CommandError(codes.overflow, 'Document exceeds the maximum nesting depth');
  const end = documentEnd(buffer, offset, limit) - 1;
  const result: Value[] = [];
  let at = offset + 4;
  while (at < end) {
    const type = buffer[at] as number;
    at = zeroFrom(buffer, at + 1, end) + 1;
    const next = at + valueSize(buffer, at, type, end);
    if (next > end) throw invalid('value past the end of its array');
    result.push(readValue(buffer, at, type, next, depth));
    at = next;
  }
  return result;
}

function zeroFrom(buffer: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && buffer[at] !== 0) at += 1;
  if (at >= end) throw invalid('unterminated name');
  return at;
}

/** Short ASCII, which field names and most values are, is faster by hand than through the native decoder. */
function readText(buffer: Buffer, start: number, end: number): string {
  if (end - start < 24) {
    let text = '';
    for (let at = start; at < end; at += 1) {
      const byte = buffer[at] as number;
      if (byte > 127) return readUtf8(buffer, start, end);
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return readUtf8(buffer, start, end);
}

/** MongoDB would store other bytes as they are; here they would come back as others. */
function readUtf8(buffer: Buffer, start: number, end: number): string {
  const text = buffer.toString('utf8', start, end);
  if (text.includes('\ufffd') && !isUtf8(Uint8Array.prototype.subarray.call(buffer, start, end)))
    throw invalid('text that is not UTF-8');
  return text;
}

function stringSize(buffer: Buffer, at: number, end: number): number {
  if (at + 5 > end) throw invalid('truncated string');
  const size = buffer.readInt32LE(at);
  if (size < 1 || at + 4 + size > end || buffer[at + 3 + size] !== 0) throw invalid('string length');
  return 4 + size;
}

function valueSize(buffer: Buffer, at: number, type: number, end: number): number {
  switch (type) {
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
      return 8;
    case 0x02:
    case 0x0d:
    case 0x0e:
      return stringSize(buffer, at, end);
    case 0x03:
    case 0x04:
    case 0x0f:
      if (at + 5 > end) throw invalid('truncated document');
      if (buffer.readInt32LE(at) < 5) throw invalid('document length');
      return buffer.readInt32LE(at);
    case 0x05: {
      if (at + 5 > end) throw invalid('truncated binary');
      const size = buffer.readInt32LE(at);
      if (size < 0) throw invalid('binary length');
      return 5 + size;
    }
    case 0x06:
    case 0x0a:
    case 0x7f:
    case 0xff:
      return 0;
    case 0x07:
      return 12;
    case 0x08:
      return 1;
    case 0x0b:
      return zeroFrom(buffer, zeroFrom(buffer, at, end) + 1, end) + 1 - at;
    case 0x0c:
      return stringSize(buffer, at, end) + 12;
    case 0x10:
      return 4;
    case 0x13:
      return 16;
    default:
      throw invalid(`unknown type ${type}`);
  }
}

function readValue(buffer: Buffer, at: number, type: number, end: number, depth: number): Value {
  switch (type) {
    case 0x01:
      return buffer.readDoubleLE(at);
    case 0x02:
      return readText(buffer, at + 4, end - 1);
    case 0x03:
      return readFields(buffer, at, end, depth + 1);
    case 0x04:
      return readArray(buffer, at, end, depth + 1);
    case 0x05:
      return readBinary(buffer, at, end);
    case 0x06:
      return bsonUndefined;
    case 0x07:
      return new ObjectId(Uint8Array.prototype.slice.call(buffer, at, at + 12));
    case 0x08:
      if ((buffer[at] as number) > 1) throw invalid('boolean');
      return buffer[at] === 1;
    case 0x09:
      return readDate(buffer.readBigInt64LE(at));
    case 0x0a:
      return null;
    case 0x0b: {
      const middle = zeroFrom(buffer, at, end);
      return new Regex(readUtf8(buffer, at, middle), readUtf8(buffer, middle + 1, end - 1));
    }
    case 0x0c:
      return new DbPointer(
        readText(buffer, at + 4, end - 13),
        Uint8Array.prototype.slice.call(buffer, end - 12, end),
      );
    case 0x0d:
      return new Code(readText(buffer, at + 4, end - 1));
    case 0x0e:
      return new SymbolValue(readText(buffer, at + 4, end - 1));
    case 0x0f: {
      const size = stringSize(buffer, at + 4, end);
      const code = readText(buffer, at + 8, at + 4 + size - 1);
      return new Code(code, readFields(buffer, at + 4 + size, end, depth + 1));
    }
    case 0x10:
      return int(buffer.readInt32LE(at));
    case 0x11:
      return new Timestamp(buffer.readBigUInt64LE(at));
    case 0x12:
      return buffer.readBigInt64LE(at);
    case 0x13:
      return decimalFromBytes(buffer, at);
    case 0x7f:
      return maxKey;
    default:
      return minKey;
  }
}

function readBinary(buffer: Buffer, at: number, end: number): Binary {
  const subtype = buffer[at + 4] as number;
  return new Binary(subtype, Uint8Array.prototype.slice.call(buffer, at + 5, end));
}

/** JavaScript holds every millisecond of 285,000 years exactly; a date beyond is refused rather than rounded. */
function readDate(ms: bigint): DateTime {
  const value = Number(ms);
  if (!Number.isSafeInteger(value)) throw new CommandError(codes.badValue, 'Date out of range');
  return new DateTime(value);
}
