import { createHash } from 'node:crypto';
import { Types } from 'mongoose';
import { SlideModel, type SlideRecord } from './model.js';
import { storedFile } from './stored-file.js';
import type { SlideLocation } from './tiles/tile-handler.js';

const KEPT = 10_000;

/** Where readable slides lie, so that a tile costs no query. A readable slide never changes; one that is put otherwise is forgotten. */
const known = new Map<string, { readonly location: SlideLocation; readonly until: number }>();
/** Counts what was forgotten: an answer under way may be of before. */
let forgotten = 0;
/** The address of an object holds for a week; a file's for as long as it lies there. */
const ADDRESS_MS = 24 * 3600 * 1000;

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
  const found = known.get(slideId);
  return found && found.until > Date.now() ? found.location : look(slideId);
}

async function look(slideId: string): Promise<SlideLocation | null> {
  const asOf = forgotten;
  const slide = await SlideModel.findOne(
    { _id: new Types.ObjectId(slideId), status: 'ready' },
    { status: 1, storageKey: 1, sha256: 1, scrubVersion: 1, place: 1 },
  ).lean<Located>();
  const contentHash = slide ? contentHashOf(slide) : null;
  if (!slide || !contentHash) return null;
  const location = { file: await storedFile(slide), storageKey: slide.storageKey, contentHash };
  // It moved while it was looked up: good for this once.
  if (asOf !== forgotten) return location;
  known.set(slideId, { location, until: Date.now() + ADDRESS_MS });
  const [oldest] = known.keys();
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  return location;
}

export function forgetLocation(slideId: string): void {
  forgotten += 1;
  known.delete(slideId);
}

export function forgetLocations(): void {
  known.clear();
}
