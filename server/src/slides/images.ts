import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  const path = join(dirname(location.path), `thumbnail-${size}.jpg`);
  try {
    return { jpeg: await readFile(path), etag };
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const drawing =
    rendering.get(path) ?? drawThumbnail(location, size, path).finally(() => rendering.delete(path));
  rendering.set(path, drawing);
  return { jpeg: await drawing, etag };
}

async function drawThumbnail(location: SlideLocation, size: number, path: string): Promise<Buffer> {
  const jpeg = await desk().decoders.run('thumbnail', location.path, size);
  await writeFile(`${path}.new`, jpeg, { mode: 0o600 });
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
