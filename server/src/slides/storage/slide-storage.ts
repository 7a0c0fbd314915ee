import { randomBytes } from 'node:crypto';
import { constants, copyFile, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Where slide bytes lie. Names are random, so that neither a path nor a listing says anything about a patient:
 *
 *   incoming/<key>             being received
 *   slides/<kk>/<key>/original received, not yet readable
 *   slides/<kk>/<key>/slide    readable, without names
 *   slides/<kk>/<key>/sealed   the same, encrypted at rest (`place.ts`)
 *   slides/<kk>/<key>/label    photograph of the label, sealed; so is `macro`
 *   slides/<kk>/<key>/thumbnail-<size>.jpg; without `.jpg` sealed, of a sealed slide
 */
export interface SlideStorage {
  readonly incomingFolder: string;
  newKey(): string;
  incoming(key: string): string;
  original(key: string): string;
  converting(key: string): string;
  slide(key: string): string;
  /** The readable slide, encrypted: in place of `slide`. */
  sealedSlide(key: string): string;
  thumbnail(key: string, size: number): string;
  sealed(key: string, name: string): string;
  /** Takes a received file into the slide's own folder. Can be repeated. */
  adopt(key: string): Promise<void>;
  /** Copies a file of this machine to where received files lie; a clone where the disk can. */
  take(path: string, key: string): Promise<void>;
  /** Takes a file that already lies in UPLOADS_DIR. Can be repeated. */
  takeOver(path: string, key: string): Promise<void>;
  /** Deletes every byte of a slide. Can be repeated. */
  remove(key: string): Promise<void>;
  /** Received files and their pieces, with the time of the last byte. */
  listIncoming(): Promise<Array<{ key: string; path: string; changedAt: Date }>>;
  /** True when `bytes` more can be written and the reserve stays. */
  hasRoomFor(bytes: number): Promise<boolean>;
}

export interface StorageOptions {
  readonly uploadsDir: string;
  /** Kept free for the store and for conversions under way. */
  readonly reserveBytes: number;
}

const KEY = /^[0-9a-f]{32}$/;

export async function openSlideStorage(options: StorageOptions): Promise<SlideStorage> {
  const incomingFolder = join(options.uploadsDir, 'incoming');
  const slidesFolder = join(options.uploadsDir, 'slides');
  for (const folder of [incomingFolder, slidesFolder]) await mkdir(folder, { recursive: true, mode: 0o700 });

  /** Keys come back from clients as upload addresses: nothing but our own form may become a path. */
  function folderOf(key: string): string {
    if (!KEY.test(key)) throw new Error('not a storage key');
    return join(slidesFolder, key.slice(0, 2), key);
  }
  function incoming(key: string): string {
    if (!KEY.test(key)) throw new Error('not a storage key');
    return join(incomingFolder, key);
  }
  const original = (key: string) => join(folderOf(key), 'original');

  return {
    incomingFolder,
    newKey: () => randomBytes(16).toString('hex'),
    incoming,
    original,
    converting: (key) => join(folderOf(key), 'converting.tiff'),
    slide: (key) => join(folderOf(key), 'slide'),
    sealedSlide: (key) => join(folderOf(key), 'sealed'),
    thumbnail: (key, size) => join(folderOf(key), `thumbnail-${size}.jpg`),
    sealed: (key, name) => join(folderOf(key), name),

    async adopt(key) {
      await mkdir(folderOf(key), { recursive: true, mode: 0o700 });
      try {
        await rename(incoming(key), original(key));
      } catch (error) {
        // Done before a crash.
        if (!isMissing(error)) throw error;
      }
      await syncFolder(folderOf(key));
    },

    async take(path, key) {
      await copyFile(path, incoming(key), constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    },

    async takeOver(path, key) {
      try {
        await rename(path, incoming(key));
      } catch (error) {
        // Done before a crash.
        if (!isMissing(error)) throw error;
      }
      await syncFolder(incomingFolder);
    },

    async remove(key) {
      await rm(folderOf(key), { recursive: true, force: true });
      // A crash may have left pieces beside the upload.
      for (const name of await readdir(incomingFolder)) {
        if (name.startsWith(key)) await rm(join(incomingFolder, name), { force: true });
      }
    },

    async listIncoming() {
      const found: Array<{ key: string; path: string; changedAt: Date }> = [];
      for (const name of await readdir(incomingFolder)) {
        const path = join(incomingFolder, name);
        try {
          found.push({ key: name.replace(/\..*$/, ''), path, changedAt: (await stat(path)).mtime });
        } catch (error) {
          if (!isMissing(error)) throw error;
        }
      }
      return found;
    },

    async hasRoomFor(bytes) {
      const { bavail, bsize } = await statfs(options.uploadsDir);
      return bavail * bsize >= bytes + options.reserveBytes;
    },
  };
}

/** A piece waits beside its upload until its checksum is known; under a name of its own, for one that was cut may
 * still be on its way out when the next one comes. */
export const partOf = (path: string): string => `${path}.${randomBytes(4).toString('hex')}.part`;

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** null when there is no such file. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export const exists = async (path: string): Promise<boolean> => (await sizeOf(path)) !== null;

/** A rename is on disk when its folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
