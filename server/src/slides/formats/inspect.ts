import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertToPyramid } from './convert.js';
import { identifyFile } from './identify.js';
import { openSlide } from './open-slide.js';
import { sampleTiles, type TileSample } from './quality.js';
import { SlideRefusal } from './refusal.js';
import type { IdentifiedFile, SlideMetadata } from './slide.js';

export interface Inspection extends SlideMetadata {
  readonly reading: IdentifiedFile['reading'];
  readonly quality: TileSample;
}

/**
 * Everything ingest finds out about a file, without keeping anything: what `relecture ingest` prints. A file
 * that must be converted is converted aside (in `scratch`), so that the answer is what the product would really show.
 */
export async function inspectFile(path: string, scratch = tmpdir()): Promise<Inspection> {
  const identified = await identifyFile(path);
  if (identified.reading === 'direct') return await inspectDirect(path, identified.reading);
  const folder = await mkdtemp(join(scratch, 'relecture-'));
  try {
    const converted = join(folder, 'slide.tiff');
    const facts = await convertToPyramid(path, converted);
    const { originalFormat, mpp, mppSource, objective, associated } = facts;
    return {
      ...(await inspectDirect(converted, identified.reading)),
      format: originalFormat,
      mpp,
      mppSource,
      objective,
      associated: [...associated.keys()],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inspectDirect(path: string, reading: IdentifiedFile['reading']): Promise<Inspection> {
  const slide = await openSlide(path);
  try {
    const quality = await sampleTiles(slide);
    refuseUnreadable(quality);
    const { format, width, height, mpp, mppSource, objective, levels, associated } = slide;
    return { format, reading, width, height, mpp, mppSource, objective, levels, associated, quality };
  } finally {
    await slide.close();
  }
}

/** One tile in sixteen that no decoder accepts means parts of the tissue nobody could read. */
export function refuseUnreadable(quality: TileSample): void {
  if (quality.unreadable === 0) return;
  throw new SlideRefusal('SLIDE_CORRUPT', {}, `${quality.unreadable} of ${quality.sampled} tiles`);
}
