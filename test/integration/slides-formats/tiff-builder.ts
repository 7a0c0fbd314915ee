/** Builds TIFF files of every shape in memory: both byte orders, BigTIFF, sub-directories, and damage. */
export interface Field {
  readonly tag: number;
  /** 2 ascii, 3 short, 4 long, 5 rational (pairs of longs), 7 undefined, 16 long8. */
  readonly type: number;
  readonly values: readonly number[] | Buffer;
}

export interface BuiltDirectory {
  readonly fields: readonly Field[];
  readonly sub?: readonly BuiltDirectory[];
}

const SIZES = new Map([
  [2, 1],
  [3, 2],
  [4, 4],
  [5, 4],
  [7, 1],
  [16, 8],
]);

export class TiffBuilder {
  readonly #parts: Buffer[] = [];
  readonly #big: boolean;
  readonly #little: boolean;
  #length: number;

  constructor(options: { big?: boolean; little?: boolean } = {}) {
    this.#big = options.big ?? false;
    this.#little = options.little ?? true;
    this.#length = this.#big ? 16 : 8;
  }

  add(bytes: Buffer): number {
    const at = this.#length;
    const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
    this.#parts.push(padded);
    this.#length += padded.length;
    return at;
  }

  build(directories: readonly BuiltDirectory[], firstOffset?: number): Buffer {
    let next = 0;
    for (const directory of [...directories].reverse()) next = this.#directory(directory, next);
    const first = firstOffset ?? next;
    const order = this.#little ? 'II' : 'MM';
    const header = this.#big
      ? [
          Buffer.from(order),
          this.#number(43, 2),
          this.#number(8, 2),
          this.#number(0, 2),
          this.#number(first, 8),
        ]
      : [Buffer.from(order), this.#number(42, 2), this.#number(first, 4)];
    return Buffer.concat([...header, ...this.#parts]);
  }

  #directory({ fields, sub }: BuiltDirectory, next: number): number {
    const room = this.#big ? 8 : 4;
    const children = (sub ?? []).map((child) => this.#directory(child, 0));
    const all = [...fields];
    if (children.length > 0) all.push({ tag: 330, type: this.#big ? 16 : 4, values: children });
    const entries = all
      .sort((a, b) => a.tag - b.tag)
      .map((field) => {
        const bytes = Buffer.isBuffer(field.values)
          ? field.values
          : Buffer.concat(field.values.map((value) => this.#number(value, SIZES.get(field.type) ?? 1)));
        const count = field.type === 5 ? bytes.length / 8 : bytes.length / (SIZES.get(field.type) ?? 1);
        const value = Buffer.alloc(room);
        if (bytes.length <= room) bytes.copy(value);
        else this.#number(this.add(bytes), room).copy(value);
        return Buffer.concat([
          this.#number(field.tag, 2),
          this.#number(field.type, 2),
          this.#number(count, room),
          value,
        ]);
      });
    return this.add(
      Buffer.concat([this.#number(all.length, this.#big ? 8 : 2), ...entries, this.#number(next, room)]),
    );
  }

  #number(value: number, size: number): Buffer {
    const bytes = Buffer.alloc(size);
    if (size === 8) {
      if (this.#little) bytes.writeBigUInt64LE(BigInt(value));
      else bytes.writeBigUInt64BE(BigInt(value));
    } else if (this.#little) bytes.writeUIntLE(value, 0, size);
    else bytes.writeUIntBE(value, 0, size);
    return bytes;
  }
}

export const short = (tag: number, ...values: number[]): Field => ({ tag, type: 3, values });
export const long = (tag: number, ...values: number[]): Field => ({ tag, type: 4, values });
export const ascii = (tag: number, text: string): Field => ({
  tag,
  type: 2,
  values: Buffer.from(`${text}\0`, 'latin1'),
});

export interface TiledOptions {
  readonly width: number;
  readonly height: number;
  readonly tile: number;
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
  readonly photometric?: number;
  readonly compression?: number;
  readonly extra?: readonly Field[];
}

/** Fields of a tiled 8-bit colour image. */
export function tiledFields(options: TiledOptions): Field[] {
  return [
    long(256, options.width),
    long(257, options.height),
    short(258, 8, 8, 8),
    short(259, options.compression ?? 7),
    short(262, options.photometric ?? 6),
    short(277, 3),
    short(284, 1),
    long(322, options.tile),
    long(323, options.tile),
    long(324, ...options.offsets),
    long(325, ...options.lengths),
    ...(options.extra ?? []),
  ];
}
