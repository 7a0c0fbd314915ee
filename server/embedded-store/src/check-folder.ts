import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkDataFile } from './lifecycle/data-file.js';
import { StoreError } from './lifecycle/errors.js';
import { lockFolder } from './lifecycle/lock.js';
import { Catalog } from './storage/catalog.js';
import { type CheckProgress, checkStore, type StoreCheck } from './storage/check.js';
import { Environment } from './storage/environment.js';

/** Checks the files of a store that is stopped, and changes nothing in them. */
export async function checkStoreFolder(
  dataDir: string,
  onProgress?: (progress: CheckProgress) => void,
): Promise<StoreCheck> {
  const folder = join(resolve(dataDir), 'store');
  if (!existsSync(join(folder, 'data.mdb')))
    throw new StoreError('STORE_MISSING', `There is no store in ${dataDir}.`);
  const lock = await lockFolder(folder);
  try {
    checkDataFile(folder);
    const environment = openReadOnly(folder);
    try {
      return checkStore(environment, new Catalog(environment), onProgress);
    } finally {
      await environment.close();
    }
  } finally {
    await lock.release();
  }
}

function openReadOnly(folder: string): Environment {
  try {
    return new Environment(folder, { readOnly: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError('STORE_DAMAGED', `The store in ${folder} cannot be opened: ${reason}`);
  }
}
