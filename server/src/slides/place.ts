import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Types } from 'mongoose';
import { now } from '../platform/clock.js';
import { desk } from './desk.js';
import { sealPieces } from './formats/sealed-source.js';
import { openSource, piecesOf, type SlideFile } from './formats/slide-file.js';
import { dropGrants } from './grants.js';
import { THUMBNAIL_SIZES } from './images.js';
import { contentHashOf, forgetLocation } from './locations.js';
import { SlideModel, type SlidePlace, type SlideRecord } from './model.js';
import { syncFolder } from './storage/slide-storage.js';
import { hashStored, sealOf, storedFile } from './stored-file.js';
import { closeEverywhere } from './tile-processes.js';

/**
 * How readable slides lie at rest. A slide is prepared in plain; once nothing is to be looked at any more it is put as
 * the setting says, and its hash written down. The same road seals what lay in plain, opens what was sealed, and seals
 * anew under a newer key: write beside, read back, record, and only later do away with the former file.
 */
export const wantedForm = (): Pick<SlidePlace, 'form' | 'keyId'> => {
  const { atRest, slideKeys } = desk();
  return atRest === 'sealed'
    ? { form: 'sealed', keyId: slideKeys[0]?.id ?? null }
    : { form: 'plain', keyId: null };
};

const PLACEABLE = { status: 'ready', checking: false } as const;

/** Slides that do not lie as the setting says. */
export const misplaced = () => {
  const { form, keyId } = wantedForm();
  return { ...PLACEABLE, $or: [{ 'place.form': { $ne: form } }, { 'place.keyId': { $ne: keyId } }] };
};

/** True when it was put otherwise. Can be repeated, and broken off at any point: the record names the file that counts. */
export async function placeSlide(slideId: Types.ObjectId): Promise<boolean> {
  const slide = await SlideModel.findOne({ _id: slideId, ...misplaced() }).lean<SlideRecord>();
  if (!slide) return false;
  const wanted = wantedForm();
  const from = await storedFile(slide);
  const before = await hashStored(from);
  const moved = wanted.form === 'sealed' || slide.place?.form === 'sealed';
  if (moved) {
    const target = await write(from, slide.storageKey, wanted.form);
    const file =
      wanted.form === 'sealed' ? { path: target, seal: await sealOf(target, slide.storageKey) } : target;
    const after = await hashStored(file);
    if (after.sha256 !== before.sha256) throw new Error('a slide was not the same after it was moved');
    await rename(target, pathOf(slide.storageKey, wanted.form));
    await syncFolder(dirname(target));
  }
  const { modifiedCount } = await SlideModel.updateOne(
    { _id: slide._id, ...PLACEABLE },
    { $set: { place: { ...wanted, ...before, former: moved, at: now() } satisfies SlidePlace } },
  );
  if (modifiedCount === 0 || !moved) return modifiedCount > 0;
  await stopReading(slide);
  return true;
}

/** Whoever has it open asks anew where it lies. */
async function stopReading(slide: SlideRecord): Promise<void> {
  forgetLocation(String(slide._id));
  dropGrants();
  const content = contentHashOf(slide);
  if (content) await closeEverywhere(content);
}

const pathOf = (storageKey: string, form: SlidePlace['form']): string =>
  form === 'sealed' ? desk().storage.sealedSlide(storageKey) : desk().storage.slide(storageKey);

/** Beside what is there, under a name that nothing reads. */
async function write(from: SlideFile, storageKey: string, form: SlidePlace['form']): Promise<string> {
  const target = `${pathOf(storageKey, form)}.new`;
  const [key] = desk().slideKeys;
  const source = await openSource(from);
  const out = await open(target, 'w', 0o600);
  try {
    const plain = piecesOf(source);
    const pieces = form === 'sealed' && key ? sealPieces(plain, source.size, storageKey, key) : plain;
    for await (const piece of pieces) await out.writeFile(piece);
    await out.sync();
  } finally {
    await out.close();
    await source.close();
  }
  return target;
}

/** A tile may still be asked of the former file for so long after it was moved. */
const GRACE_MS = 60_000;

/** Does away with what moved slides left where they lay. Can be repeated; asked again for those of the last minute. */
export async function clearFormerPlaces(at = new Date(now().getTime() - GRACE_MS)): Promise<void> {
  const left = SlideModel.find({ 'place.former': true, 'place.at': { $lte: at } }).lean<SlideRecord[]>();
  for await (const slide of left.cursor()) {
    if (slide.status === 'ready' && slide.place) await clearFormer(slide, slide.place);
    await SlideModel.updateOne(
      { _id: slide._id, 'place.at': slide.place?.at },
      { $set: { 'place.former': false } },
    );
  }
}

async function clearFormer({ storageKey }: SlideRecord, { form }: SlidePlace): Promise<void> {
  const { storage } = desk();
  const sealed = form === 'sealed';
  await rm(sealed ? storage.slide(storageKey) : storage.sealedSlide(storageKey), { force: true });
  for (const size of THUMBNAIL_SIZES) {
    const thumbnail = sealed
      ? storage.thumbnail(storageKey, size)
      : storage.sealed(storageKey, `thumbnail-${size}`);
    await rm(thumbnail, { force: true });
  }
}
