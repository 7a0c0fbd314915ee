import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Types } from 'mongoose';
import { now } from '../platform/clock.js';
import { desk } from './desk.js';
import { sealedSizeOf, sealPieces } from './formats/sealed-source.js';
import { openSource, piecesOf, type SlideFile } from './formats/slide-file.js';
import { dropGrants } from './grants.js';
import { THUMBNAIL_SIZES } from './images.js';
import { contentHashOf, forgetLocation } from './locations.js';
import { SlideModel, type SlidePlace, type SlideRecord } from './model.js';
import { syncFolder } from './storage/slide-storage.js';
import { addressOf, hashStored, objectStore, sealOf, storedFile } from './stored-file.js';
import { closeEverywhere } from './tile-processes.js';

/**
 * How readable slides lie at rest. A slide is prepared in plain; once nothing is to be looked at any more it is put as
 * the setting says, and its hash written down. The same road seals what lay in plain, opens what was sealed, and seals
 * anew under a newer key: write beside, read back, record, and only later do away with the former file.
 */
type Form = Pick<SlidePlace, 'where' | 'form' | 'keyId'>;

const wantedForm = (): Form => {
  const { where, atRest, slideKeys } = desk();
  return atRest === 'sealed'
    ? { where, form: 'sealed', keyId: slideKeys[0]?.id ?? null }
    : { where, form: 'plain', keyId: null };
};

const PLACEABLE = { status: 'ready', checking: false } as const;

/** Slides that do not lie as the setting says. */
export const misplaced = () => {
  const { where, form, keyId } = wantedForm();
  return {
    ...PLACEABLE,
    $or: [
      { 'place.where': { $ne: where } },
      { 'place.form': { $ne: form } },
      { 'place.keyId': { $ne: keyId } },
    ],
  };
};

/**
 * True when it was put otherwise. Can be repeated, and broken off at any point: the record names the file that counts.
 * Never twice at once for one slide (`place-jobs.ts` has one queue).
 */
export async function placeSlide(slideId: Types.ObjectId): Promise<boolean> {
  const slide = await SlideModel.findOne({ _id: slideId, ...misplaced() }).lean<SlideRecord>();
  if (!slide) {
    const lying = await SlideModel.findOne({ _id: slideId, ...PLACEABLE }).lean<SlideRecord>();
    if (lying) await clearStrays(lying);
    return false;
  }
  const wanted = wantedForm();
  const from = await storedFile(slide);
  const before = await hashStored(from);
  const lay = slide.place ?? IN_PLAIN;
  const moved = wanted.where !== 'folder' || wanted.form !== 'plain' || !isPlainFile(lay);
  const object = moved ? await put(from, slide.storageKey, wanted, before) : null;
  const place: SlidePlace = { ...wanted, ...before, object, former: moved ? formerOf(lay) : null, at: now() };
  const { modifiedCount } = await SlideModel.updateOne(
    { _id: slide._id, ...PLACEABLE, 'place.at': slide.place?.at ?? null },
    { $set: { place } },
  );
  // It went, or somebody else moved it: what was just written is nobody's.
  if (modifiedCount === 0 && object) await objectStore().remove(object.name);
  if (modifiedCount > 0 && moved) await stopReading(slide);
  return modifiedCount > 0;
}

const IN_PLAIN = { where: 'folder', form: 'plain', object: null } as const;
const isPlainFile = ({ where, form }: Pick<SlidePlace, 'where' | 'form'>): boolean =>
  where === 'folder' && form === 'plain';
const formerOf = ({ where, form, object }: Pick<SlidePlace, 'where' | 'form' | 'object'>) => ({
  where,
  form,
  object,
});

/** Written, read back and found the same; under the name that is read when it resolves. The object, when it is one. */
async function put(
  from: SlideFile,
  storageKey: string,
  wanted: Form,
  { sha256, bytes }: { sha256: string; bytes: number },
): Promise<SlidePlace['object']> {
  const object =
    wanted.where === 's3'
      ? {
          name: `${OBJECTS}${storageKey}/${randomBytes(8).toString('hex')}`,
          bytes: wanted.form === 'sealed' ? sealedSizeOf(bytes) : bytes,
        }
      : null;
  const target = pathOf(storageKey, wanted.form);
  const written = `${target}.new`;
  await withPieces(from, storageKey, wanted, async (pieces) => {
    if (object) await objectStore().write(object.name, pieces);
    else await writeFile(written, pieces);
  });
  const at = object ? await addressOf(storageKey, { where: 's3', object }) : { path: written };
  const seal = wanted.form === 'sealed' ? await sealOf(at, storageKey) : null;
  if ((await hashStored({ at, seal })).sha256 !== sha256)
    throw new Error('a slide was not the same after it was moved');
  if (!object) {
    await rename(written, target);
    await syncFolder(dirname(target));
  }
  return object;
}

/** Objects of slides begin so. */
export const OBJECTS = 'slides/';

/** Whoever has it open asks anew where it lies. */
async function stopReading(slide: SlideRecord): Promise<void> {
  forgetLocation(String(slide._id));
  dropGrants();
  const content = contentHashOf(slide);
  if (content) await closeEverywhere(content);
}

const pathOf = (storageKey: string, form: SlidePlace['form']): string =>
  form === 'sealed' ? desk().storage.sealedSlide(storageKey) : desk().storage.slide(storageKey);

async function withPieces(
  from: SlideFile,
  storageKey: string,
  { form }: Form,
  write: (pieces: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const [key] = desk().slideKeys;
  const source = await openSource(from);
  try {
    const plain = piecesOf(source);
    await write(form === 'sealed' && key ? sealPieces(plain, source.size, storageKey, key) : plain);
  } finally {
    await source.close();
  }
}

async function writeFile(path: string, pieces: AsyncIterable<Buffer>): Promise<void> {
  const out = await open(path, 'w', 0o600);
  try {
    for await (const piece of pieces) await out.writeFile(piece);
    await out.sync();
  } finally {
    await out.close();
  }
}

/** A tile may still be asked of the former file for so long after it was moved. */
const GRACE_MS = 60_000;

/** A cursor of the store waits ten minutes between two batches; each of these may be gigabytes. */
export const FEW = 4;

/** Does away with what moved slides left where they lay. Can be repeated; asked again for those of the last minute. */
export async function clearFormerPlaces(at = new Date(now().getTime() - GRACE_MS)): Promise<void> {
  const left = SlideModel.find({
    'place.former.where': { $in: ['folder', 's3'] },
    'place.at': { $lte: at },
  }).lean<SlideRecord[]>();
  for await (const { _id, storageKey, status, place } of left.cursor({ batchSize: FEW })) {
    if (status === 'ready' && place?.former) await clearFormer(storageKey, place, place.former);
    await SlideModel.updateOne({ _id, 'place.at': place?.at }, { $set: { 'place.former': null } });
  }
}

async function clearFormer(
  storageKey: string,
  place: SlidePlace,
  former: NonNullable<SlidePlace['former']>,
): Promise<void> {
  const { storage } = desk();
  if (former.object) await objectStore().remove(former.object.name);
  else if (former.where !== place.where || former.form !== place.form)
    await rm(pathOf(storageKey, former.form), { force: true });
  for (const size of THUMBNAIL_SIZES) {
    const thumbnail =
      place.form === 'sealed'
        ? storage.thumbnail(storageKey, size)
        : storage.sealed(storageKey, `thumbnail-${size}`);
    await rm(thumbnail, { force: true });
  }
}

/**
 * Does away with what a move left that was broken off between writing and recording (kill -9): above all a plain
 * copy of what is said to be sealed. Can be repeated; not while the slide is being moved.
 */
async function clearStrays({ storageKey, place }: Pick<SlideRecord, 'storageKey' | 'place'>): Promise<void> {
  if (!place || place.former) return;
  for (const form of ['plain', 'sealed'] as const) {
    const path = pathOf(storageKey, form);
    await rm(`${path}.new`, { force: true });
    if (place.where !== 'folder' || place.form !== form) await rm(path, { force: true });
  }
}

/** Every byte of a slide, wherever it lies. Can be repeated. */
export async function removeBytes({
  storageKey,
  place,
}: Pick<SlideRecord, 'storageKey' | 'place'>): Promise<void> {
  for (const object of [place?.object, place?.former?.object])
    if (object) await objectStore().remove(object.name);
  await desk().storage.remove(storageKey);
}

const STRAY_MS = 24 * 3600 * 1000;
const AT_ONCE = 500;

/** Objects that no record names: a move was cut between writing and recording. Those of the last day may be under way. */
export async function sweepObjects(at = now()): Promise<number> {
  const { objects } = desk();
  if (!objects) return 0;
  let removed = 0;
  let names: string[] = [];
  const settle = async () => {
    const known = await SlideModel.find({ 'place.object.name': { $in: names } }, { place: 1 }).lean<
      SlideRecord[]
    >();
    // A former object is on its way out anyway (`clearFormerPlaces`).
    const owned = new Set(known.map(({ place }) => place?.object?.name));
    for (const name of names.filter((one) => !owned.has(one))) {
      await objects.remove(name);
      removed += 1;
    }
    names = [];
  };
  for await (const { name, changedAt } of objects.list(OBJECTS)) {
    if (at.getTime() - changedAt.getTime() < STRAY_MS) continue;
    names.push(name);
    if (names.length >= AT_ONCE) await settle();
  }
  if (names.length > 0) await settle();
  return removed;
}
