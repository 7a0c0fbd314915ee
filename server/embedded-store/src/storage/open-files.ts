import { checkDataFile, noteDataFile } from '../lifecycle/data-file.js';
import { StoreError } from '../lifecycle/errors.js';
import { Catalog, formatVersion } from './catalog.js';
import { Environment } from './environment.js';
import { formatKey, sealKey } from './layout.js';
import { Seal, type StoreKey } from './seal.js';

export interface OpenFiles {
  environment: Environment;
  catalog: Catalog;
}

/**
 * A store without documents takes the seal the keys ask for; every other one is opened only as it is. The first key is
 * the one a store is sealed with: when that was another of them, its own key is encrypted anew.
 */
export async function openFiles(
  folder: string,
  keys: readonly StoreKey[],
  { readOnly = false } = {},
): Promise<OpenFiles> {
  checkDataFile(folder, readOnly);
  let environment: Environment | undefined;
  try {
    environment = new Environment(folder, { readOnly });
    // A page of other bytes in the place of the root is read as a store without anything.
    if (environment.recordCount() > 0 && !environment.has(formatKey))
      throw new Error('it holds records that cannot be found');
    await openSeal(environment, keys, readOnly);
    const catalog = new Catalog(environment);
    if (!readOnly) noteDataFile(folder);
    return { environment, catalog };
  } catch (error) {
    await environment?.close();
    if (error instanceof StoreError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError('STORE_DAMAGED', `The store in ${folder} cannot be opened: ${reason}`);
  }
}

async function openSeal(environment: Environment, keys: readonly StoreKey[], readOnly: boolean) {
  const [first] = keys;
  const record = environment.get(sealKey);
  if (!record) {
    if (!first) return;
    if (environment.has(formatKey))
      throw new StoreError('STORE_PLAIN', 'A key is given, and the store is not sealed.');
    if (!readOnly) environment.useSeal(await writeSeal(environment, first));
    return;
  }
  const { seal, keyId } = Seal.unwrap(record, keys);
  environment.useSeal(seal);
  if (first && first.id !== keyId && !readOnly)
    await environment.write(() => environment.put(sealKey, seal.wrap(first)));
}

/** Into a store without documents. */
export async function writeSeal(environment: Environment, key: StoreKey): Promise<Seal> {
  const seal = Seal.make();
  await environment.write(() => {
    environment.put(formatKey, Buffer.from([formatVersion.sealed]));
    environment.put(sealKey, seal.wrap(key));
  });
  return seal;
}
