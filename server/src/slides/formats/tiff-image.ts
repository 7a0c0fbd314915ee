import { corrupt, SlideRefusal } from './refusal.js';
import type { TiffDirectory, TiffEntry, TiffFile } from './tiff-file.js';
import { PHOTOMETRIC, TAG } from './tiff-tags.js';

/** One directory understood as one image: what all readers ask first. */
export interface TiffImage {
  readonly directory: TiffDirectory;
  readonly width: number;
  readonly height: number;
  readonly tiled: boolean;
  /** For strips: the image's width and the rows per strip. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly columns: number;
  readonly rows: number;
  /** Tiles from one row to the next in the index: more than `columns` where the stored image is padded. */
  readonly stride: number;
  readonly compression: number;
  readonly photometric: number;
  readonly samples: number;
  readonly bits: number;
  readonly planar: boolean;
  readonly subfileType: number;
  readonly offsets: TiffEntry;
  readonly byteCounts: TiffEntry;
}

/** One side of the largest slide we accept: 25 cm of glass at 0.25 µm per pixel. */
const MAX_SIDE = 1_000_000;
const MAX_TILES = 16_000_000;

/** null: the directory holds no image (some writers keep pure metadata directories). */
export async function readTiffImage(tiff: TiffFile, directory: TiffDirectory): Promise<TiffImage | null> {
  const number = (tag: number) => tiff.firstNumber(directory, tag);
  const width = await number(TAG.imageWidth);
  const height = await number(TAG.imageLength);
  if (width === null || height === null) return null;
  if (width === 0 || height === 0) throw corrupt('an image without pixels');
  if (width > MAX_SIDE || height > MAX_SIDE) throw new SlideRefusal('SLIDE_TOO_LARGE', { width, height });

  const tiled = directory.entries.has(TAG.tileOffsets);
  const offsets = directory.entries.get(tiled ? TAG.tileOffsets : TAG.stripOffsets);
  const byteCounts = directory.entries.get(tiled ? TAG.tileByteCounts : TAG.stripByteCounts);
  if (!offsets || !byteCounts) throw corrupt('image data without an index');

  const tileWidth = tiled ? ((await number(TAG.tileWidth)) ?? 0) : width;
  const rowsPerStrip = (await number(TAG.rowsPerStrip)) ?? height;
  const tileHeight = tiled ? ((await number(TAG.tileLength)) ?? 0) : Math.min(rowsPerStrip, height);
  if (tileWidth === 0 || tileHeight === 0) throw corrupt('tiles without a size');

  const columns = Math.ceil(width / tileWidth);
  const rows = Math.ceil(height / tileHeight);
  const samples = (await number(TAG.samplesPerPixel)) ?? 1;
  const planar = ((await number(TAG.planarConfiguration)) ?? 1) === 2;
  const expected = columns * rows * (planar ? samples : 1);
  if (expected > MAX_TILES) throw new SlideRefusal('SLIDE_TOO_LARGE', { width, height }, `${expected} tiles`);
  if (offsets.count !== expected || byteCounts.count !== expected) {
    throw corrupt(`${offsets.count} and ${byteCounts.count} tiles listed, ${expected} expected`);
  }

  const bitsEntry = directory.entries.get(TAG.bitsPerSample);
  const bits = bitsEntry ? await tiff.numbers(bitsEntry, 8) : [1];
  return {
    directory,
    width,
    height,
    tiled,
    tileWidth,
    tileHeight,
    columns,
    rows,
    stride: columns,
    compression: (await number(TAG.compression)) ?? 1,
    photometric: (await number(TAG.photometric)) ?? PHOTOMETRIC.blackIsZero,
    samples,
    bits: Math.max(...bits),
    planar,
    subfileType: (await number(TAG.newSubfileType)) ?? 0,
    offsets,
    byteCounts,
  };
}

/** The same tiles, of which only those that reach into `width` x `height` are shown. */
export function withoutPadding(image: TiffImage, width: number, height: number): TiffImage {
  if (width < 1 || height < 1 || width > image.width || height > image.height)
    throw corrupt('a level larger than its tiles');
  const columns = Math.ceil(width / image.tileWidth);
  return { ...image, width, height, columns, rows: Math.ceil(height / image.tileHeight) };
}
