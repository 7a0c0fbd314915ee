import { type FileHandle, open, rm } from 'node:fs/promises';
import { TYPE_SIZE } from './tiff-tags.js';

/** Field types of TIFF 6.0 and BigTIFF that a slide needs. */
export const TYPE = { ascii: 2, short: 3, long: 4, rational: 5, undefined: 7, long8: 16 } as const;

export interface TiffField {
  readonly tag: number;
  readonly type: number;
  /** Numbers; for a rational, numerator and denominator in turn. Or raw bytes. */
  readonly values: readonly number[] | Buffer;
}

/**
 * Writes a little-endian TIFF or BigTIFF from front to back: image data as it comes, directories at the end,
 * as scanners do, so nothing but the tile index is kept in memory.
 */
export class TiffWriter {
  readonly #file: FileHandle;
  readonly #big: boolean;
  #position: number;

  private constructor(file: FileHandle, big: boolean) {
    this.#file = file;
    this.#big = big;
    this.#position = big ? 16 : 8;
  }

  /** Writes `path` whole, or leaves nothing there: `work` appends the image data and answers the directories. */
  static async write(
    path: string,
    big: boolean,
    work: (writer: TiffWriter) => Promise<ReadonlyArray<readonly TiffField[]>>,
  ): Promise<void> {
    const file = await open(path, 'w');
    try {
      const writer = new TiffWriter(file, big);
      await writer.#finish(await work(writer));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  }

  /** Appends image data and says where it lies. */
  async append(bytes: Buffer): Promise<number> {
    const at = this.#position;
    // Directories must start on an even byte; keeping everything even is simplest.
    this.#position += bytes.length + (bytes.length & 1);
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
    return at;
  }

  /** The header last: a file that was cut is no TIFF. */
  async #finish(directories: ReadonlyArray<readonly TiffField[]>): Promise<void> {
    const first = await this.#appendChain(directories);
    const header = this.#big
      ? Buffer.concat([Buffer.from('II+\0\x08\0\0\0', 'latin1'), number(first, 8)])
      : Buffer.concat([Buffer.from('II*\0', 'latin1'), number(first, 4)]);
    await this.#file.write(header, 0, header.length, 0);
    await this.#file.sync();
  }

  /** Each directory names the next one, so their places are settled from the last to the first. */
  async #appendChain(directories: ReadonlyArray<readonly TiffField[]>): Promise<number> {
    let next = 0;
    for (const fields of [...directories].reverse()) next = await this.#appendDirectory(fields, next);
    return next;
  }

  async #appendDirectory(fields: readonly TiffField[], next: number): Promise<number> {
    const room = this.#big ? 8 : 4;
    const entries: Buffer[] = [];
    for (const field of [...fields].sort((a, b) => a.tag - b.tag)) {
      const bytes = encode(field);
      const count = bytes.length / (TYPE_SIZE.get(field.type) ?? 1);
      const value = Buffer.alloc(room);
      if (bytes.length <= room) bytes.copy(value);
      else number(await this.append(bytes), room).copy(value);
      entries.push(number(field.tag, 2), number(field.type, 2), number(count, room), value);
    }
    return await this.append(
      Buffer.concat([number(fields.length, this.#big ? 8 : 2), ...entries, number(next, room)]),
    );
  }
}

function encode({ type, values }: TiffField): Buffer {
  if (Buffer.isBuffer(values)) return values;
  const size = type === TYPE.rational ? 4 : (TYPE_SIZE.get(type) ?? 1);
  const bytes = Buffer.alloc(values.length * size);
  for (const [n, value] of values.entries()) number(value, size).copy(bytes, n * size);
  return bytes;
}

function number(value: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  if (size === 8) bytes.writeBigUInt64LE(BigInt(value));
  else bytes.writeUIntLE(value, 0, size);
  return bytes;
}
