import { rm } from 'node:fs/promises';
import sharp from 'sharp';
import { ByteSource } from './byte-source.js';
import { identifyFile } from './identify.js';
import { readTiffMetadata } from './open-slide.js';
import { corrupt, SlideRefusal } from './refusal.js';
import { plausibleMpp } from './scanner-text.js';
import type { MppSource, SlideFormat } from './slide.js';
import { TiffFile } from './tiff-file.js';
import { readTiffLayout } from './tiff-layout.js';

/** What the original says and the converted file alone could not: keep it with the slide. */
export interface ConversionFacts {
  readonly originalFormat: SlideFormat;
  readonly mpp: number | null;
  readonly mppSource: MppSource;
  readonly objective: number | null;
}

export interface ConversionOptions {
  /** Whole seconds; a file made to be slow must not hold a job for ever. */
  readonly timeoutSeconds?: number;
}

/** At 90 libvips keeps full chroma: the nuclei's edges stay blue. */
const QUALITY = 90;
const TILE = 256;
const MICROMETRES_PER_MM = 1000;

/**
 * Writes `target` as a tiled pyramidal BigTIFF in JPEG that `openSlide` reads. libvips streams strips from
 * the original to all levels at once, so memory follows the width of the image, not its surface. Nothing of
 * the original but its pixels and its scale is written: no name, date or description survives.
 */
export async function convertToPyramid(
  source: string,
  target: string,
  options: ConversionOptions = {},
): Promise<ConversionFacts> {
  const identified = await identifyFile(source);
  const original = await readOriginal(source, identified.format);
  const perMm = original.mpp === null ? undefined : MICROMETRES_PER_MM / original.mpp;
  try {
    await sharp(source, {
      page: original.page,
      sequentialRead: true,
      // identifyFile has refused what is too large, by format; sharp's own limit is for smaller worlds.
      limitInputPixels: false,
      failOn: 'error',
    })
      .timeout({ seconds: options.timeoutSeconds ?? 1800 })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .tiff({
        compression: 'jpeg',
        quality: QUALITY,
        tile: true,
        tileWidth: TILE,
        tileHeight: TILE,
        pyramid: true,
        bigtiff: true,
        resolutionUnit: 'cm',
        ...(perMm === undefined ? {} : { xres: perMm, yres: perMm }),
      })
      .toFile(target);
  } catch (error) {
    await rm(target, { force: true });
    throw conversionError(error);
  }
  const { mpp, mppSource, objective } = original;
  return { originalFormat: identified.format, mpp, mppSource, objective };
}

interface Original {
  readonly page: number;
  readonly mpp: number | null;
  readonly mppSource: MppSource;
  readonly objective: number | null;
}

async function readOriginal(path: string, format: SlideFormat): Promise<Original> {
  if (format === 'jpeg' || format === 'png') {
    const { density } = await sharp(path, { limitInputPixels: false }).metadata();
    const mpp = density ? plausibleMpp(25_400 / density) : null;
    return { page: 0, mpp, mppSource: mpp === null ? 'unknown' : 'resolution', objective: null };
  }
  const source = await ByteSource.open(path);
  try {
    const tiff = await TiffFile.open(source);
    const layout = await readTiffLayout(tiff);
    const { mpp, mppSource, objective } = await readTiffMetadata(tiff, layout);
    return { page: layout.levels[0]?.directory.index ?? 0, mpp, mppSource, objective };
  } finally {
    await source.close();
  }
}

/** A full disk is ours to mend and must not be called a damaged file. */
function conversionError(error: unknown): Error {
  const text = error instanceof Error ? error.message : '';
  if (/no space left|write error|unable to open for write|unable to write/i.test(text)) {
    return new Error('the converted slide could not be written', { cause: error });
  }
  if (/timeout/i.test(text)) return new SlideRefusal('SLIDE_TOO_LARGE', {}, 'conversion took too long');
  return corrupt('the pixels cannot be decoded');
}
