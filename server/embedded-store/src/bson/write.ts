import { CommandError, codes } from '../errors.js';
import { Decimal, decimalToBytes } from './decimal.js';
import {
  Binary,
  Code,
  DateTime,
  DbPointer,
  type Doc,
  Int,
  ObjectId,
  RawDocument,
  Regex,
  type Singleton,
  SymbolValue,
  Timestamp,
  type Value,
} from './values.js';

export const maxDocumentBytes = 16 * 1024 * 1024;
/** What is stored must be read again inside a reply, so it may not be as deep as one. */
export const maxStoredDepth = 180;
const maxReplyDepth = 200;

/** Grows by doubling and is kept between messages: a reply costs one copy. */
export class BsonWriter {
  private buffer = Buffer.allocUnsafe(16 * 1024);
  private length = 0;
  private depth = 0;
  private maxDepth = maxReplyDepth;

  /** The encoded bytes, copied out, behind as much room as their head will take. */
  static encode(document: Doc, room: number, maxDepth: number): Buffer {
    const writer = shared;
    writer.length = room;
    writer.depth = 0;
    writer.maxDepth = maxDepth;
    writer.document(document);
    const bytes = Buffer.allocUnsafeSlow(writer.length);
    writer.buffer.copy(bytes, 0, 0, writer.length);
    // One huge reply must not pin its buffer for ever.
    if (writer.buffer.length > 4 * 1024 * 1024) writer.buffer = Buffer.allocUnsafe(16 * 1024);
    return bytes;
  }

  private reserve(bytes: number): number {
    const at = this.length;
    const needed = at + bytes;
    if (needed > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
      this.buffer.copy(larger, 0, 0, at);
      this.buffer = larger;
    }
    this.length = needed;
    return at;
  }

  private document(fields: Doc): void {
    const start = this.open();
    for (const [name, value] of fields) this.element(name, value);
    this.finish(start);
  }

  private open(): number {
    if (this.depth > this.maxDepth)
      throw new CommandError(codes.overflow, 'Document exceeds maximum nesting depth');
    this.depth += 1;
    return this.reserve(4);
  }

  private finish(start: number): void {
    this.depth -= 1;
    // The place first, then the buffer: reserving may replace it.
    const at = this.reserve(1);
    this.buffer[at] = 0;
    this.buffer.writeInt32LE(this.length - start, start);
  }

  private element(name: string, value: Value): void {
    const typeAt = this.reserve(1);
    this.cString(name);
    // Writing the value may move the buffer: it must be looked at again only afterwards.
    const type = this.value(value);
    this.buffer[typeAt] = type;
  }

  private cString(text: string): void {
    const length = text.length;
    if (length < 64) {
      const at = this.reserve(length + 1);
      for (let index = 0; index < length; index += 1) {
        const unit = text.charCodeAt(index);
        if (unit > 127 || unit === 0) {
          this.length = at;
          this.longCString(text);
          return;
        }
        this.buffer[at + index] = unit;
      }
      this.buffer[at + length] = 0;
      return;
    }
    this.longCString(text);
  }

  private longCString(text: string): void {
    if (text.includes('\0'))
      throw new CommandError(codes.badValue, 'A key or pattern may not contain a null byte');
    const size = Buffer.byteLength(text);
    const at = this.reserve(size + 1);
    this.buffer.write(text, at);
    this.buffer[at + size] = 0;
  }

  private string(text: string): void {
    const size = Buffer.byteLength(text);
    const at = this.reserve(size + 5);
    this.buffer.writeInt32LE(size + 1, at);
    this.buffer.write(text, at + 4);
    this.buffer[at + 4 + size] = 0;
  }

  private bytes(source: Uint8Array): void {
    const at = this.reserve(source.length);
    this.buffer.set(source, at);
  }

  private value(value: Value): number {
    switch (typeof value) {
      case 'string':
        this.string(value);
        return 0x02;
      case 'number': {
        const at = this.reserve(8);
        this.buffer.writeDoubleLE(value, at);
        return 0x01;
      }
      case 'boolean': {
        const at = this.reserve(1);
        this.buffer[at] = value ? 1 : 0;
        return 0x08;
      }
      case 'bigint': {
        const at = this.reserve(8);
        this.buffer.writeBigInt64LE(value, at);
        return 0x12;
      }
    }
    if (value === null) return 0x0a;
    if (value instanceof Map) {
      this.document(value);
      return 0x03;
    }
    if (Array.isArray(value)) {
      const start = this.open();
      for (let index = 0; index < value.length; index += 1)
        this.element(String(index), value[index] as Value);
      this.finish(start);
      return 0x04;
    }
    if (value instanceof Int) {
      const at = this.reserve(4);
      this.buffer.writeInt32LE(value.value, at);
      return 0x10;
    }
    if (value instanceof DateTime) {
      const at = this.reserve(8);
      this.buffer.writeBigInt64LE(BigInt(value.ms), at);
      return 0x09;
    }
    if (value instanceof ObjectId) {
      this.bytes(value.bytes);
      return 0x07;
    }
    if (value instanceof RawDocument) {
      this.bytes(value.bytes);
      return 0x03;
    }
    return this.rareValue(value);
  }

  private rareValue(
    value: Decimal | Binary | Regex | Timestamp | Code | Singleton | SymbolValue | DbPointer,
  ): number {
    if (value instanceof Decimal) {
      const at = this.reserve(16);
      decimalToBytes(value, this.buffer, at);
      return 0x13;
    }
    if (value instanceof Binary) {
      const at = this.reserve(5);
      this.buffer.writeInt32LE(value.bytes.length, at);
      this.buffer[at + 4] = value.subtype;
      this.bytes(value.bytes);
      return 0x05;
    }
    if (value instanceof Regex) {
      this.cString(value.pattern);
      this.cString(value.options);
      return 0x0b;
    }
    if (value instanceof Timestamp) {
      const at = this.reserve(8);
      this.buffer.writeBigUInt64LE(value.value, at);
      return 0x11;
    }
    if (value instanceof Code) {
      if (!value.scope) {
        this.string(value.code);
        return 0x0d;
      }
      const start = this.reserve(4);
      this.string(value.code);
      this.document(value.scope);
      this.buffer.writeInt32LE(this.length - start, start);
      return 0x0f;
    }
    if (value instanceof SymbolValue) {
      this.string(value.text);
      return 0x0e;
    }
    if (value instanceof DbPointer) {
      this.string(value.namespace);
      this.bytes(value.id);
      return 0x0c;
    }
    return value.kind === 'minKey' ? 0xff : value.kind === 'maxKey' ? 0x7f : 0x06;
  }
}

const shared = new BsonWriter();

export function writeDocument(document: Doc, room = 0, maxDepth = maxReplyDepth): Buffer {
  return BsonWriter.encode(document, room, maxDepth);
}
