import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkStoreFolder, type StoreCheck, startEmbeddedStore } from '@relecture/embedded-store';
import mongoose from 'mongoose';
import type { Config } from '../../config/index.js';
import { sealSentence } from '../../platform/seal-sentence.js';
import type { SlideRecord } from '../../slides/index.js';
import type { ObjectStore } from '../../slides/storage/object-store.js';
import { type BackupSet, type Entry, type Manifest, openBackupSet } from './backup-set.js';

type Folders = Pick<Config, 'dataDir' | 'uploadsDir'>;

export interface BackupRestored {
  name: string;
  files: number;
  bytes: number;
  /** null: the backup is of a server with a MongoDB, whose own backup holds what the store would. */
  store: StoreCheck | null;
  /** Ready slides that the store names and the backup does not hold. */
  slidesMissing: number;
}

/** Nothing has been restored. */
export class RestoreRefused extends Error {}

/** It stopped half way: the folders hold a part of it, and no store. */
export class RestoreBroken extends Error {}

/** A restore only fills what is empty: nothing that is there can be lost by it. */
export async function refuseUnlessEmpty(folders: Folders): Promise<void> {
  for (const folder of [folders.dataDir, folders.uploadsDir]) {
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    // The folder of uploads may lie in that of the data.
    const held = names.filter((name) => join(folder, name) !== folders.uploadsDir);
    if (held.length > 0)
      throw new RestoreRefused(
        `Le dossier ${folder} n’est pas vide : rien n’est restauré par-dessus des données. / The folder ${folder} is not empty: nothing is restored over data.`,
      );
  }
}

/** The newest backup of the folder, or the one named. Every byte is compared with its hash, then the store checked. */
export async function restoreBackup(
  settings: Folders & Pick<Config, 'backupKeys' | 'storeKeys'>,
  folder: string,
  objects: ObjectStore | null,
  wanted: string | null,
): Promise<BackupRestored> {
  const set = openBackupSet(folder, settings.backupKeys);
  const names = await set.list();
  const name = wanted ?? names.at(-1);
  if (name === undefined || !names.includes(name))
    throw new RestoreRefused(
      `Sauvegarde introuvable dans ${folder}${wanted ? ` : ${wanted}` : ''}. / No such backup in ${folder}.`,
    );
  const manifest = await set.readManifest(name).catch((): never => {
    throw new RestoreRefused(
      `La sauvegarde ${name} ne s’ouvre pas : la clé de BACKUP_KEYS est une autre que la sienne, ou son fichier est abîmé. / The backup ${name} does not open: the key in BACKUP_KEYS is not its own, or its file is damaged.`,
    );
  });
  if (!objects && manifest.entries.some(({ root }) => root === 'objects'))
    throw new RestoreRefused(
      'Des lames de cette sauvegarde vont dans un dépôt S3 : donnez ses réglages (S3_…). / Slides of this backup belong in an S3 store: give its settings (S3_…).',
    );
  const ofStore = manifest.entries.filter(({ root }) => root === 'store');
  // Checked first, beside its place: one whose key is missing leaves the folders as empty as they were.
  const beside = join(settings.dataDir, 'store.restoring');
  let store: StoreCheck | null = null;
  if (ofStore.length > 0) {
    try {
      for (const entry of ofStore) await restoreEntry(set, entry, settings, objects);
      store = await checkStoreFolder(beside, settings.storeKeys);
    } catch (error) {
      await rm(beside, { recursive: true, force: true });
      const sentence = sealSentence(error);
      throw sentence ? new RestoreRefused(sentence) : error;
    }
  }
  for (const entry of manifest.entries.filter(({ root }) => root !== 'store'))
    await restoreEntry(set, entry, settings, objects);
  // In its place last: a restore that was cut has none.
  const storeDir = join(settings.dataDir, 'store');
  if (store) {
    await rename(beside, storeDir);
    await syncFolder(settings.dataDir);
  }
  return {
    name,
    files: manifest.entries.length,
    bytes: manifest.entries.reduce((sum, { bytes }) => sum + bytes, 0),
    store,
    slidesMissing: store ? await countMissingSlides(storeDir, manifest, settings.storeKeys) : 0,
  };
}

async function restoreEntry(
  set: BackupSet,
  entry: Entry,
  folders: Folders,
  objects: ObjectStore | null,
): Promise<void> {
  if (entry.root === 'objects') return await restoreObject(set, entry, objects);
  const base = {
    store: join(folders.dataDir, 'store.restoring', 'store'),
    data: folders.dataDir,
    uploads: folders.uploadsDir,
  }[entry.root];
  const path = resolve(base, entry.path);
  if (!path.startsWith(base + sep)) throw new Error('a path of the backup leads out of its folder');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const written = `${path}.restoring`;
  const hash = createHash('sha256');
  const source = Readable.from(hashed(blobOf(set, entry), hash), { objectMode: false });
  await pipeline(source, createWriteStream(written, { mode: 0o600, flush: true }));
  compare(entry, hash.digest('hex'));
  await rename(written, path);
  await syncFolder(dirname(path));
}

/** Read back: the other side of the line is not our disk. One that is there already is only compared. */
async function restoreObject(set: BackupSet, entry: Entry, objects: ObjectStore | null): Promise<void> {
  if (!objects) throw new Error('no object store in the settings');
  const read = async () => await fetch(await objects.addressOf(entry.path));
  let found = await read();
  if (found.status === 404) {
    await objects.write(entry.path, Readable.from(blobOf(set, entry), { objectMode: false }));
    found = await read();
  }
  if (!found.ok || !found.body) throw new Error(`the object store answered ${found.status}`);
  const hash = createHash('sha256');
  for await (const piece of found.body) hash.update(piece);
  compare(entry, hash.digest('hex'));
}

/** The bytes the backup holds of a file; which one it was that could not be read. */
async function* blobOf(set: BackupSet, entry: Entry): AsyncGenerator<Buffer> {
  try {
    yield* (await set.readBlob(entry.blob)) as AsyncIterable<Buffer>;
  } catch {
    throw broken(entry);
  }
}

function broken({ root, path, blob }: Entry): RestoreBroken {
  return new RestoreBroken(
    `Un fichier de la sauvegarde manque ou est abîmé (${root}/${path}, blobs/${blob.slice(0, 2)}/${blob}) : la restauration s’arrête là. Videz DATA_DIR et UPLOADS_DIR, puis prenez une autre sauvegarde (--backup NOM). / A file of the backup is missing or damaged: the restore stops here. Empty DATA_DIR and UPLOADS_DIR, then take another backup (--backup NAME).`,
  );
}

async function* hashed(source: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>) {
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
}

function compare(entry: Entry, found: string): void {
  if (entry.sha256 !== found) throw broken(entry);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function countMissingSlides(
  storeDir: string,
  { entries }: Manifest,
  keys: Config['storeKeys'],
): Promise<number> {
  const held = new Set(entries.map(({ root, path }) => `${root}/${path}`));
  const store = await startEmbeddedStore({ dataDir: storeDir, keys });
  try {
    const connection = mongoose.createConnection(store.uri);
    try {
      await connection.asPromise();
      const slides = connection.collection<Pick<SlideRecord, 'storageKey' | 'place'>>('slides');
      let missing = 0;
      const ready = slides.find({ status: 'ready' }, { projection: { storageKey: 1, place: 1 } });
      for await (const { storageKey, place } of ready)
        if (!held.has(lyingAt(storageKey, place))) missing += 1;
      return missing;
    } finally {
      await connection.close();
    }
  } finally {
    await store.stop();
  }
}

function lyingAt(storageKey: string, place: SlideRecord['place']): string {
  if (place?.object) return `objects/${place.object.name}`;
  return `uploads/slides/${storageKey.slice(0, 2)}/${storageKey}/${place?.form === 'sealed' ? 'sealed' : 'slide'}`;
}
