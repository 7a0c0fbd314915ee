import { crc32 } from 'node:zlib';
import type { Random } from '@relecture/server/slides/synthetic/random.js';
import { type NumberField, numberFields } from './fields.js';

/** Numbers that readers stumble over. */
const INTERESTING = [0, 1, 2, 3, 7, 8, 127, 255, 256, 4096, 65_535, 65_536, 1_000_000, 2 ** 31 - 1, 2 ** 31];

/** One damaged copy of a file: blindly, or at a number that its format counts on. The same seed, the same copy. */
export class Mutator {
  readonly #sample: Buffer;
  readonly #fields: readonly NumberField[];
  readonly #random: Random;

  constructor(sample: Buffer, random: Random) {
    this.#sample = sample;
    this.#fields = numberFields(sample);
    this.#random = random;
  }

  next(): Buffer {
    const file = Buffer.from(this.#sample);
    const kind = this.#random();
    if (kind < 0.5 && this.#fields.length > 0) return this.#lie(file);
    if (kind < 0.7) return this.#flip(file);
    if (kind < 0.8) return file.subarray(0, this.#below(file.length));
    if (kind < 0.9) return this.#swap(file);
    return this.#shift(file);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  /** One to three numbers of the structure say something else. */
  #lie(file: Buffer): Buffer {
    for (let n = 1 + this.#below(3); n > 0; n -= 1) {
      const field = this.#fields[this.#below(this.#fields.length)];
      if (!field) continue;
      write(file, field, this.#number(file, field));
      if (field.checksumFrom !== undefined) repair(file, field.checksumFrom);
    }
    return file;
  }

  #number(file: Buffer, field: NumberField): number {
    const kind = this.#random();
    const most = 2 ** (8 * field.size) - 1;
    if (kind < 0.5) return Math.min(most, INTERESTING[this.#below(INTERESTING.length)] ?? 0);
    if (kind < 0.6) return Math.min(most, file.length - 4 + this.#below(8));
    if (kind < 0.7) return Math.min(most, this.#below(file.length));
    const now = read(file, field);
    if (kind < 0.85) return Math.max(0, Math.min(most, now + this.#below(9) - 4));
    return kind < 0.93 ? Math.min(most, now * 2 ** (1 + this.#below(8))) : most;
  }

  #flip(file: Buffer): Buffer {
    for (let n = 1 + this.#below(8); n > 0; n -= 1) {
      const at = this.#below(file.length);
      if (this.#random() < 0.5) file[at] = this.#below(256);
      else file.fill(this.#random() < 0.5 ? 0 : 0xff, at, Math.min(file.length, at + 1 + this.#below(32)));
    }
    return file;
  }

  #swap(file: Buffer): Buffer {
    const length = 1 + this.#below(Math.min(4096, file.length / 2));
    const from = this.#below(file.length - length);
    const to = this.#below(file.length - length);
    const first = Buffer.from(file.subarray(from, from + length));
    file.copyWithin(from, to, to + length);
    first.copy(file, to);
    return file;
  }

  #shift(file: Buffer): Buffer {
    const at = this.#below(file.length);
    const length = 1 + this.#below(64);
    if (this.#random() < 0.5)
      return Buffer.concat([file.subarray(0, at), file.subarray(Math.min(file.length, at + length))]);
    return Buffer.concat([file.subarray(0, at), Buffer.alloc(length, this.#below(256)), file.subarray(at)]);
  }
}

function read(file: Buffer, { at, size, little }: NumberField): number {
  if (size === 8) return Number(little ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at));
  return little ? file.readUIntLE(at, size) : file.readUIntBE(at, size);
}

function write(file: Buffer, { at, size, little }: NumberField, value: number): void {
  if (size === 8) {
    const big = BigInt(Math.min(value, Number.MAX_SAFE_INTEGER));
    if (little) file.writeBigUInt64LE(big, at);
    else file.writeBigUInt64BE(big, at);
  } else if (little) file.writeUIntLE(value, at, size);
  else file.writeUIntBE(value, at, size);
}

/** A PNG chunk whose checksum is right: the reader believes what it says. */
function repair(file: Buffer, chunk: number): void {
  const end = chunk + 8 + file.readUInt32BE(chunk);
  if (end + 4 <= file.length) file.writeUInt32BE(crc32(file.subarray(chunk + 4, end)), end);
}
