import { join } from 'node:path';
import { rewriteStoreFolder } from '@relecture/embedded-store';
import { readConfig } from '../config/index.js';
import { storeSentence } from './store-sentence.js';

/**
 * `relecture store seal`: the store of the stopped server is written anew, encrypted under the first of STORE_KEYS; one that
 * is sealed already gets a new key of its own. `unseal`: as plain as before. Killed, the store is as it was.
 */
export async function sealCommand(direction: 'seal' | 'unseal'): Promise<number> {
  try {
    const start = performance.now();
    const { dataDir, storeKeys, mongodbUri } = readConfig();
    if (mongodbUri || storeKeys.length === 0) {
      process.stderr.write(
        mongodbUri
          ? 'Le magasin est une base MongoDB (MONGODB_URI), qui se chiffre avec ses propres moyens. / The store is a MongoDB (MONGODB_URI), which is encrypted by its own means.\n'
          : 'STORE_KEYS doit être défini (`id:64 chiffres hexadécimaux`, openssl rand -hex 32) et gardé hors du dossier des données. / STORE_KEYS must be set (`id:64 hex digits`, openssl rand -hex 32) and kept outside the data folder.\n',
      );
      return 1;
    }
    const folder = join(dataDir, 'store');
    let told = 0;
    const records = await rewriteStoreFolder(
      folder,
      { keys: storeKeys, sealed: direction === 'seal' },
      (written) => {
        if (written - told < 100_000) return;
        told = written;
        process.stderr.write(`  ${written}\n`);
      },
    );
    const seconds = Math.round((performance.now() - start) / 100) / 10;
    process.stdout.write(
      direction === 'seal'
        ? `Magasin scellé en ${seconds} s : ${records} enregistrements, clé ${storeKeys[0]?.id}. / Store sealed in ${seconds} s: ${records} records, key ${storeKeys[0]?.id}.\n`
        : `Magasin descellé en ${seconds} s : ${records} enregistrements ; démarrez maintenant sans STORE_KEYS. / Store unsealed in ${seconds} s: ${records} records; start without STORE_KEYS now.\n`,
    );
    return 0;
  } catch (error) {
    process.stderr.write(storeSentence(error));
    return 1;
  }
}
