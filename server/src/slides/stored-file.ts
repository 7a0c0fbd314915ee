import { createHash } from 'node:crypto';
import { desk } from './desk.js';
import { FileSource } from './formats/byte-source.js';
import { openSeal, type Seal } from './formats/sealed-source.js';
import { openSource, piecesOf, type SlideFile } from './formats/slide-file.js';
import type { SlideRecord } from './model.js';

type Stored = Pick<SlideRecord, 'storageKey' | 'place'>;

/** @throws {SealBrokenError} altered, or its key is not in the settings */
export async function storedFile({ storageKey, place }: Stored): Promise<SlideFile> {
  const { storage } = desk();
  if (place?.form !== 'sealed') return storage.slide(storageKey);
  const path = storage.sealedSlide(storageKey);
  return { path, seal: await sealOf(path, storageKey) };
}

export async function sealOf(path: string, storageKey: string): Promise<Seal> {
  const raw = await FileSource.open(path);
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
