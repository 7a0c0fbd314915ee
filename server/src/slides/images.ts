import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { recordAccess } from '../platform/access-log.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { desk } from './desk.js';
import { authorizeImage, type Credentials } from './grants.js';
import { locateSlide } from './locations.js';
import type { LabelName } from './model.js';
import { maySeeLabel } from './policy.js';
import { seeSlide } from './service.js';
import { isMissing } from './storage/slide-storage.js';
import type { SlideLocation } from './tiles/tile-handler.js';

export const THUMBNAIL_SIZES = [128, 256, 512, 1024] as const;

export interface SlideImage {
  readonly jpeg: Buffer;
  /** Names the content; null for what no cache may keep. */
  readonly etag: string | null;
}

const rendering = new Map<string, Promise<Buffer>>();

/** The whole slide in one small JPEG; drawn once per size, then kept beside the slide. */
export async function readThumbnail(
  slideId: string,
  wanted: number,
  credentials: Credentials,
): Promise<SlideImage> {
  const access = await authorizeImage(credentials, slideId);
  if (access === 'unauthenticated') throw new ProblemError('NOT_SIGNED_IN');
  if (access !== 'granted') throw new ProblemError('NOT_FOUND');
  const location = await locateSlide(slideId);
  if (!location) throw new ProblemError('SLIDE_NOT_READY');
  const size = THUMBNAIL_SIZES.find((offered) => offered >= wanted) ?? THUMBNAIL_SIZES[3];
  const etag = `"${location.contentHash.slice(0, 32)}-thumbnail-${size}"`;
  const kept = await keptThumbnail(location, size);
  if (kept) return { jpeg: kept, etag };
  const key = `${location.contentHash} ${size}`;
  const drawing = rendering.get(key) ?? drawThumbnail(location, size).finally(() => rendering.delete(key));
  rendering.set(key, drawing);
  return { jpeg: await drawing, etag };
}

/** A small picture of a sealed slide is sealed too. */
const isSealed = ({ file }: SlideLocation): boolean => typeof file !== 'string' && file.seal !== null;

async function keptThumbnail(location: SlideLocation, size: number): Promise<Buffer | null> {
  const { storage, labels } = desk();
  try {
    return isSealed(location)
      ? await buffer(await labels.read(storage.sealed(location.storageKey, `thumbnail-${size}`)))
      : await readFile(storage.thumbnail(location.storageKey, size));
  } catch (error) {
    if (!isMissing(error)) throw error;
    return null;
  }
}

async function drawThumbnail(location: SlideLocation, size: number): Promise<Buffer> {
  const { storage, labels, decoders } = desk();
  const jpeg = await decoders.run('thumbnail', location.file, size);
  const path = isSealed(location)
    ? storage.sealed(location.storageKey, `thumbnail-${size}`)
    : storage.thumbnail(location.storageKey, size);
  await rm(`${path}.new`, { force: true });
  if (isSealed(location)) await labels.write(Readable.from([jpeg]), `${path}.new`);
  else await writeFile(`${path}.new`, jpeg, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return jpeg;
}

/** A photograph of the glass, with what is written on it. Every look is recorded. */
export async function readLabel(slideId: string, name: LabelName, principal: Principal): Promise<SlideImage> {
  const { slide, caseRecord } = await seeSlide(slideId, principal);
  if (!maySeeLabel(caseRecord, principal)) throw new ProblemError('FORBIDDEN');
  if (slide.status !== 'ready' || !slide.associated?.includes(name)) throw new ProblemError('NOT_FOUND');
  await recordAccess({
    actorId: principal.id,
    action: `slide.${name}-read`,
    recordKind: 'slide',
    recordId: slideId,
  });
  const stream = await desk().labels.read(desk().storage.sealed(slide.storageKey, name));
  return { jpeg: await buffer(stream), etag: null };
}
