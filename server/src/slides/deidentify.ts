import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { advance } from './advance.js';
import { desk } from './desk.js';
import { SCRUB_VERSION } from './formats/scrub.js';
import type { AssociatedImageName, IdentifiedFile } from './formats/slide.js';
import type { LabelName, SlideRecord } from './model.js';
import { exists, syncFile, syncFolder } from './storage/slide-storage.js';

/**
 * Makes the readable slide, without names, and does away with the original. Label and macro are sealed apart
 * first, and that they exist is written down before they leave the slide: a crash in between loses neither.
 */
export async function deidentify(
  slide: SlideRecord,
  known: IdentifiedFile['reading'] | null,
): Promise<SlideRecord> {
  const { storage } = desk();
  const original = storage.original(slide.storageKey);
  const target = storage.slide(slide.storageKey);
  let current = slide;
  if (!(await exists(target))) {
    const reading = known ?? (await desk().decoders.run('identify', original)).reading;
    current = reading === 'direct' ? await scrub(current) : await convert(current);
    await syncFolder(dirname(target));
  }
  await rm(original, { force: true });
  return await advance(current, 'deidentified', { scrubVersion: SCRUB_VERSION });
}

async function scrub(slide: SlideRecord): Promise<SlideRecord> {
  const { storage, decoders } = desk();
  const original = storage.original(slide.storageKey);
  const known = slide.associated === null ? await advance(slide, null, await lookAt(slide, original)) : slide;
  await decoders.run('scrub', original);
  await rename(original, storage.slide(slide.storageKey));
  return known;
}

/** What the original says that will not stand in it any more. */
async function lookAt(slide: SlideRecord, original: string) {
  const colours = await desk().decoders.run('colours', original);
  return { associated: await sealLabels(slide), colourProfile: colours?.name ?? null };
}

async function sealLabels(slide: SlideRecord): Promise<LabelName[]> {
  const images = await desk().decoders.run('associated', desk().storage.original(slide.storageKey));
  return await sealImages(slide, images);
}

async function sealImages(
  slide: SlideRecord,
  images: ReadonlyMap<AssociatedImageName, Buffer>,
): Promise<LabelName[]> {
  const sealed: LabelName[] = [];
  for (const name of ['label', 'macro'] as const) {
    const jpeg = images.get(name);
    if (!jpeg) continue;
    await sealLabel(slide, name, jpeg);
    sealed.push(name);
  }
  return sealed;
}

async function sealLabel(slide: SlideRecord, name: LabelName, jpeg: Buffer): Promise<void> {
  const { storage, labels } = desk();
  const path = storage.sealed(slide.storageKey, name);
  // Left half written by a crash.
  await rm(path, { force: true });
  await labels.write(Readable.from([jpeg]), path);
  await syncFile(path);
}

async function convert(slide: SlideRecord): Promise<SlideRecord> {
  const { storage, decoders } = desk();
  const converting = storage.converting(slide.storageKey);
  await rm(converting, { force: true });
  const { mpp, mppSource, objective, colourProfile, associated, warnings } = await decoders
    .run('convert', storage.original(slide.storageKey), converting)
    // A process that was ended clears nothing away.
    .finally(() => rm(`${converting}.parts`, { recursive: true, force: true }));
  await syncFile(converting);
  const names = await sealImages(slide, associated);
  const known = await advance(slide, null, {
    associated: names,
    mpp,
    mppSource,
    objective,
    colourProfile,
    warnings: [...new Set([...slide.warnings, 'converted' as const, ...warnings])],
  });
  await rename(converting, storage.slide(slide.storageKey));
  return known;
}
