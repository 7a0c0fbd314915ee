import { headerBytes, maxMessageBytes } from './message.js';

/** Cuts a byte stream into messages. A length nobody could mean ends the connection before memory is spent on it. */
export class Frames {
  private chunks: Buffer[] = [];
  /** Bytes held of a message that is not complete yet. */
  size = 0;

  /** The complete messages so far; throws on a length that is no length. */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.size += chunk.length;
    const messages: Buffer[] = [];
    while (this.size >= 4) {
      const length = this.peekLength();
      if (length < headerBytes || length > maxMessageBytes) throw new RangeError(`message length ${length}`);
      if (this.size < length) break;
      messages.push(this.take(length));
    }
    return messages;
  }

  private peekLength(): number {
    if ((this.chunks[0] as Buffer).length < 4) this.chunks = [Buffer.concat(this.chunks)];
    return (this.chunks[0] as Buffer).readInt32LE(0);
  }

  private take(length: number): Buffer {
    const first = this.chunks[0] as Buffer;
    const all = first.length >= length ? first : Buffer.concat(this.chunks);
    const rest = all.subarray(length);
    // Everything after the first chunk is in `all` unless the first alone was enough.
    if (all === first) this.chunks.shift();
    else this.chunks = [];
    if (rest.length > 0) this.chunks.unshift(rest);
    this.size -= length;
    return all.subarray(0, length);
  }
}
