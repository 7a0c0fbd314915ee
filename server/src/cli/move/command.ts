import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError, startEmbeddedStore } from '@relecture/embedded-store';
import mongoose, { type Connection, type mongo } from 'mongoose';
import { ConfigError, readConfig } from '../../config/index.js';
import { sealSentence } from '../../platform/seal-sentence.js';
import { copyDatabase, MoveRefused } from './copy-database.js';

/**
 * `relecture store move --to URI` from the embedded store of DATA_DIR to a MongoDB, `--from URI` back. The server is
 * stopped meanwhile. Killed, it goes on where it was when it is called again. The source stays as it is.
 */
export async function moveCommand(direction: 'to' | 'from', uri: string): Promise<number> {
  try {
    const start = performance.now();
    const { dataDir, storeKeys } = readConfig();
    const store = await startEmbeddedStore({ dataDir: join(dataDir, 'store'), keys: storeKeys });
    const connections: Connection[] = [];
    try {
      const embedded = await databaseAt(store.uri, connections, 'relecture');
      const other = await databaseAt(uri, connections);
      const moved = await (direction === 'to'
        ? copyDatabase(embedded, other, fingerprint(realpathSync(dataDir)), tell)
        : copyDatabase(other, embedded, fingerprint(uri), tell));
      const documents = moved.reduce((sum, { documents: some }) => sum + some, 0);
      const seconds = Math.round((performance.now() - start) / 100) / 10;
      process.stdout.write(
        `Copié et comparé en ${seconds} s : ${moved.length} collections, ${documents} documents. / Copied and compared in ${seconds} s: ${moved.length} collections, ${documents} documents.\n` +
          (direction === 'to'
            ? 'Démarrez maintenant avec MONGODB_URI ; l’ancien magasin reste où il est. / Start with MONGODB_URI now; the former store stays where it is.\n'
            : 'Démarrez maintenant sans MONGODB_URI ; la base reste comme elle est. / Start without MONGODB_URI now; the database stays as it is.\n'),
      );
      return 0;
    } finally {
      for (const connection of connections) await connection.close();
      await store.stop();
    }
  } catch (error) {
    process.stderr.write(sentenceFor(error as Error));
    return 1;
  }
}

async function databaseAt(uri: string, connections: Connection[], dbName?: string): Promise<mongo.Db> {
  const connection = mongoose.createConnection(uri, {
    ...(dbName ? { dbName } : {}),
    serverSelectionTimeoutMS: 10_000,
    writeConcern: { w: 'majority', journal: true },
  });
  connections.push(connection);
  const { db } = await connection.asPromise();
  if (!db) throw new Error('not connected');
  return db;
}

/** An address may hold a password: it is never written down. */
const fingerprint = (text: string): string => createHash('sha256').update(text).digest('hex');

const tell = ({ name, documents, sha256 }: { name: string; documents: number; sha256: string }): void => {
  process.stderr.write(`  ${name} : ${documents} documents, ${sha256.slice(0, 16)}\n`);
};

function sentenceFor(error: Error): string {
  if (error instanceof ConfigError || error instanceof MoveRefused) return `${error.message}\n`;
  if (error instanceof StoreError && error.code === 'STORE_LOCKED')
    return 'Relecture est démarré sur ce dossier : arrêtez-le d’abord. / Relecture is running on this folder: stop it first.\n';
  const sealed = sealSentence(error);
  if (sealed) return `${sealed}\n`;
  if (error.name === 'MongooseServerSelectionError')
    return 'La base MongoDB ne répond pas. / The MongoDB does not answer.\n';
  return `Échec : ${error.message} / Failed: ${error.message}\nRien n’est perdu : la même commande reprend. / Nothing is lost: the same command goes on.\n`;
}
