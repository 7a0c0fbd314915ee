import mongoose from 'mongoose';
import { ConfigError, readConfig } from '../config/index.js';
import { openDatabase } from '../platform/db.js';
import { createLog } from '../platform/log.js';
import { sealSentence } from '../platform/seal-sentence.js';

/** Opens the store for a command and closes it again. One clear sentence, exit code 1, when it cannot be opened. */
export async function withStore(work: () => Promise<number>): Promise<number> {
  try {
    const database = await openDatabase(readConfig(), createLog('error'));
    try {
      return await work();
    } finally {
      await database.stop();
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    process.stderr.write(
      code === 'STORE_LOCKED'
        ? 'Relecture est démarré sur ce dossier : arrêtez-le d’abord, ou demandez par l’écran Administration. / Relecture is running on this folder: stop it first, or use the Administration screen.\n'
        : error instanceof ConfigError
          ? `${message}\n`
          : `${sealSentence(error) ?? `Le magasin ne s’ouvre pas : ${message} / The store cannot be opened: ${message}`}\n`,
    );
    await mongoose.disconnect();
    return 1;
  }
}
