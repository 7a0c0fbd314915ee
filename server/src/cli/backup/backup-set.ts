import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { createSealedFiles } from '../../platform/sealed-file.js';

/**
 * A folder of backups:
 *
 *   <time>.manifest   one backup: what it holds, where it lay, and its hash; encrypted, written last
 *   under-way         the same of a backup that was cut: the next one goes on from there
 *   blobs/<bb>/<name> the bytes of one file under a random name; encrypted, shared by all backups that hold the file
 *
 * A manifest names only whole blobs, and being authenticated itself it says which bytes each must be: blobs can be
 * neither swapped nor altered unseen.
 */
const BLOB = /^[0-9a-f]{32}$/;
const entrySchema = z.object({
  root: z.enum(['store', 'data', 'uploads', 'objects']),
  path: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  /** Of the file when it was copied; 0 for objects, which are never written over. */
  changedAt: z.number(),
  blob: z.string().regex(BLOB),
});
const manifestSchema = z.object({ version: z.literal(1), at: z.string(), entries: z.array(entrySchema) });

export type Entry = z.infer<typeof entrySchema>;
export type Manifest = z.infer<typeof manifestSchema>;
export type BackupKeys = ReadonlyArray<{ readonly id: string; readonly key: Buffer }>;

export interface BackupSet {
  /** Names of the backups, oldest first. */
  list(): Promise<string[]>;
  readManifest(name: string): Promise<Manifest>;
  /** On the disk when it resolves; answers its name. */
  writeManifest(manifest: Manifest): Promise<string>;
  /** What a backup that was cut had copied; null: none was. */
  readUnderWay(): Promise<Manifest | null>;
  writeUnderWay(manifest: Manifest): Promise<void>;
  clearUnderWay(): Promise<void>;
  /** Encrypted and on the disk when it resolves. */
  writeBlob(source: Readable): Promise<{ blob: string; bytes: number; sha256: string }>;
  readBlob(blob: string): Promise<Readable>;
  hasBlob(blob: string): boolean;
  /** All there are, also those that no manifest names. */
  blobs(): AsyncGenerator<{ blob: string; bytes: number; changedAt: number }>;
  removeBlob(blob: string): Promise<void>;
  /** Gone from the disk when it resolves. */
  removeManifest(name: string): Promise<void>;
}

const SUFFIX = '.manifest';
const UNDER_WAY = 'under-way';

export function openBackupSet(folder: string, keys: BackupKeys): BackupSet {
  const files = createSealedFiles({ identityKeys: keys });
  const pathOf = (blob: string): string => join(folder, 'blobs', blob.slice(0, 2), blob);
  const read = async (name: string): Promise<Manifest> =>
    manifestSchema.parse(JSON.parse(await text(await files.read(join(folder, name)))));
  const write = async (name: string, manifest: Manifest): Promise<void> => {
    const beside = join(folder, `.${name}.${randomBytes(4).toString('hex')}`);
    await files.write(Readable.from([Buffer.from(JSON.stringify(manifest))]), beside);
    await sync(beside);
    await rename(beside, join(folder, name));
    await sync(folder);
  };
  return {
    async list() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
        throw error;
      });
      return names.filter((name) => name.endsWith(SUFFIX)).sort();
    },
    readManifest: read,
    async writeManifest(manifest) {
      const name = `${manifest.at.replaceAll(':', '-')}${SUFFIX}`;
      await write(name, manifest);
      return name;
    },
    readUnderWay: async () => (existsSync(join(folder, UNDER_WAY)) ? await read(UNDER_WAY) : null),
    writeUnderWay: async (manifest) => await write(UNDER_WAY, manifest),
    clearUnderWay: async () => await rm(join(folder, UNDER_WAY), { force: true }),
    async writeBlob(source) {
      const blob = randomBytes(16).toString('hex');
      const path = pathOf(blob);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const written = await files.write(source, path);
      await sync(path);
      await sync(dirname(path));
      return { blob, ...written };
    },
    readBlob: (blob) => files.read(pathOf(blob)),
    hasBlob: (blob) => existsSync(pathOf(blob)),
    async *blobs() {
      const names = await readdir(join(folder, 'blobs'), { recursive: true });
      for (const blob of names.map((name) => basename(name)).filter((name) => BLOB.test(name))) {
        const { size, mtimeMs } = await stat(pathOf(blob));
        yield { blob, bytes: size, changedAt: mtimeMs };
      }
    },
    removeBlob: async (blob) => await rm(pathOf(blob), { force: true }),
    async removeManifest(name) {
      await rm(join(folder, name), { force: true });
      await sync(folder);
    },
  };
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
