import { createHash } from 'node:crypto';
import { Types } from 'mongoose';
import { SlideModel, type SlideRecord } from './model.js';
import { storedFile } from './stored-file.js';
import type { SlideLocation } from './tiles/tile-handler.js';

const KEPT = 10_000;

/** Where readable slides lie, so that a tile costs no query. A readable slide never changes; one that is put otherwise is forgotten. */
const known = new Map<string, SlideLocation>();

type Located = Pick<SlideRecord, 'status' | 'storageKey' | 'sha256' | 'scrubVersion' | 'place'>;

/**
 * Names the readable content: the original's hash and the rule by which names were taken out. With the storage
 * key, because two slides of equal content are two files, of which one may go.
 */
export function contentHashOf({
  storageKey,
  sha256,
  scrubVersion,
}: Pick<Located, 'storageKey' | 'sha256' | 'scrubVersion'>): string | null {
  if (sha256 === null || scrubVersion === null) return null;
  return createHash('sha256').update([sha256, scrubVersion, storageKey].join('\n')).digest('hex');
}

export function locateSlide(slideId: string): SlideLocation | null | Promise<SlideLocation | null> {
  return known.get(slideId) ?? look(slideId);
}

async function look(slideId: string): Promise<SlideLocation | null> {
  const slide = await SlideModel.findOne(
    { _id: new Types.ObjectId(slideId), status: 'ready' },
    { status: 1, storageKey: 1, sha256: 1, scrubVersion: 1, place: 1 },
  ).lean<Located>();
  const contentHash = slide ? contentHashOf(slide) : null;
  if (!slide || !contentHash) return null;
  const location = { file: await storedFile(slide), storageKey: slide.storageKey, contentHash };
  known.set(slideId, location);
  const [oldest] = known.keys();
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  return location;
}

export function forgetLocation(slideId: string): void {
  known.delete(slideId);
}

export function forgetLocations(): void {
  known.clear();
}
