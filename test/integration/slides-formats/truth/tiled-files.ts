import { deflateSync } from 'node:zlib';
import { splitTables } from '@relecture/server/slides/formats/jpeg-stream.js';
import sharp from 'sharp';
import { type BuiltDirectory, type Field, short, type TiffBuilder, tiledFields } from '../tiff-builder.js';
import { type Pixels, padded } from './compare.js';

export interface TileCoding {
  readonly compression: number;
  readonly photometric: number;
  /** One tile's RGB pixels, encoded. */
  encode(rgb: Buffer, side: number): Promise<Buffer> | Buffer;
  readonly extra?: readonly Field[];
}

/** One directory of tiles. */
export async function tiledDirectory(
  builder: TiffBuilder,
  image: Pixels,
  side: number,
  coding: TileCoding,
  extra: readonly Field[] = [],
): Promise<BuiltDirectory> {
  const offsets: number[] = [];
  const lengths: number[] = [];
  for (let top = 0; top < image.height; top += side) {
    for (let left = 0; left < image.width; left += side) {
      const tile = await coding.encode(padded(image, left, top, side), side);
      offsets.push(builder.add(tile));
      lengths.push(tile.length);
    }
  }
  const { width, height } = image;
  const { photometric, compression } = coding;
  return {
    fields: tiledFields({
      width,
      height,
      tile: side,
      offsets,
      lengths,
      photometric,
      compression,
      extra: [...(coding.extra ?? []), ...extra],
    }),
  };
}

const jpegOf = (rgb: Buffer, side: number, chromaSubsampling: string) =>
  sharp(rgb, { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality: 90, chromaSubsampling, optimiseCoding: false })
    .toBuffer();

/** YCbCr JPEG, its tables kept once. */
export const ycbcrJpeg = async (chroma: '4:4:4' | '4:2:0'): Promise<TileCoding> => {
  const { tables } = splitTables(await jpegOf(Buffer.alloc(16 * 16 * 3), 16, chroma));
  const factor = chroma === '4:4:4' ? 1 : 2;
  return {
    compression: 7,
    photometric: 6,
    encode: async (rgb, side) => splitTables(await jpegOf(rgb, side, chroma)).image,
    extra: [{ tag: 347, type: 7, values: tables }, short(530, factor, factor)],
  };
};

/** Deflate; predictor 2 stores each sample as the difference from the one to its left. */
export const deflate = (predictor: 1 | 2): TileCoding => ({
  compression: 8,
  photometric: 2,
  encode: (rgb, side) => deflateSync(predictor === 2 ? differences(rgb, side) : rgb),
  extra: [short(317, predictor)],
});

function differences(rgb: Buffer, side: number): Buffer {
  const out = Buffer.from(rgb);
  for (let at = rgb.length - 1; at >= 0; at -= 1) {
    if (at % (side * 3) >= 3) out[at] = ((rgb[at] ?? 0) - (rgb[at - 3] ?? 0)) & 0xff;
  }
  return out;
}

/** libtiff decodes it with the photometric of RGB: nothing in the stream says so. */
export const rgbJpeg = async (): Promise<TileCoding> => ({
  compression: 7,
  photometric: 2,
  encode: async (rgb, side) => {
    // libtiff, through sharp, writes RGB from this quality on; its one tile carries its own tables apart.
    const tiff = await sharp(rgb, { raw: { width: side, height: side, channels: 3 } })
      .tiff({ compression: 'jpeg', quality: 92, tile: true, tileWidth: side, tileHeight: side })
      .toBuffer();
    return wholeJpeg(tiff);
  },
});

/** The only tile of a TIFF with its tables put back, without any mark of colour. */
function wholeJpeg(tiff: Buffer): Buffer {
  const entries = new Map<number, { count: number; value: number }>();
  const directory = tiff.readUInt32LE(4);
  for (let n = 0; n < tiff.readUInt16LE(directory); n += 1) {
    const at = directory + 2 + n * 12;
    entries.set(tiff.readUInt16LE(at), {
      count: tiff.readUInt32LE(at + 4),
      value: tiff.readUInt32LE(at + 8),
    });
  }
  const tables = entries.get(347);
  const offset = entries.get(324);
  const length = entries.get(325);
  if (!tables || !offset || !length || (entries.get(262)?.value ?? 0) % 65_536 !== 2)
    throw new Error('not RGB');
  return Buffer.concat([
    tiff.subarray(tables.value, tables.value + tables.count - 2),
    tiff.subarray(offset.value + 2, offset.value + length.value),
  ]);
}
