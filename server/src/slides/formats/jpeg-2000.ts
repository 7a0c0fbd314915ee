import { createRequire } from 'node:module';
import { corrupt } from './refusal.js';

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number };
  getColorSpace(): number;
  delete(): void;
}

type OpenJpeg = { J2KDecoder: new () => Decoder };

// The package ships its WebAssembly beside a loader without types, in CommonJS.
const require = createRequire(import.meta.url);
type Loader = (settings: { print: () => void; printErr: () => void }) => Promise<OpenJpeg>;
let loading: Promise<OpenJpeg> | null = null;

/** OPJ_CLRSPC_SRGB of openjpeg.h. */
const SRGB = 1;

interface Shape {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/**
 * The pixels of a JPEG 2000 codestream, interleaved, 8 bits. `ycbcr`: its components are Y, Cb, Cr without
 * saying so, as Aperio's compression 33003 has them. Costs 20 to 30 ms per tile on the calling thread.
 */
export async function decodeJpeg2000(bytes: Buffer, shape: Shape, colour: 'rgb' | 'ycbcr'): Promise<Buffer> {
  loading ??= loadDecoder();
  const { J2KDecoder } = await loading;
  refuseOtherShape(bytes, shape);
  const decoder = new J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    try {
      decoder.decode();
    } catch {
      throw corrupt('a JPEG 2000 tile cannot be decoded');
    }
    const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
    const expected = shape.width * shape.height * shape.channels;
    if (
      bitsPerSample !== 8 ||
      componentCount !== shape.channels ||
      width !== shape.width ||
      height !== shape.height
    ) {
      throw corrupt('a JPEG 2000 tile of another shape');
    }
    // A view on the decoder's memory, which goes with it.
    const pixels = Buffer.from(decoder.getDecodedBuffer());
    if (pixels.length !== expected) throw corrupt('a JPEG 2000 tile of another length');
    // Components of different sizes it has already turned into RGB.
    if (colour === 'ycbcr' && decoder.getColorSpace() !== SRGB) toRgb(pixels);
    return pixels;
  } finally {
    decoder.delete();
  }
}

/** At the first tile: most slides have none, and every process that may read one would wait for it. */
async function loadDecoder(): Promise<OpenJpeg> {
  const load = require('@cornerstonejs/codec-openjpeg/decodewasmjs') as Loader;
  // It tells the standard output of every header it reads.
  return await load({ print: () => undefined, printErr: () => undefined });
}

/** SOC and SIZ, the two markers that every codestream begins with (ITU-T T.800, A.5.1). */
const START = Buffer.from([0xff, 0x4f, 0xff, 0x51]);
const SIZ_BYTES = 42;
/** A codestream may stand in the boxes of a JP2 file. */
const MOST_BOXES = 4096;
/** Of the codestream's own, inside one tile of the slide. */
const MOST_TILES = 1024;

/** Before the decoder reserves memory for whatever size the stream claims. */
function refuseOtherShape(bytes: Buffer, { width, height, channels }: Shape): void {
  const at = bytes.subarray(0, MOST_BOXES).indexOf(START);
  if (at < 0 || at + SIZ_BYTES > bytes.length) throw corrupt('a JPEG 2000 tile without a size');
  const number = (place: number) => bytes.readUInt32BE(at + place);
  const [right, bottom, left, top] = [number(8), number(12), number(16), number(20)];
  const tiles = Math.ceil((right - left) / number(24)) * Math.ceil((bottom - top) / number(28));
  const isExpected =
    right - left === width && bottom - top === height && bytes.readUInt16BE(at + 40) === channels;
  if (!isExpected || !(tiles <= MOST_TILES)) throw corrupt('a JPEG 2000 tile of another shape');
}

/** ITU-R BT.601, full range, in place. */
function toRgb(pixels: Buffer): void {
  for (let at = 0; at + 2 < pixels.length; at += 3) {
    const y = pixels[at] ?? 0;
    const cb = (pixels[at + 1] ?? 0) - 128;
    const cr = (pixels[at + 2] ?? 0) - 128;
    pixels[at] = clamp(y + 1.402 * cr);
    pixels[at + 1] = clamp(y - 0.344_136 * cb - 0.714_136 * cr);
    pixels[at + 2] = clamp(y + 1.772 * cb);
  }
}

const clamp = (value: number) => (value < 0 ? 0 : value > 255 ? 255 : Math.round(value));
