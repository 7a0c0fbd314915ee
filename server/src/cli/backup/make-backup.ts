import { createReadStream } from 'node:fs';
import { mkdir, opendir, realpath, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { Config } from '../../config/index.js';
import type { ObjectStore } from '../../slides/storage/object-store.js';
import { type BackupSet, type Entry, type Manifest, openBackupSet } from './backup-set.js';
import { hotCopy } from './hot-copy.js';

type Settings = Pick<Config, 'dataDir' | 'uploadsDir' | 'mongodbUri' | 'backupKeys' | 'storeKeys'>;

export interface BackupMade {
  name: string;
  files: number;
  bytes: number;
  /** Of those: read and written now, as no earlier backup holds them. */
  copied: number;
  copiedBytes: number;
  /** False with a MongoDB, which has backups of its own. */
  store: boolean;
}

/** Being written, or received: whole under another name later. */
const UNDER_WAY = /(\.new|\.part|\.restoring|^converting\.tiff)$/;

/**
 * Store and files together, while the server writes. Files first, then the store at one moment, then the files that
 * came meanwhile: whatever the store names lay there in one of the two passes, as moved files stay for a minute.
 */
export async function makeBackup(
  settings: Settings,
  folder: string,
  objects: ObjectStore | null,
): Promise<BackupMade> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(({ code }: NodeJS.ErrnoException): never => {
    throw new BackupRefused(
      `Le dossier ${folder} ne peut pas être fait (${code}). / The folder ${folder} cannot be made (${code}).`,
    );
  });
  await refuseInside(folder, settings);
  const set = openBackupSet(folder, settings.backupKeys);
  const copier = new Copier(set, await lastEntries(set));
  try {
    await copier.pass(settings, objects);
    if (!settings.mongodbUri) await copier.store(settings);
    await copier.pass(settings, objects);
  } catch (error) {
    await copier.note();
    throw error;
  }
  for (const { blob } of copier.held.values())
    if (!set.hasBlob(blob))
      throw new BackupRefused(
        'Une autre sauvegarde a retiré pendant celle-ci ce qu’elle gardait : recommencez. / Another backup removed meanwhile what this one kept: try again.',
      );
  const name = await set.writeManifest(manifestOf(copier.held));
  await set.clearUnderWay();
  const entries = [...copier.held.values()];
  return {
    name,
    files: entries.length,
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
    copied: copier.copied,
    copiedBytes: copier.copiedBytes,
    store: !settings.mongodbUri,
  };
}

export class BackupRefused extends Error {}

/** It would hold itself, and lie on the disk whose loss it is for. */
async function refuseInside(folder: string, { dataDir, uploadsDir }: Settings): Promise<void> {
  const target = await realpath(folder);
  for (const data of [await realpath(dataDir), await realpath(uploadsDir)])
    if (target === data || target.startsWith(data + sep))
      throw new BackupRefused(
        'Le dossier des sauvegardes ne peut pas être dans celui des données. / The folder of backups cannot lie inside the data.',
      );
}

const keyOf = ({ root, path }: Pick<Entry, 'root' | 'path'>): string => `${root}/${path}`;

const manifestOf = (held: ReadonlyMap<string, Entry>): Manifest => ({
  version: 1,
  at: new Date().toISOString(),
  entries: [...held.values()],
});

/** Of the last backup, and of one after it that was cut; what has lost its bytes is copied again. */
async function lastEntries(set: BackupSet): Promise<Map<string, Entry>> {
  const last = (await set.list()).at(-1);
  const entries = last ? (await set.readManifest(last)).entries : [];
  const cut = (await set.readUnderWay())?.entries ?? [];
  const whole = [...entries, ...cut].filter(({ blob }) => set.hasBlob(blob));
  return new Map(whole.map((entry) => [keyOf(entry), entry]));
}

/** What is copied again, at most, after a kill. */
const NOTED_EVERY_BYTES = 1_000_000_000;
const NOTED_EVERY_FILES = 2000;

class Copier {
  readonly held = new Map<string, Entry>();
  copied = 0;
  copiedBytes = 0;
  #unnoted = { files: 0, bytes: 0 };
  readonly #set: BackupSet;
  readonly #known: Map<string, Entry>;

  constructor(set: BackupSet, known: Map<string, Entry>) {
    this.#set = set;
    this.#known = known;
  }

  async pass({ dataDir, uploadsDir }: Settings, objects: ObjectStore | null): Promise<void> {
    // The store's own files are copied by the store.
    for await (const path of filesOf(dataDir, [join(dataDir, 'store'), uploadsDir]))
      await this.#file('data', dataDir, path);
    for await (const path of filesOf(uploadsDir, [dataDir])) await this.#file('uploads', uploadsDir, path);
    if (!objects) return;
    for await (const { name } of objects.list('slides/')) {
      if (this.#has({ root: 'objects', path: name }, 0)) continue;
      const response = await fetch(await objects.addressOf(name));
      // Moved away since it was listed.
      if (response.status === 404) continue;
      if (!response.ok || !response.body) throw new Error(`the object store answered ${response.status}`);
      await this.#copy(
        { root: 'objects', path: name, changedAt: 0 },
        Readable.fromWeb(response.body as never),
      );
    }
  }

  /** A copy lies beside the store, as plain or sealed as the store itself, until it is encrypted. */
  async store({ dataDir, storeKeys }: Settings): Promise<void> {
    const folder = join(dataDir, 'store', 'copy');
    // Of a backup that was killed.
    await rm(folder, { recursive: true, force: true });
    try {
      await hotCopy(join(dataDir, 'store'), folder, storeKeys);
      const file = createReadStream(join(folder, 'data.mdb'));
      await this.#copy({ root: 'store', path: 'data.mdb', changedAt: 0 }, file);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #file(root: Entry['root'], base: string, path: string): Promise<void> {
    try {
      const { size, mtimeMs } = await stat(path);
      const place = { root, path: relative(base, path).split(sep).join('/') };
      if (this.#has(place, mtimeMs, size)) return;
      await this.#copy({ ...place, changedAt: mtimeMs }, createReadStream(path));
    } catch (error) {
      // Gone since its folder was read.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  /** A slide never changes: one that is held already is not read again. */
  #has(place: Pick<Entry, 'root' | 'path'>, changedAt: number, bytes?: number): boolean {
    const known = this.held.get(keyOf(place)) ?? this.#known.get(keyOf(place));
    if (!known || known.changedAt !== changedAt || (bytes !== undefined && known.bytes !== bytes))
      return false;
    this.held.set(keyOf(place), known);
    return true;
  }

  async #copy(place: Pick<Entry, 'root' | 'path' | 'changedAt'>, source: Readable): Promise<void> {
    const written = await this.#set.writeBlob(source);
    this.held.set(keyOf(place), { ...place, ...written });
    this.copied += 1;
    this.copiedBytes += written.bytes;
    this.#unnoted.files += 1;
    this.#unnoted.bytes += written.bytes;
    if (this.#unnoted.files >= NOTED_EVERY_FILES || this.#unnoted.bytes >= NOTED_EVERY_BYTES)
      await this.note();
  }

  /** For the next backup, should this one be cut. */
  async note(): Promise<void> {
    this.#unnoted = { files: 0, bytes: 0 };
    await this.#set.writeUnderWay(manifestOf(this.held));
  }
}

async function* filesOf(folder: string, without: readonly string[]): AsyncGenerator<string> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    if (without.includes(path) || UNDER_WAY.test(entry.name)) continue;
    if (entry.isDirectory()) yield* filesOf(path, without);
    else if (entry.isFile()) yield path;
  }
}
