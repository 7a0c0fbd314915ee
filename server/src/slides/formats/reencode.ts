import sharp from 'sharp';
import { bytesOf, FileSource } from './byte-source.js';
import { decodeJpeg2000 } from './jpeg-2000.js';
import { corrupt } from './refusal.js';
import { TiffFile } from './tiff-file.js';
import type { TiffImage } from './tiff-image.js';
import { readTiffLayout } from './tiff-layout.js';
import { COMPRESSION, PHOTOMETRIC } from './tiff-tags.js';
import { TiffWriter } from './tiff-writer.js';
import { TileIndex } from './tile-index.js';
import { type TiledImage, tiledFields } from './tiled-fields.js';

const TILE_JPEG = { quality: 97, chromaSubsampling: '4:4:4' } as const;

/**
 * JPEG 2000 tiles of Aperio (33003: YCbCr, 33005: RGB), each decoded and encoded as JPEG where it stands: same
 * levels, same tiles. No browser shows JPEG 2000, and libvips as npm brings it does not read it.
 */
export async function reencodeJpeg2000(
  path: string,
  target: string,
  mpp: number | null,
  profile: Buffer | null,
): Promise<void> {
  const source = await FileSource.open(path);
  try {
    const tiff = await TiffFile.open(source);
    const { levels } = await readTiffLayout(tiff);
    await TiffWriter.write(target, true, async (writer) => {
      const directories = [];
      for (const [number, level] of levels.entries()) {
        directories.push(tiledFields(await reencodeLevel(tiff, level, writer), number, mpp, { profile }));
      }
      return directories;
    });
  } finally {
    await source.close();
  }
}

async function reencodeLevel(tiff: TiffFile, level: TiffImage, writer: TiffWriter): Promise<TiledImage> {
  const { width, height, tileWidth, tileHeight, samples } = level;
  if (!level.tiled || level.planar || (samples !== 1 && samples !== 3))
    throw corrupt('an unusual JPEG 2000 layout');
  const offsets: number[] = [];
  const lengths: number[] = [];
  const raw = { width: tileWidth, height: tileHeight, channels: samples } as const;
  for await (const { offset, length } of new TileIndex(tiff, level).ranges()) {
    if (length === 0) {
      offsets.push(0);
      lengths.push(0);
      continue;
    }
    const stored = await bytesOf(tiff.source, offset, length);
    const pixels = await decodeJpeg2000(stored, raw, colourOf(level));
    const jpeg = await sharp(pixels, { raw }).jpeg(TILE_JPEG).toBuffer();
    offsets.push(await writer.append(jpeg));
    lengths.push(jpeg.length);
  }
  const photometric = samples === 1 ? PHOTOMETRIC.blackIsZero : PHOTOMETRIC.ycbcr;
  return { width, height, tileWidth, tileHeight, samples, photometric, offsets, lengths, tables: null };
}

const colourOf = ({ compression }: TiffImage) =>
  compression === COMPRESSION.aperioJpeg2000YCbCr ? 'ycbcr' : 'rgb';
