import { mkdir, rename, rm } from 'node:fs/promises';
import type { SlideWarning } from '@relecture/shared/slides/warnings.js';
import sharp from 'sharp';
import { identifyArchive, unpackArchive } from './archive.js';
import { readAssociatedImages } from './associated.js';
import { bytesOf, FileSource } from './byte-source.js';
import { type ColourProfile, readColourProfile } from './colour-profile.js';
import { instanceJpeg, rewrapSeries } from './dicom/rewrap.js';
import { openDicomSeries } from './dicom/series.js';
import { identifyFile, isZip } from './identify.js';
import { isDirect, isJpeg2000 } from './identify-tiff.js';
import { embeddedProfile, readTiffMetadata } from './open-slide.js';
import { convertWithOpenSlide, readOpenSlideAssociated, readOpenSlideFacts } from './openslide.js';
import { reencodeJpeg2000 } from './reencode.js';
import { corrupt, SlideRefusal } from './refusal.js';
import { plausibleMpp } from './scanner-text.js';
import { type AssociatedImageName, type MppSource, OPENSLIDE_FORMATS, type SlideFormat } from './slide.js';
import { TiffFile } from './tiff-file.js';
import { readTiffLayout } from './tiff-layout.js';

/** What the original says and the converted file alone could not: keep it with the slide. */
export interface ConversionFacts {
  readonly originalFormat: SlideFormat;
  readonly mpp: number | null;
  readonly mppSource: MppSource;
  readonly objective: number | null;
  /** Name of the colour profile the original had, when its colours are not sRGB. */
  readonly colourProfile: string | null;
  /** Label, macro and thumbnail of the original as JPEG: they may show a name, and are not in the converted file. */
  readonly associated: ReadonlyMap<AssociatedImageName, Buffer>;
  /** What could not be read of it: its label, planes beside the first. */
  readonly warnings: readonly SlideWarning[];
}

type Converted = Omit<ConversionFacts, 'originalFormat'>;

export interface ConversionOptions {
  /** Whole seconds; a file made to be slow must not hold a job for ever. */
  readonly timeoutSeconds?: number;
}

/** From 90 on libvips keeps the three colours apart and whole. What came in without loss keeps nearly all of it. */
const QUALITY = 97;
/** Scanners' own files are JPEG already: at full resolution the second loss is a third of a level, for half the bytes. */
const FOREIGN_QUALITY = 90;
const TILE = 256;
const TIMEOUT_SECONDS = 1800;
const MICROMETRES_PER_MM = 1000;

/**
 * Writes `target` as a tiled pyramidal BigTIFF in JPEG that `openSlide` reads. Nothing of the original but its
 * pixels and its scale is written: no name, date or description survives. Memory follows the width of the image,
 * not its surface. Beside the target a folder `<target>.parts` is used and cleared away.
 */
export async function convertToPyramid(
  source: string,
  target: string,
  options: ConversionOptions = {},
): Promise<ConversionFacts> {
  const { format } = await identifyFile(source);
  const parts = `${target}.parts`;
  const seconds = options.timeoutSeconds ?? TIMEOUT_SECONDS;
  try {
    await rm(parts, { recursive: true, force: true });
    await mkdir(parts, { mode: 0o700 });
    const files = await unpacked(source, parts);
    const converted = await convertFormat(format, files, target, parts, seconds);
    return { originalFormat: format, ...converted };
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  } finally {
    await rm(parts, { recursive: true, force: true });
  }
}

/** The files of the slide: the file itself, or what its archive holds. */
async function unpacked(source: string, parts: string): Promise<string[]> {
  const bytes = await FileSource.open(source);
  const head = await bytesOf(bytes, 0, Math.min(4, bytes.size)).finally(() => bytes.close());
  const archived = isZip(head) ? await identifyArchive(source) : null;
  return archived ? await unpackArchive(source, archived, `${parts}/archive`) : [source];
}

async function convertFormat(
  format: SlideFormat,
  files: readonly string[],
  target: string,
  parts: string,
  seconds: number,
): Promise<Converted> {
  const [main] = files;
  if (main === undefined) throw corrupt('no file');
  if (format === 'dicom') return await convertDicom(files, target, seconds);
  if (OPENSLIDE_FORMATS.some((each) => each === format))
    return await convertForeign(main, target, parts, seconds);
  const original = await readOriginal(main, format);
  if (original.jpeg2000) {
    await reencodeJpeg2000(main, target, original.mpp, original.profile?.bytes ?? null);
    await ensurePyramid(target, original.mpp, seconds);
  } else await writePyramid(main, target, original, seconds);
  const { mpp, mppSource, objective, profile } = original;
  const colourProfile = profile?.name ?? null;
  return {
    mpp,
    mppSource,
    objective,
    colourProfile,
    associated: await readAssociatedImages(main),
    warnings: [],
  };
}

async function convertDicom(files: readonly string[], target: string, seconds: number): Promise<Converted> {
  const series = await openDicomSeries(files);
  try {
    const profile = series.profile ? await readColourProfile(series.profile) : null;
    const aside = await rewrapSeries(series, target, profile?.bytes ?? null);
    await ensurePyramid(target, series.mpp, seconds);
    const associated = new Map<AssociatedImageName, Buffer>();
    for (const name of ['label', 'macro'] as const) {
      const instance = series[name];
      if (instance) associated.set(name, await instanceJpeg(instance));
    }
    const { mpp, objective } = series;
    const mppSource = mpp === null ? 'unknown' : 'scanner';
    const colourProfile = profile?.name ?? null;
    const warnings: SlideWarning[] = aside > 0 ? ['first_plane'] : [];
    return { mpp, mppSource, objective, colourProfile, associated, warnings };
  } finally {
    await series.close();
  }
}

async function convertForeign(
  main: string,
  target: string,
  parts: string,
  seconds: number,
): Promise<Converted> {
  const { mpp, objective, associated: names } = await readOpenSlideFacts(main);
  await convertWithOpenSlide(main, target, { mpp, quality: FOREIGN_QUALITY, seconds });
  const associated = new Map<AssociatedImageName, Buffer>();
  for (const name of names) {
    const jpeg = await readOpenSlideAssociated(main, name, parts);
    if (jpeg) associated.set(name, jpeg);
  }
  const labelLost = names.includes('label') && !associated.has('label');
  const warnings: SlideWarning[] = labelLost ? ['label_unreadable'] : [];
  const mppSource = mpp === null ? 'unknown' : 'scanner';
  // OpenSlide 3 gives none; what a later one gives, libvips applies or leaves out.
  return { mpp, mppSource, objective, colourProfile: null, associated, warnings };
}

/** A scanner may give only the full resolution: levels for the smaller zooms are then made. */
async function ensurePyramid(target: string, mpp: number | null, seconds: number): Promise<void> {
  if (await isPyramid(target)) return;
  const pyramid = `${target}.parts/pyramid.tiff`;
  await writePyramid(target, pyramid, { page: 0, mpp }, seconds);
  await rename(pyramid, target);
}

async function isPyramid(path: string): Promise<boolean> {
  const source = await FileSource.open(path);
  try {
    return isDirect(await readTiffLayout(await TiffFile.open(source)));
  } finally {
    await source.close();
  }
}

async function writePyramid(
  source: string,
  target: string,
  { page, mpp }: Pick<Original, 'page' | 'mpp'>,
  seconds: number,
): Promise<void> {
  const perMm = mpp === null ? undefined : MICROMETRES_PER_MM / mpp;
  try {
    await sharp(source, {
      page,
      sequentialRead: true,
      // identifyFile has refused what is too large, by format; sharp's own limit is for smaller worlds.
      limitInputPixels: false,
      failOn: 'error',
    })
      .timeout({ seconds })
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
    throw conversionError(error);
  }
}

interface Original {
  readonly page: number;
  readonly mpp: number | null;
  readonly mppSource: MppSource;
  readonly objective: number | null;
  readonly jpeg2000: boolean;
  readonly profile: ColourProfile | null;
}

async function readOriginal(path: string, format: SlideFormat): Promise<Original> {
  if (format === 'jpeg' || format === 'png') {
    const { density, icc } = await sharp(path, { limitInputPixels: false }).metadata();
    const mpp = density ? plausibleMpp(25_400 / density) : null;
    return {
      page: 0,
      mpp,
      mppSource: mpp === null ? 'unknown' : 'resolution',
      objective: null,
      jpeg2000: false,
      profile: icc ? await readColourProfile(icc) : null,
    };
  }
  const source = await FileSource.open(path);
  try {
    const tiff = await TiffFile.open(source);
    const layout = await readTiffLayout(tiff);
    const { mpp, mppSource, objective } = await readTiffMetadata(tiff, layout);
    const [main] = layout.levels;
    const jpeg2000 = main !== undefined && isJpeg2000(main);
    const icc = await embeddedProfile(tiff, layout);
    const profile = icc ? await readColourProfile(icc) : null;
    return { page: main?.directory.index ?? 0, mpp, mppSource, objective, jpeg2000, profile };
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
