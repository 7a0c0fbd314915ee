import { StoreError } from '@relecture/embedded-store';
import { ConfigError } from '../config/index.js';
import { sealSentence } from '../platform/seal-sentence.js';

/** One clear sentence for whoever typed a command that needs the store of a stopped server. */
export function storeSentence(error: unknown): string {
  if (error instanceof ConfigError) return `${error.message}\n`;
  if (!(error instanceof StoreError)) throw error;
  switch (error.code) {
    case 'STORE_LOCKED':
      return 'Relecture est démarré sur ce dossier : arrêtez-le d’abord. / Relecture is running on this folder: stop it first.\n';
    case 'STORE_MISSING':
      return 'Il n’y a pas de magasin dans ce dossier (DATA_DIR). / There is no store in this folder (DATA_DIR).\n';
    default:
      return `${sealSentence(error) ?? `Le magasin ne s’ouvre pas : ${error.message} / The store cannot be opened: ${error.message}`}\n`;
  }
}
