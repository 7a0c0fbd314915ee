import { COMPRESSION, PHOTOMETRIC, TAG } from './tiff-tags.js';
import { type TiffField, TYPE } from './tiff-writer.js';

/** One level of a slide as it lies in a TIFF of ours, tiles already written. */
export interface TiledImage {
  readonly width: number;
  readonly height: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly samples: 1 | 3;
  readonly photometric: number;
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
  /** Shared JPEG tables; null when each tile brings its own. */
  readonly tables: Buffer | null;
}

export const short = (tag: number, ...values: number[]): TiffField => ({ tag, type: TYPE.short, values });
export const long = (tag: number, ...values: number[]): TiffField => ({ tag, type: TYPE.long, values });

/** What every image of a slide says of itself. */
export function imageFields(
  { width, height, samples, photometric }: Pick<TiledImage, 'width' | 'height' | 'samples' | 'photometric'>,
  subfileType: number,
): TiffField[] {
  return [
    long(TAG.newSubfileType, subfileType),
    long(TAG.imageWidth, width),
    long(TAG.imageLength, height),
    short(TAG.bitsPerSample, ...new Array<number>(samples).fill(8)),
    short(TAG.compression, COMPRESSION.jpeg),
    short(TAG.photometric, photometric),
    short(TAG.samplesPerPixel, samples),
    short(TAG.planarConfiguration, 1),
    ...(photometric === PHOTOMETRIC.ycbcr ? [short(TAG.ycbcrSubsampling, 2, 2)] : []),
  ];
}

/** The directory of level `number`. The scale, in micrometres per pixel, stands in the full resolution's only. */
export function tiledFields(
  image: TiledImage,
  number: number,
  mpp: number | null,
  { big = true, profile = null }: { big?: boolean; profile?: Buffer | null } = {},
): TiffField[] {
  const fields = [
    ...imageFields(image, number === 0 ? 0 : 1),
    short(TAG.tileWidth, image.tileWidth),
    short(TAG.tileLength, image.tileHeight),
    { tag: TAG.tileOffsets, type: big ? TYPE.long8 : TYPE.long, values: image.offsets },
    { tag: TAG.tileByteCounts, type: TYPE.long, values: image.lengths },
    ...(profile && number === 0 ? [{ tag: TAG.iccProfile, type: TYPE.undefined, values: profile }] : []),
    ...(image.tables ? [{ tag: TAG.jpegTables, type: TYPE.undefined, values: image.tables }] : []),
  ];
  if (number > 0 || mpp === null) return fields;
  const perCm = Math.round((10_000 / mpp) * 1000);
  return [
    ...fields,
    { tag: TAG.xResolution, type: TYPE.rational, values: [perCm, 1000] },
    { tag: TAG.yResolution, type: TYPE.rational, values: [perCm, 1000] },
    short(TAG.resolutionUnit, 3),
  ];
}
