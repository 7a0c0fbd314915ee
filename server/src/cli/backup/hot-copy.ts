import { addressOfRunningStore, StoreError, startEmbeddedStore } from '@relecture/embedded-store';
import mongoose from 'mongoose';
import type { Config } from '../../config/index.js';

type Keys = Config['storeKeys'];

/** The files of the embedded store at one moment, into `folder`; by the server that has it open, or by ourselves. */
export async function hotCopy(dataDir: string, folder: string, keys: Keys): Promise<void> {
  const { uri, stop } = await reachStore(dataDir, keys);
  try {
    const connection = mongoose.createConnection(uri, { serverSelectionTimeoutMS: 10_000 });
    try {
      await connection.asPromise();
      await connection.db?.command({ copyFiles: 1, to: folder });
    } finally {
      await connection.close();
    }
  } finally {
    await stop();
  }
}

export async function reachStore(
  dataDir: string,
  keys: Keys,
): Promise<{ uri: string; stop(): Promise<void> }> {
  try {
    return await startEmbeddedStore({ dataDir, keys });
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'STORE_LOCKED') throw error;
    const uri = addressOfRunningStore(dataDir);
    // Between its lock and its socket.
    if (uri === null) throw error;
    return { uri, stop: async () => undefined };
  }
}
