import { plausibleMpp } from './scanner-text.js';
import type { TiffDirectory, TiffFile } from './tiff-file.js';
import { TAG } from './tiff-tags.js';

const MICROMETRES_PER_UNIT: ReadonlyMap<number, number> = new Map([
  [2, 25_400],
  [3, 10_000],
]);

/** Scale from XResolution and YResolution, only when both agree and a microscope could have made it. */
export async function mppFromResolution(tiff: TiffFile, directory: TiffDirectory): Promise<number | null> {
  const unit = MICROMETRES_PER_UNIT.get((await tiff.firstNumber(directory, TAG.resolutionUnit)) ?? 2);
  const x = await tiff.rational(directory, TAG.xResolution);
  const y = await tiff.rational(directory, TAG.yResolution);
  if (!unit || !x || !y || Math.abs(x - y) > 0.02 * x) return null;
  return plausibleMpp(unit / ((x + y) / 2));
}
