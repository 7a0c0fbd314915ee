import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { advance, withWarning } from './advance.js';
import { desk } from './desk.js';
import { convertToPyramid } from './formats/convert.js';
import { identifyFile } from './formats/identify.js';
import { openSlide, readSlideColours } from './formats/open-slide.js';
import { SCRUB_VERSION, scrubSlide } from './formats/scrub.js';
import type { LabelName, SlideRecord } from './model.js';
import { exists, syncFile, syncFolder } from './storage/slide-storage.js';

/**
 * Makes the readable slide, without names, and does away with the original. Label and macro are sealed apart
 * first, and that they exist is written down before they leave the slide: a crash in between loses neither.
 */
export async function deidentify(slide: SlideRecord): Promise<SlideRecord> {
  const { storage } = desk();
  const original = storage.original(slide.storageKey);
  const target = storage.slide(slide.storageKey);
  let current = slide;
  if (!(await exists(target))) {
    const { reading } = await identifyFile(original);
    current = reading === 'direct' ? await scrub(current) : await convert(current);
    await syncFolder(dirname(target));
  }
  await rm(original, { force: true });
  return await advance(current, 'deidentified', { scrubVersion: SCRUB_VERSION });
}

async function scrub(slide: SlideRecord): Promise<SlideRecord> {
  const { storage } = desk();
  const original = storage.original(slide.storageKey);
  const known = slide.associated === null ? await advance(slide, null, await lookAt(slide, original)) : slide;
  await scrubSlide(original);
  await rename(original, storage.slide(slide.storageKey));
  return known;
}

/** What the original says that will not stand in it any more. */
async function lookAt(slide: SlideRecord, original: string) {
  const colours = await readSlideColours(original);
  return { associated: await sealLabels(slide), colourProfile: colours?.name ?? null };
}

async function sealLabels(slide: SlideRecord): Promise<LabelName[]> {
  const file = await openSlide(desk().storage.original(slide.storageKey));
  try {
    const names = file.associated.filter((name) => name !== 'thumbnail');
    for (const name of names) await sealLabel(slide, name, await file.readAssociated(name));
    return names;
  } finally {
    await file.close();
  }
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
  const { storage } = desk();
  const converting = storage.converting(slide.storageKey);
  await rm(converting, { force: true });
  const { mpp, mppSource, objective, colourProfile, associated, labelLost } = await convertToPyramid(
    storage.original(slide.storageKey),
    converting,
  );
  await syncFile(converting);
  const names = (['label', 'macro'] as const).filter((name) => associated.has(name));
  for (const name of names) await sealLabel(slide, name, associated.get(name) ?? Buffer.alloc(0));
  const known = await advance(slide, null, {
    associated: names,
    mpp,
    mppSource,
    objective,
    colourProfile,
    warnings: withWarning({ warnings: withWarning(slide, 'converted', true) }, 'label_unreadable', labelLost),
  });
  await rename(converting, storage.slide(slide.storageKey));
  return known;
}
