import { isOmeText, MAX_OME_TEXT, type OmeImage, readOme } from './ome.js';
import {
  isPhilipsText,
  MAX_PHILIPS_TEXT,
  type PhilipsFacts,
  philipsDownsample,
  readPhilips,
  type TextRange,
} from './philips.js';
import { corrupt } from './refusal.js';
import { isAperioText } from './scanner-text.js';
import type { AssociatedImageName } from './slide.js';
import type { TiffDirectory, TiffFile } from './tiff-file.js';
import { readTiffImage, type TiffImage, withoutPadding } from './tiff-image.js';
import { TAG } from './tiff-tags.js';

export type TiffFormat = 'aperio-svs' | 'ome-tiff' | 'philips-tiff' | 'tiled-tiff' | 'flat-tiff';

/** Which directory of the file is what. */
export interface TiffLayout {
  readonly format: TiffFormat;
  /** Full resolution first. */
  readonly levels: readonly TiffImage[];
  readonly associated: ReadonlyMap<AssociatedImageName, TiffImage>;
  /** Photographs that lie in the text, in base64. */
  readonly inText: ReadonlyMap<AssociatedImageName, TextRange>;
  /** The scanner's own text, of the full-resolution image. */
  readonly description: string;
  /** What OME says of the full-resolution image, in an OME-TIFF. */
  readonly ome: OmeImage | null;
}

export async function readTiffLayout(tiff: TiffFile): Promise<TiffLayout> {
  const images: TiffImage[] = [];
  for (const directory of tiff.directories) {
    const image = await readTiffImage(tiff, directory);
    if (image) images.push(image);
  }
  const tiled = images.filter((image) => image.tiled);
  // Label and macro are never tiled, and may well be larger than a small region of tissue.
  const main = largest(tiled.length > 0 ? tiled : images);
  if (!main) throw corrupt('no image');
  const description = await readDescription(tiff, main.directory);
  const format = !main.tiled ? 'flat-tiff' : formatOf(description);
  const philips = format === 'philips-tiff' ? readPhilips(description) : null;

  const subImages: TiffImage[] = [];
  for (const directory of main.directory.subDirectories) {
    const image = await readTiffImage(tiff, directory);
    if (image) subImages.push(image);
  }
  const reduced = [...images.filter((image) => image !== main), ...subImages];
  const ome = format === 'ome-tiff' ? readOme(description) : [];
  const levels = philips
    ? philipsLevels(tiled, philips)
    : main.tiled
      ? // OME keeps the levels of an image under it; beside it lie other images, whatever their shape.
        chooseLevels(main, ome.length > 1 && subImages.length > 0 ? subImages : reduced)
      : [main];
  const associated = new Map<AssociatedImageName, TiffImage>();
  for (const image of reduced) {
    const kind = ome.find(({ page }) => page === image.directory.index)?.kind ?? 'slide';
    if (levels.includes(image) || (image.tiled && kind === 'slide')) continue;
    const name = kind === 'slide' ? await associatedName(tiff, image, format) : kind;
    if (name && !associated.has(name)) associated.set(name, image);
  }
  const inText = new Map<AssociatedImageName, TextRange>();
  for (const name of ['label', 'macro'] as const) {
    const range = philips?.[name];
    if (range && !associated.has(name)) inText.set(name, range);
  }
  return { format, levels, associated, inText, description, ome: ofPage(ome, main) };
}

const ofPage = (images: readonly OmeImage[], { directory }: TiffImage): OmeImage | null =>
  images.find(({ page }) => page === directory.index) ?? images[0] ?? null;

/** Scanners write a page; Philips puts its photographs into it. */
export async function readDescription(tiff: TiffFile, directory: TiffDirectory): Promise<string> {
  const text = await tiff.text(directory, TAG.imageDescription);
  if (isPhilipsText(text)) return await tiff.text(directory, TAG.imageDescription, MAX_PHILIPS_TEXT);
  return isOmeText(text) ? await tiff.text(directory, TAG.imageDescription, MAX_OME_TEXT) : text;
}

function formatOf(description: string): TiffFormat {
  if (isPhilipsText(description)) return 'philips-tiff';
  if (isOmeText(description)) return 'ome-tiff';
  return isAperioText(description) ? 'aperio-svs' : 'tiled-tiff';
}

/** In the order of the file, each cut to what its scale leaves of full resolution. */
function philipsLevels(tiled: readonly TiffImage[], facts: PhilipsFacts): TiffImage[] {
  const [main, ...smaller] = tiled;
  if (!main) throw corrupt('no level');
  const levels = [main];
  for (const [n, image] of smaller.entries()) {
    const downsample = philipsDownsample(facts, n + 1);
    const [width, height] = [Math.floor(main.width / downsample), Math.floor(main.height / downsample)];
    if (width >= (levels.at(-1)?.width ?? 0)) throw corrupt('levels that do not become smaller');
    levels.push(withoutPadding(image, width, height));
  }
  return levels;
}

/** Aperio, libvips and OME write it first, but nothing obliges others to. */
function largest(images: readonly TiffImage[]): TiffImage | undefined {
  return images.reduce<TiffImage | undefined>(
    (best, image) => (!best || image.width * image.height > best.width * best.height ? image : best),
    undefined,
  );
}

/** A level has the shape of the slide, tiles, and is smaller than the level before it. */
function chooseLevels(main: TiffImage, candidates: readonly TiffImage[]): TiffImage[] {
  const levels = [main];
  const bySize = candidates
    .filter((image) => image.tiled && isReduced(main, image))
    .sort((a, b) => b.width - a.width);
  for (const image of bySize) {
    const last = levels.at(-1);
    if (last && image.width < last.width) levels.push(image);
  }
  return levels;
}

/** Writers round the size of each level down or up, so the two ratios differ by up to a pixel of the level. */
function isReduced(main: TiffImage, image: TiffImage): boolean {
  const ratio = main.width / image.width;
  return ratio > 1.2 && Math.abs(main.height / ratio - image.height) <= Math.max(2, 0.02 * image.height);
}

async function associatedName(
  tiff: TiffFile,
  image: TiffImage,
  format: TiffFormat,
): Promise<AssociatedImageName | null> {
  const text = await tiff.text(image.directory, TAG.imageDescription, 512);
  const word = /(?:^|\n)\s*(label|macro|thumbnail)\b/i.exec(text)?.[1]?.toLowerCase();
  if (word === 'label' || word === 'macro' || word === 'thumbnail') return word;
  if (format !== 'aperio-svs') return null;
  // Aperio leaves label and macro without a word in some versions: the subfile type then tells them.
  if (image.subfileType === 1) return 'label';
  if (image.subfileType === 9) return 'macro';
  return image.directory.index === 1 ? 'thumbnail' : null;
}

/** Every directory of the file, sub-directories included. */
export function allDirectories(tiff: TiffFile): TiffDirectory[] {
  return tiff.directories.flatMap((directory) => [directory, ...directory.subDirectories]);
}
