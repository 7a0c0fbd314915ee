import { createRequire } from 'node:module';
import { ascii, TiffBuilder, tiledFields } from './tiff-builder.js';

interface Encoder {
  getDecodedBuffer(info: object): Uint8Array;
  setQuality(lossless: boolean, quality: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}

export const TILE = 64;

/** OpenJPEG's own encoder: the reader under test has only its decoder. */
async function encode(pixels: Buffer, isUsingColorTransform: boolean): Promise<Buffer> {
  const load = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/wasmjs') as (
    settings: object,
  ) => Promise<{
    J2KEncoder: new () => Encoder;
  }>;
  const { J2KEncoder } = await load({ print: () => undefined, printErr: () => undefined });
  const encoder = new J2KEncoder();
  const info = {
    width: TILE,
    height: TILE,
    bitsPerSample: 8,
    componentCount: 3,
    isSigned: false,
    isUsingColorTransform,
  };
  encoder.getDecodedBuffer(info).set(pixels);
  encoder.setQuality(true, 0);
  encoder.encode();
  return Buffer.from(encoder.getEncodedBuffer());
}

function toYcbcr(rgb: Buffer): Buffer {
  const out = Buffer.alloc(rgb.length);
  for (let at = 0; at < rgb.length; at += 3) {
    const [r = 0, g = 0, b = 0] = rgb.subarray(at, at + 3);
    out[at] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    out[at + 1] = Math.round(128 - 0.168736 * r - 0.331264 * g + 0.5 * b);
    out[at + 2] = Math.round(128 + 0.5 * r - 0.418688 * g - 0.081312 * b);
  }
  return out;
}

/** One row of tiles in the coding of Aperio: 33005 holds RGB, 33003 YCbCr. */
export async function jpeg2000Slide(
  compression: 33_003 | 33_005,
  pixels: readonly Buffer[],
): Promise<Buffer> {
  const builder = new TiffBuilder();
  const tiles = await Promise.all(
    pixels.map((each) => (compression === 33_005 ? encode(each, true) : encode(toYcbcr(each), false))),
  );
  const width = TILE * pixels.length;
  const fields = tiledFields({
    width,
    height: TILE,
    tile: TILE,
    offsets: tiles.map((tile) => builder.add(tile)),
    lengths: tiles.map((tile) => tile.length),
    photometric: 2,
    compression,
    extra: [
      ascii(
        270,
        `Aperio Image Library v11\r\n${width}x64 (64x64) J2K|AppMag = 20|MPP = 0.5|Filename = PLANTEE`,
      ),
    ],
  });
  return builder.build([{ fields }]);
}
