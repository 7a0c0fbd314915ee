import { identifyWithOpenSlide, MIN_SIDE } from './identify-vendor.js';
import { corrupt, SlideRefusal } from './refusal.js';
import type { IdentifiedFile, OpenSlideFormat } from './slide.js';
import type { TiffFile } from './tiff-file.js';
import type { TiffImage } from './tiff-image.js';
import { readTiffLayout, type TiffLayout } from './tiff-layout.js';
import { COMPRESSION, PHOTOMETRIC, TAG } from './tiff-tags.js';
import { checkTileIndex } from './tile-index.js';

/** A viewer at its smallest zoom must not load hundreds of tiles: without a small level we build a pyramid. */
const MAX_SMALLEST_LEVEL = 8192;
const MAX_DIRECT_TILE = 2048;
/** Conversion of more would take hours and the disk; such a file has a pyramid when a scanner made it. */
const MAX_CONVERTED_PIXELS = 4e9;

/** Some exports put the whole image into one strip, which a decoder then holds in memory. */
const MAX_DECODED_PIECE = 1_200_000_000;
/** LZW on a single colour, the best any of these compressions can do. */
const BEST_COMPRESSION = 3000;

const CONVERTIBLE: ReadonlySet<number> = new Set([
  COMPRESSION.none,
  COMPRESSION.lzw,
  COMPRESSION.jpeg,
  COMPRESSION.deflate,
  COMPRESSION.adobeDeflate,
  COMPRESSION.packBits,
  COMPRESSION.aperioJpeg2000YCbCr,
  COMPRESSION.aperioJpeg2000Rgb,
]);

const COMPRESSION_NAMES: ReadonlyMap<number, string> = new Map([
  [2, 'CCITT'],
  [3, 'CCITT'],
  [4, 'CCITT'],
  [COMPRESSION.oldJpeg, 'JPEG TIFF 6.0'],
  [COMPRESSION.jpeg2000, 'JPEG 2000'],
  [34925, 'LZMA'],
  [50000, 'Zstandard'],
  [50001, 'WebP'],
  [50002, 'JPEG XL'],
  [52546, 'JPEG XL'],
]);

/** `path` is the file's own: formats that lay pixels out in their own way are given to OpenSlide. */
export async function identifyTiff(tiff: TiffFile, path: string): Promise<IdentifiedFile> {
  const vendor = await vendorFormat(tiff);
  if (vendor) return await identifyWithOpenSlide(path, vendor);
  const layout = await readTiffLayout(tiff);
  const [main] = layout.levels;
  if (!main) throw new SlideRefusal('SLIDE_CORRUPT');
  const { width, height } = main;
  for (const level of layout.levels) refuseCompression(level.compression);
  if (layout.levels.some((level) => isJpeg2000(level) !== isJpeg2000(main)))
    throw corrupt('levels that differ');
  refusePixels(main);
  refuseSeparateColours(main, layout);
  if (Math.min(width, height) < MIN_SIDE) {
    throw new SlideRefusal('SLIDE_TOO_SMALL', { width, height, minimum: MIN_SIDE });
  }
  for (const image of [...layout.levels, ...layout.associated.values()]) await checkTileIndex(tiff, image);
  const reading = isDirect(layout) ? 'direct' : 'convert';
  // libvips reads colours that lie apart in strips, but not in tiles.
  if (main.planar && main.tiled)
    throw new SlideRefusal('SLIDE_UNSUPPORTED_PIXELS', { pixels: 'TIFF, PlanarConfiguration 2' });
  if (reading === 'convert') refuseBombs(main, tiff.source.size);
  const warnings = (layout.ome?.planes ?? 1) > 1 ? { warnings: ['first_plane'] as const } : {};
  return { format: layout.format, reading, width, height, ...warnings };
}

/** Scanner formats that are TIFF inside but lay pixels out in their own way: shown as plain TIFF they would lie. */
async function vendorFormat(tiff: TiffFile): Promise<OpenSlideFormat | null> {
  for (const directory of tiff.directories.slice(0, 4)) {
    if (directory.entries.has(TAG.ndpiMarker)) return 'hamamatsu-ndpi';
    const vendor = formatOf(
      await tiff.text(directory, TAG.imageDescription),
      await tiff.text(directory, TAG.software, 200),
      await tiff.text(directory, TAG.xmp),
    );
    if (vendor) return vendor;
  }
  return null;
}

function formatOf(description: string, software: string, xmp: string): OpenSlideFormat | null {
  if (description.includes('leica-microsystems.com/scn')) return 'leica-scn';
  if (xmp.includes('<iScan') || description.includes('<iScan')) return 'ventana-bif';
  return software.startsWith('MedScan') ? 'trestle' : null;
}

export const isJpeg2000 = ({ compression }: TiffImage): boolean =>
  compression === COMPRESSION.aperioJpeg2000YCbCr || compression === COMPRESSION.aperioJpeg2000Rgb;

function refuseCompression(compression: number): void {
  if (CONVERTIBLE.has(compression)) return;
  throw new SlideRefusal('SLIDE_UNSUPPORTED_COMPRESSION', {
    compression: COMPRESSION_NAMES.get(compression) ?? `TIFF ${compression}`,
  });
}

/** Before a decoder reserves memory for what a few bytes claim to be. */
function refuseBombs(main: TiffImage, fileSize: number): void {
  const { width, height, tileWidth, tileHeight, samples, compression } = main;
  const decoded = width * height * samples;
  const ratio = compression === COMPRESSION.none ? 1 : BEST_COMPRESSION;
  if (decoded > fileSize * ratio) throw corrupt('fewer bytes than its pixels need');
  const piece = tileWidth * tileHeight * samples;
  if (width * height > MAX_CONVERTED_PIXELS || piece > MAX_DECODED_PIECE) {
    throw new SlideRefusal('SLIDE_TOO_LARGE', { width, height });
  }
}

function refusePixels(image: TiffImage): void {
  const colours: readonly number[] = Object.values(PHOTOMETRIC);
  if (image.bits !== 8) throw new SlideRefusal('SLIDE_UNSUPPORTED_PIXELS', { pixels: `${image.bits} bits` });
  if (!colours.includes(image.photometric) || ![1, 3, 4].includes(image.samples)) {
    throw new SlideRefusal('SLIDE_UNSUPPORTED_PIXELS', {
      pixels: `TIFF ${image.photometric}, ${image.samples} x 8 bits`,
    });
  }
}

/** Channels one by one are fluorescence, or colours whose order nobody states: the first alone would pass for a slide. */
function refuseSeparateColours({ samples }: TiffImage, { ome }: TiffLayout): void {
  if (!ome || ome.channels === 1 || samples > 1) return;
  throw new SlideRefusal('SLIDE_UNSUPPORTED_PIXELS', { pixels: `OME, ${ome.channels} x (1 x 8 bits)` });
}

/** Can be read where it lies: tiles as a browser wants them, and a level small enough for the widest zoom. */
export function isDirect({ levels }: TiffLayout): boolean {
  const smallest = levels.at(-1);
  return (
    levels.every(isDirectImage) &&
    smallest !== undefined &&
    Math.max(smallest.width, smallest.height) <= MAX_SMALLEST_LEVEL
  );
}

/** Tiles that a browser decodes as they lie, once the tables are in front. */
export function isDirectImage(image: TiffImage): boolean {
  const grey = image.samples === 1 && image.photometric === PHOTOMETRIC.blackIsZero;
  const colour =
    image.samples === 3 && (image.photometric === PHOTOMETRIC.rgb || image.photometric === PHOTOMETRIC.ycbcr);
  return (
    image.tiled &&
    !image.planar &&
    image.compression === COMPRESSION.jpeg &&
    image.bits === 8 &&
    Math.max(image.tileWidth, image.tileHeight) <= MAX_DIRECT_TILE &&
    (grey || colour)
  );
}
