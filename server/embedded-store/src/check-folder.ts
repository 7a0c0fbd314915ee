import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StoreError } from './lifecycle/errors.js';
import { lockFolder } from './lifecycle/lock.js';
import { type CheckProgress, checkStore, type StoreCheck } from './storage/check.js';
import { openFiles } from './storage/open-files.js';
import type { StoreKey } from './storage/seal.js';

/** Checks the files of a store that is stopped, and changes nothing in them. */
export async function checkStoreFolder(
  dataDir: string,
  keys: readonly StoreKey[] = [],
  onProgress?: (progress: CheckProgress) => void,
): Promise<StoreCheck> {
  const folder = join(resolve(dataDir), 'store');
  if (!existsSync(join(folder, 'data.mdb')))
    throw new StoreError('STORE_MISSING', `There is no store in ${dataDir}.`);
  const lock = await lockFolder(folder);
  try {
    const { environment, catalog } = await openFiles(folder, keys, { readOnly: true });
    environment.showUnreadable();
    try {
      return checkStore(environment, catalog, onProgress);
    } finally {
      await environment.close();
    }
  } finally {
    await lock.release();
  }
}
