import { createHash } from 'node:crypto';
import { desk } from './desk.js';
import { SlideStoreError } from './formats/remote-source.js';
import { openSeal, type Seal } from './formats/sealed-source.js';
import { openRaw, openSource, piecesOf, type SlideFile, type StoredFile } from './formats/slide-file.js';
import type { SlidePlace, SlideRecord } from './model.js';
import type { ObjectStore } from './storage/object-store.js';

type Stored = Pick<SlideRecord, 'storageKey' | 'place'>;

/** @throws {SealBrokenError} altered, or its key is not in the settings; {SlideStoreError} the store does not answer */
export async function storedFile({ storageKey, place }: Stored): Promise<SlideFile> {
  const { storage } = desk();
  if (!place || (place.where === 'folder' && place.form === 'plain')) return storage.slide(storageKey);
  const at = await addressOf(storageKey, place);
  return { at, seal: place.form === 'sealed' ? await sealOf(at, storageKey) : null };
}

export async function addressOf(
  storageKey: string,
  { where, object }: Pick<SlidePlace, 'where' | 'object'>,
): Promise<StoredFile['at']> {
  if (where === 'folder') return { path: desk().storage.sealedSlide(storageKey) };
  if (!object) throw new Error('an object without a name');
  return { url: await objectStore().addressOf(object.name), bytes: object.bytes };
}

/** @throws {SlideStoreError} slides lie in one that the settings no longer name */
export function objectStore(): ObjectStore {
  const { objects } = desk();
  if (!objects) throw new SlideStoreError('no object store in the settings');
  return objects;
}

export async function sealOf(at: StoredFile['at'], storageKey: string): Promise<Seal> {
  const raw = await openRaw(at);
  try {
    return await openSeal(raw, storageKey, desk().slideKeys);
  } finally {
    await raw.close();
  }
}

/** SHA-256 of the readable bytes, whichever way they lie. */
export async function hashStored(file: SlideFile): Promise<{ sha256: string; bytes: number }> {
  const source = await openSource(file);
  const digest = createHash('sha256');
  try {
    for await (const piece of piecesOf(source)) digest.update(piece);
    return { sha256: digest.digest('hex'), bytes: source.size };
  } finally {
    await source.close();
  }
}
