import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StoreError } from '@relecture/embedded-store';
import { type Config, ConfigError, readConfig, readFolders } from '../../config/index.js';
import { sealSentence } from '../../platform/seal-sentence.js';
import type { ObjectStore } from '../../slides/storage/object-store.js';
import { openBackupSet } from './backup-set.js';
import { BackupRefused, makeBackup } from './make-backup.js';
import { pruneBackups } from './prune-backups.js';
import { RestoreBroken, RestoreRefused, refuseUnlessEmpty, restoreBackup } from './restore-backup.js';

/**
 * `relecture backup FOLDER [--keep N] [--json]`: store and files at one moment, also while the server runs; backups older
 * than the N newest are removed when this one is whole. Exit code 0 or 1.
 */
export async function backupCommand(argv: string[]): Promise<number> {
  const { folder, json, rest } = readOptions(argv);
  const [option, number, ...others] = rest;
  const keep = option === '--keep' && /^[1-9]\d{0,4}$/.test(number ?? '') ? Number(number) : null;
  if (!folder || others.length > 0 || (option !== undefined && keep === null))
    return usage('relecture backup DOSSIER [--keep N] [--json]');
  return await told(async () => {
    const start = performance.now();
    const config = readConfig();
    needKeys(config);
    const made = await withObjects(config, async (objects) => await makeBackup(config, folder, objects));
    const pruned = keep === null ? null : await pruneBackups(openBackupSet(folder, config.backupKeys), keep);
    const seconds = secondsSince(start);
    if (json) process.stdout.write(`${JSON.stringify({ ...made, pruned, seconds })}\n`);
    else
      process.stdout.write(
        `Sauvegarde ${made.name} : ${made.files} fichiers, ${mb(made.bytes)} Mo, dont ${made.copied} copiés (${mb(made.copiedBytes)} Mo), en ${seconds} s. / Backup ${made.name}: ${made.files} files, ${mb(made.bytes)} MB, of which ${made.copied} copied (${mb(made.copiedBytes)} MB), in ${seconds} s.\n`,
      );
    if (pruned && !json && pruned.backups.length + pruned.files > 0)
      process.stdout.write(
        `Retirés : ${pruned.backups.length} sauvegarde(s) plus ancienne(s), ${pruned.files} fichier(s), ${mb(pruned.bytes)} Mo. / Removed: ${pruned.backups.length} older backup(s), ${pruned.files} file(s), ${mb(pruned.bytes)} MB.\n`,
      );
    if (!made.store)
      process.stderr.write(
        'Les lames et documents sont sauvegardés ; la base MongoDB (MONGODB_URI) se sauvegarde avec ses propres outils, AVANT cette commande. / Slides and documents are backed up; the MongoDB (MONGODB_URI) is backed up with its own tools, BEFORE this command.\n',
      );
    return 0;
  });
}

/** `relecture restore FOLDER [--backup NAME] [--json]`: into the empty DATA_DIR and UPLOADS_DIR, everything compared. */
export async function restoreCommand(argv: string[]): Promise<number> {
  const { folder, json, rest } = readOptions(argv);
  const [option, name, ...others] = rest;
  if (!folder || others.length > 0 || (option !== undefined && (option !== '--backup' || !name)))
    return usage('relecture restore DOSSIER [--backup NOM] [--json]');
  return await told(async () => {
    const start = performance.now();
    // Before the settings are read: a machine without any writes its secrets there.
    await refuseUnlessEmpty(readFolders());
    const config = readConfig();
    needKeys(config);
    const restored = await withObjects(
      config,
      async (objects) => await restoreBackup(config, folder, objects, name ?? null),
    ).catch(async (error) => {
      // As empty as it was, for the next try.
      if (error instanceof RestoreRefused) await rm(join(config.dataDir, 'secrets.json'), { force: true });
      throw error;
    });
    const seconds = secondsSince(start);
    const faults = restored.store?.faultCount ?? 0;
    const whole = faults === 0 && restored.slidesMissing === 0;
    const { files, bytes, store, slidesMissing } = restored;
    if (json) process.stdout.write(`${JSON.stringify({ ...restored, whole, seconds })}\n`);
    else if (whole)
      process.stdout.write(
        `Restauré et vérifié en ${seconds} s : ${restored.name}, ${files} fichiers, ${mb(bytes)} Mo, ${store?.documents ?? 0} documents. / Restored and verified in ${seconds} s: ${restored.name}, ${files} files, ${mb(bytes)} MB, ${store?.documents ?? 0} documents.\n`,
      );
    else
      process.stdout.write(
        `Restauré en ${seconds} s, mais pas intact : ${faults} défaut(s) du magasin, ${slidesMissing} lame(s) absente(s). / Restored in ${seconds} s, but not whole: ${faults} fault(s) of the store, ${slidesMissing} slide(s) missing.\n`,
      );
    if (!store)
      process.stderr.write(
        'Cette sauvegarde ne contient pas la base : restaurez aussi celle de MongoDB. / This backup does not hold the database: restore that of MongoDB too.\n',
      );
    return whole ? 0 : 1;
  });
}

function readOptions(argv: readonly string[]): { folder: string | null; json: boolean; rest: string[] } {
  const [folder, ...rest] = argv.filter((argument) => argument !== '--json');
  return {
    folder: folder && !folder.startsWith('--') ? resolve(folder) : null,
    json: argv.includes('--json'),
    rest,
  };
}

function usage(line: string): number {
  process.stderr.write(`Usage : ${line}\n`);
  return 2;
}

const secondsSince = (start: number): number => Math.round((performance.now() - start) / 100) / 10;
const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);

function needKeys({ backupKeys }: Config): void {
  if (backupKeys.length === 0)
    throw new ConfigError(
      'BACKUP_KEYS doit être défini (`id:64 chiffres hexadécimaux`, openssl rand -hex 32) et gardé ailleurs que les sauvegardes. / BACKUP_KEYS must be set (`id:64 hex digits`, openssl rand -hex 32) and kept elsewhere than the backups.',
    );
}

async function withObjects<T>(config: Config, work: (objects: ObjectStore | null) => Promise<T>): Promise<T> {
  if (!config.s3) return await work(null);
  const { createObjectStore } = await import('../../slides/storage/object-store.js');
  const objects = createObjectStore(config.s3);
  try {
    return await work(objects);
  } finally {
    objects.close();
  }
}

/** Errors whose message is a sentence for people. */
const sentences = [ConfigError, BackupRefused, RestoreRefused, RestoreBroken];

/** One clear sentence, exit code 1, when it cannot be done. */
async function told(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const { message } = error as Error;
    process.stderr.write(
      sentences.some((kind) => error instanceof kind)
        ? `${message}\n`
        : error instanceof StoreError && error.code === 'STORE_LOCKED'
          ? 'Relecture démarre ou s’arrête en ce moment : recommencez. / Relecture is starting or stopping: try again.\n'
          : `${sealSentence(error) ?? `Échec : ${message} / Failed: ${message}`}\n`,
    );
    return 1;
  }
}
