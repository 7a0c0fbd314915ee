import { isPhilipsText, scrubPhilips } from './philips.js';
import { isAperioText, readScannerFacts, scannerPairs } from './scanner-text.js';
import { TAG } from './tiff-tags.js';

/**
 * What may stay in a stored slide. A list of what is allowed, never of what is forbidden: scanners invent new
 * fields every year, and a field nobody thought of must go by default.
 */
export const ALLOWED_TAGS: ReadonlySet<number> = new Set<number>([
  TAG.newSubfileType,
  TAG.imageWidth,
  TAG.imageLength,
  TAG.bitsPerSample,
  TAG.compression,
  TAG.photometric,
  TAG.imageDescription,
  TAG.stripOffsets,
  TAG.orientation,
  TAG.samplesPerPixel,
  TAG.rowsPerStrip,
  TAG.stripByteCounts,
  TAG.xResolution,
  TAG.yResolution,
  TAG.planarConfiguration,
  TAG.resolutionUnit,
  TAG.predictor,
  TAG.colorMap,
  TAG.tileWidth,
  TAG.tileLength,
  TAG.tileOffsets,
  TAG.tileByteCounts,
  TAG.subIfds,
  TAG.extraSamples,
  TAG.sampleFormat,
  TAG.jpegTables,
  TAG.ycbcrSubsampling,
  TAG.ycbcrPositioning,
  TAG.referenceBlackWhite,
  TAG.imageDepth,
  TAG.iccProfile,
]);

/** Keys of Aperio's description that say how the image was made, each with a number as its value. */
export const ALLOWED_DESCRIPTION_KEYS: ReadonlySet<string> = new Set([
  'AppMag',
  'MPP',
  'StripeWidth',
  'Left',
  'Top',
  'LineCameraSkew',
  'LineAreaXOffset',
  'LineAreaYOffset',
  'Focus Offset',
  'OriginalWidth',
  'OriginalHeight',
  'Originalheight',
  'Filtered',
  'Exposure Time',
  'Exposure Scale',
  'Gamma',
]);

const NUMBER = /^-?\d{1,9}([.,]\d{1,12})?$/;
const VERSION = /^Aperio (?:Image Library|Leica Biosystems GT450(?: DX)?) v\d{1,4}(?:\.\d{1,4}){0,3}/;
const GEOMETRY =
  /^\d+x\d+ \[-?\d+,-?\d+ \d+x\d+\](?: \(\d+x\d+\))?(?: (?:JPEG|J2K)\/(?:RGB|YCbCr|YUV16|KDU))?(?: Q=\d+)?/m;

/**
 * The same description with nothing in it but geometry, scale and optics. Keys are kept in order; a value
 * that is not a number goes even under an allowed key.
 */
export function scrubDescription(description: string): string {
  if (isPhilipsText(description)) return scrubPhilips(description);
  if (!isAperioText(description)) {
    const { mpp, objective } = readScannerFacts(description);
    const facts = [objective === null ? '' : `|AppMag = ${objective}`, mpp === null ? '' : `|MPP = ${mpp}`];
    return mpp === null && objective === null ? '' : `Relecture ${facts.join('')}`;
  }
  const heading = VERSION.exec(description)?.[0] ?? 'Aperio Image Library';
  const geometry = GEOMETRY.exec(description)?.[0] ?? '';
  const pairs = [...scannerPairs(description)]
    .filter(([key, value]) => ALLOWED_DESCRIPTION_KEYS.has(key) && NUMBER.test(value))
    .map(([key, value]) => `|${key} = ${value}`);
  return `${heading} \r\n${geometry}${pairs.join('')}`;
}
