import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type ByteSource, bytesOf } from './byte-source.js';
import { SlideRefusal, truncated } from './refusal.js';
import { TileCache } from './tile-cache.js';

/**
 * A slide encrypted at rest, of which any part can be read alone (docs/decisions/0017):
 *
 *   header   `RLS1`, size of the plain bytes (8), key id length and id (1 + 12), IV (12), the file's own key wrapped
 *            by the setting's key (32) with its tag (16); the rest is zero
 *   chunks   32 KiB of ciphertext and a 16-byte tag each, the last one shorter
 *
 * AES-256-GCM throughout. Each chunk's tag covers the slide's name, its plain size and the chunk's number, so that
 * chunks cannot be swapped, repeated, cut off or taken from another slide. The nonce is the chunk's number: a file's
 * key is made for one writing and never used again.
 */
const MAGIC = Buffer.from('RLS1');
const HEADER_BYTES = 96;
const CHUNK_BYTES = 32 * 1024;
const TAG_BYTES = 16;
const SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES;
const AT = { size: 4, keyId: 12, iv: 25, key: 37, tag: 69 } as const;

export interface SealKey {
  readonly id: string;
  readonly key: Buffer;
}

/** What opens one slide and no other; fit for a message between processes. */
export interface Seal {
  readonly name: string;
  /** Plain bytes. */
  readonly size: number;
  /** Base64. */
  readonly key: string;
}

export class SealBrokenError extends SlideRefusal {
  constructor() {
    super('SLIDE_UNREADABLE_FILE', {}, 'the sealed file was altered, or is sealed with another key');
  }
}

/** Everything in the header but the wrapped key itself, and whose it is. */
const keyPurpose = (name: string, header: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`slide key\n${name}\n`),
    header.subarray(0, AT.key),
    header.subarray(AT.tag + TAG_BYTES),
  ]);

function chunkPurpose(name: string, size: number, index: number): { nonce: Buffer; aad: Buffer } {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index), 4);
  return { nonce, aad: Buffer.from(`slide chunk\n${name}\n${size}\n${index}`) };
}

export const sealedSizeOf = (size: number): number =>
  HEADER_BYTES + size + Math.ceil(size / CHUNK_BYTES) * TAG_BYTES;

/** The sealed form of `size` plain bytes, piece by piece. `name` is the slide's storage key. */
export async function* sealPieces(
  pieces: AsyncIterable<Buffer>,
  size: number,
  name: string,
  { id, key }: SealKey,
): AsyncGenerator<Buffer> {
  const own = randomBytes(32);
  const iv = randomBytes(12);
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeBigUInt64BE(BigInt(size), AT.size);
  header.writeUInt8(id.length, AT.keyId);
  header.write(id, AT.keyId + 1);
  iv.copy(header, AT.iv);
  const wrap = createCipheriv('aes-256-gcm', key, iv).setAAD(keyPurpose(name, header));
  Buffer.concat([wrap.update(own), wrap.final()]).copy(header, AT.key);
  wrap.getAuthTag().copy(header, AT.tag);
  yield header;

  let index = 0;
  let seen = 0;
  let waiting = Buffer.alloc(0);
  const seal = (plain: Buffer): Buffer => {
    const { nonce, aad } = chunkPurpose(name, size, index);
    const cipher = createCipheriv('aes-256-gcm', own, nonce).setAAD(aad);
    index += 1;
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  for await (const piece of pieces) {
    seen += piece.length;
    waiting = Buffer.concat([waiting, piece]);
    let from = 0;
    for (; waiting.length - from >= CHUNK_BYTES; from += CHUNK_BYTES)
      yield seal(waiting.subarray(from, from + CHUNK_BYTES));
    waiting = Buffer.from(waiting.subarray(from));
  }
  if (waiting.length > 0) yield seal(waiting);
  if (seen !== size) throw truncated(`${seen} bytes instead of ${size}`);
}

/** The file's own key, unwrapped. @throws {SealBrokenError} altered, of another slide, or its key is not there */
export async function openSeal(raw: ByteSource, name: string, keys: readonly SealKey[]): Promise<Seal> {
  if (raw.size < HEADER_BYTES) throw new SealBrokenError();
  const header = await bytesOf(raw, 0, HEADER_BYTES);
  const size = Number(header.readBigUInt64BE(AT.size));
  const id = header.toString('latin1', AT.keyId + 1, AT.keyId + 1 + header.readUInt8(AT.keyId));
  const key = keys.find((known) => known.id === id)?.key;
  if (!header.subarray(0, 4).equals(MAGIC) || !key || raw.size !== sealedSizeOf(size))
    throw new SealBrokenError();
  const unwrap = createDecipheriv('aes-256-gcm', key, header.subarray(AT.iv, AT.iv + 12))
    .setAAD(keyPurpose(name, header))
    .setAuthTag(header.subarray(AT.tag, AT.tag + TAG_BYTES));
  try {
    const own = Buffer.concat([unwrap.update(header.subarray(AT.key, AT.key + 32)), unwrap.final()]);
    return { name, size, key: own.toString('base64') };
  } catch {
    throw new SealBrokenError();
  }
}

/** Opened chunks of all slides of this process: a field on the screen asks for neighbours. */
const OPENED_BYTES = 16 * 1024 * 1024;
const opened = new TileCache(OPENED_BYTES);
let sources = 0;

/** Reads a sealed slide as if it were plain. */
export class SealedSource implements ByteSource {
  readonly size: number;
  readonly #raw: ByteSource;
  readonly #name: string;
  readonly #key: Buffer;
  readonly #serial: number;

  constructor(raw: ByteSource, seal: Seal) {
    this.#raw = raw;
    this.#name = seal.name;
    this.#key = Buffer.from(seal.key, 'base64');
    this.size = seal.size;
    sources += 1;
    this.#serial = sources;
  }

  async readInto(target: Buffer, at: number, length: number, offset: number): Promise<void> {
    const end = offset + length;
    for (let place = offset; place < end; ) {
      const index = Math.floor(place / CHUNK_BYTES);
      const chunk = await this.#chunk(index);
      const from = place - index * CHUNK_BYTES;
      const copied = chunk.copy(
        target,
        at + place - offset,
        from,
        Math.min(chunk.length, from + end - place),
      );
      if (copied === 0) throw truncated('past the end of a sealed slide');
      place += copied;
    }
  }

  async #chunk(index: number): Promise<Buffer> {
    const name = `${this.#serial}/${index}`;
    const known = opened.get(name);
    if (known) return known;
    const start = index * CHUNK_BYTES;
    const length = Math.min(CHUNK_BYTES, this.size - start);
    if (length <= 0) throw truncated('past the end of a sealed slide');
    const sealed = await bytesOf(this.#raw, HEADER_BYTES + index * SEALED_CHUNK, length + TAG_BYTES);
    const { nonce, aad } = chunkPurpose(this.#name, this.size, index);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce)
      .setAAD(aad)
      .setAuthTag(sealed.subarray(length));
    try {
      const plain = Buffer.concat([decipher.update(sealed.subarray(0, length)), decipher.final()]);
      opened.set(name, plain);
      return plain;
    } catch {
      throw new SealBrokenError();
    }
  }

  close(): Promise<void> {
    return this.#raw.close();
  }
}
