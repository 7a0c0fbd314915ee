import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StoreError } from './lifecycle/errors.js';
import { lockFolder } from './lifecycle/lock.js';
import { formatVersion } from './storage/catalog.js';
import { type Entry, Environment } from './storage/environment.js';
import { formatKey, sealKey } from './storage/layout.js';
import { type OpenFiles, openFiles, writeSeal } from './storage/open-files.js';
import type { StoreKey } from './storage/seal.js';

const besideName = 'rewriting';
const batchEntries = 2000;
const batchBytes = 16_000_000;

export interface Rewrite {
  /** One of them opens it if it is sealed; the first seals it. */
  keys: readonly StoreKey[];
  sealed: boolean;
}

/**
 * Writes the store of a stopped server anew into a file beside its own, sealed with a key of its own under the first of
 * the keys or plain, and puts it in the place of the old one by one rename. Killed before that, the
 * old file is as it was. Answers the number of records.
 */
export async function rewriteStoreFolder(
  dataDir: string,
  wanted: Rewrite,
  onProgress: (records: number) => void = () => undefined,
): Promise<number> {
  const folder = join(resolve(dataDir), 'store');
  if (!existsSync(join(folder, 'data.mdb')))
    throw new StoreError('STORE_MISSING', `There is no store in ${dataDir}.`);
  const lock = await lockFolder(folder);
  try {
    removeUnfinishedRewrite(folder);
    const beside = join(folder, besideName);
    mkdirSync(beside, { mode: 0o700 });
    const records = await copyInto(folder, beside, wanted, onProgress);
    sync(join(beside, 'data.mdb'));
    renameSync(join(beside, 'data.mdb'), join(folder, 'data.mdb'));
    sync(folder);
    removeUnfinishedRewrite(folder);
    return records;
  } catch (error) {
    removeUnfinishedRewrite(folder);
    throw error;
  } finally {
    await lock.release();
  }
}

/** Of a process that was killed; its store is as it was. */
export function removeUnfinishedRewrite(folder: string): void {
  rmSync(join(folder, besideName), { recursive: true, force: true });
}

async function copyInto(
  folder: string,
  beside: string,
  { keys, sealed }: Rewrite,
  onProgress: (records: number) => void,
): Promise<number> {
  const { environment: from } = await openAsItIs(folder, keys);
  const to = new Environment(beside);
  try {
    const [first] = keys;
    if (sealed && first) to.useSeal(await writeSeal(to, first));
    else await to.write(() => to.put(formatKey, Buffer.from([formatVersion.plain])));
    let records = 0;
    let batch: Entry[] = [];
    let bytes = 0;
    const write = async () => {
      const entries = batch;
      batch = [];
      bytes = 0;
      await to.write(() => {
        for (const { key, value } of entries) to.put(key, value);
      });
      records += entries.length;
      onProgress(records);
    };
    // Behind the format and the seal, which are those of the new file.
    const behind = Buffer.concat([sealKey, Buffer.from([0])]);
    for (const entry of from.entries({ low: behind, high: Buffer.from([0xff]) })) {
      batch.push(entry);
      bytes += entry.value.length;
      if (batch.length >= batchEntries || bytes >= batchBytes) await write();
    }
    await write();
    return records;
  } finally {
    await to.close();
    await from.close();
  }
}

/** Sealed or not: whoever seals a store holds its key before it has one. */
async function openAsItIs(folder: string, keys: readonly StoreKey[]): Promise<OpenFiles> {
  try {
    return await openFiles(folder, keys, { readOnly: true });
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'STORE_PLAIN') throw error;
    return await openFiles(folder, [], { readOnly: true });
  }
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
