/** Builds DICOM whole slide images in memory: PS3.5 explicit VR little endian, frames encapsulated or not. */
type Value = string | Buffer | readonly Element[][];

export interface Element {
  readonly tag: number;
  readonly vr: string;
  readonly value: Value;
}

const LONG = new Set(['OB', 'OW', 'SQ', 'UN', 'UT', 'OV']);
const ITEM = 0xfffee000;

function element(tag: number, vr: string, bytes: Buffer, length = bytes.length): Buffer {
  const head = Buffer.alloc(LONG.has(vr) ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, 'latin1');
  if (LONG.has(vr)) head.writeUInt32LE(length, 8);
  else head.writeUInt16LE(length, 6);
  return Buffer.concat([head, bytes]);
}

function item(bytes: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(ITEM >>> 16, 0);
  head.writeUInt16LE(ITEM & 0xffff, 2);
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

function encode({ tag, vr, value }: Element): Buffer {
  if (Array.isArray(value)) {
    return element(tag, vr, Buffer.concat(value.map((each) => item(dataSet(each)))));
  }
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value as string, 'utf8');
  const pad = bytes.length % 2 === 0 ? [] : [Buffer.from(vr === 'UI' ? '\0' : ' ')];
  return element(tag, vr, Buffer.concat([bytes, ...pad]));
}

const dataSet = (elements: readonly Element[]): Buffer =>
  Buffer.concat([...elements].sort((a, b) => a.tag - b.tag).map(encode));

const us = (tag: number, value: number): Element => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return { tag, vr: 'US', value: bytes };
};
export const ul = (tag: number, value: number, vr = 'UL'): Element => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return { tag, vr, value: bytes };
};
export const words = (tag: number, vr: string, value: string): Element => ({ tag, vr, value });
export const sequence = (tag: number, ...items: Element[][]): Element => ({ tag, vr: 'SQ', value: items });

export interface BuiltInstance {
  readonly width: number;
  readonly height: number;
  readonly tile: number;
  readonly frames: readonly Buffer[];
  readonly syntax?: string;
  readonly photometric?: string;
  readonly planar?: number;
  readonly imageType?: string;
  /** `basic`: a table of offsets before the frames; `none`: an empty one. */
  readonly table?: 'basic' | 'none';
  /** Each frame in two pieces. */
  readonly split?: boolean;
  readonly extra?: readonly Element[];
  /** More of the first optical path, and paths after it. */
  readonly opticalPath?: readonly Element[];
  readonly morePaths?: readonly Element[][];
  readonly series?: string;
  readonly numberOfFrames?: number;
  /** An extended offset table, of 64 bits, and an empty basic one (PS3.3 C.7.6.3.1.8). */
  readonly extended?: boolean;
}

export const SYNTAX = {
  explicit: '1.2.840.10008.1.2.1',
  jpeg: '1.2.840.10008.1.2.4.50',
  jpeg2000: '1.2.840.10008.1.2.4.90',
  jpegLs: '1.2.840.10008.1.2.4.80',
};

/** With a patient's name in the header, as scanners write it. */
export function buildInstance(instance: BuiltInstance): Buffer {
  const { width, height, tile, frames, syntax = SYNTAX.jpeg } = instance;
  const meta = dataSet([words(0x00020010, 'UI', syntax)]);
  const body = dataSet([
    words(0x00080008, 'CS', instance.imageType ?? 'ORIGINAL\\PRIMARY\\VOLUME\\NONE'),
    words(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.77.1.6'),
    words(0x00100010, 'PN', 'PLANTEE^NOMINATIVE'),
    words(0x0020000e, 'UI', instance.series ?? '1.2.3.4'),
    us(0x00280002, 3),
    words(0x00280004, 'CS', instance.photometric ?? 'YBR_FULL_422'),
    us(0x00280006, instance.planar ?? 0),
    words(0x00280008, 'IS', String(instance.numberOfFrames ?? frames.length)),
    us(0x00280010, tile),
    us(0x00280011, tile),
    us(0x00280100, 8),
    ul(0x00480006, width),
    ul(0x00480007, height),
    sequence(
      0x00480105,
      [words(0x00480112, 'DS', '40'), ...(instance.opticalPath ?? [])],
      ...(instance.morePaths ?? []),
    ),
    sequence(0x52009229, [sequence(0x00289110, [words(0x00280030, 'DS', '0.00025\\0.00025')])]),
    ...(instance.extra ?? []),
    ...(instance.extended ? longOffsets(frames) : []),
  ]);
  const pixels =
    syntax === SYNTAX.explicit ? element(0x7fe00010, 'OB', Buffer.concat(frames)) : encapsulated(instance);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), meta, body, pixels]);
}

function longOffsets(frames: readonly Buffer[]): Element[] {
  const offsets = Buffer.alloc(frames.length * 8);
  const lengths = Buffer.alloc(frames.length * 8);
  let at = 0;
  for (const [n, { length }] of frames.entries()) {
    offsets.writeBigUInt64LE(BigInt(at), n * 8);
    lengths.writeBigUInt64LE(BigInt(length), n * 8);
    at += 8 + length + (length & 1);
  }
  return [
    { tag: 0x7fe00001, vr: 'OV', value: offsets },
    { tag: 0x7fe00002, vr: 'OV', value: lengths },
  ];
}

function encapsulated({ frames, table, split }: BuiltInstance): Buffer {
  const items: Buffer[] = [];
  const starts: number[] = [];
  let at = 0;
  for (const frame of frames) {
    const even = frame.length % 2 === 0 ? frame : Buffer.concat([frame, Buffer.alloc(1)]);
    const middle = 2 * Math.floor(even.length / 4);
    const pieces = split ? [even.subarray(0, middle), even.subarray(middle)] : [even];
    starts.push(at);
    for (const piece of pieces) {
      items.push(item(piece));
      at += piece.length + 8;
    }
  }
  const offsets = Buffer.alloc(table === 'basic' ? starts.length * 4 : 0);
  if (table === 'basic') for (const [n, start] of starts.entries()) offsets.writeUInt32LE(start, n * 4);
  const end = Buffer.from('feffdde000000000', 'hex');
  return element(0x7fe00010, 'OB', Buffer.concat([item(offsets), ...items, end]), 0xffffffff);
}
