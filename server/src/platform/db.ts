import { join } from 'node:path';
import { startEmbeddedStore } from '@relecture/embedded-store';
import mongoose from 'mongoose';
import { type Config, ConfigError } from '../config/index.js';
import type { Logger } from './log.js';
import { configureSecretTexts } from './secret-text.js';

/** The collection a database has while it is being copied into. */
export const MOVE_NOTE = 'relecture_move';

export interface Database {
  readonly kind: 'embedded' | 'mongodb';
  stop(): Promise<void>;
}

/**
 * Opens the store: MongoDB when MONGODB_URI is set, the embedded store in DATA_DIR otherwise. Mongoose does not know
 * the difference. Indexes are built before the first request, so that no query ever runs without them.
 */
export async function openDatabase(config: Config, log: Logger): Promise<Database> {
  mongoose.set('strictQuery', 'throw');
  configureSecretTexts(config);
  const embedded = config.mongodbUri
    ? null
    : await startEmbeddedStore({
        dataDir: join(config.dataDir, 'store'),
        keys: config.storeKeys,
        onLog: (level, message) =>
          log[level === 'error' ? 'error' : level === 'warn' ? 'warn' : 'debug'](message),
      });
  const uri = config.mongodbUri ?? embedded?.uri ?? '';
  try {
    await mongoose.connect(uri, {
      ...(embedded ? { dbName: 'relecture' } : {}),
      autoIndex: false,
      serverSelectionTimeoutMS: 10_000,
      writeConcern: { w: 'majority', journal: true },
    });
    if (await mongoose.connection.collection(MOVE_NOTE).findOne({}))
      throw new ConfigError(
        'La copie vers cette base (relecture store move) n’est pas achevée : relancez la même commande. / The move into this database (relecture store move) is not finished: run the same command again.',
      );
    for (const model of Object.values(mongoose.models)) await model.createIndexes();
  } catch (error) {
    await mongoose.disconnect();
    await embedded?.stop();
    throw error;
  }
  return {
    kind: embedded ? 'embedded' : 'mongodb',
    async stop() {
      await mongoose.disconnect();
      await embedded?.stop();
    },
  };
}

/** Empties every collection of the product but those of the models named. */
export async function emptyCollections(except: readonly string[]): Promise<void> {
  for (const [name, model] of Object.entries(mongoose.models)) {
    if (!except.includes(name)) await model.deleteMany({});
  }
}
