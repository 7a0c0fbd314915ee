import type { BackupSet } from './backup-set.js';

export interface Pruned {
  /** Names of the backups that are no more. */
  backups: string[];
  files: number;
  bytes: number;
}

/** A backup that runs beside this one may be about to name what no manifest names yet. */
const GRACE_MS = 2 * 24 * 3600 * 1000;

/**
 * Leaves the newest backups and what they hold. Manifests go first: however it ends, none names a blob that is gone. A
 * kept manifest that cannot be read ends it before anything is removed, as nobody could say what it needs.
 */
export async function pruneBackups(set: BackupSet, keep: number, now = Date.now()): Promise<Pruned> {
  const names = await set.list();
  const kept = names.slice(-keep);
  const needed = new Set<string>();
  for (const name of kept) for (const { blob } of (await set.readManifest(name)).entries) needed.add(blob);
  for (const { blob } of (await set.readUnderWay())?.entries ?? []) needed.add(blob);
  const backups = names.slice(0, -keep);
  for (const name of backups) await set.removeManifest(name);
  const pruned = { backups, files: 0, bytes: 0 };
  for await (const { blob, bytes, changedAt } of set.blobs()) {
    if (needed.has(blob) || now - changedAt < GRACE_MS) continue;
    await set.removeBlob(blob);
    pruned.files += 1;
    pruned.bytes += bytes;
  }
  return pruned;
}
