import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedStore, startEmbeddedStore } from '@relecture/embedded-store';
import mongoose, { type Connection } from 'mongoose';

export interface TestStore {
  uri: string;
  connection: Connection;
  close(): Promise<void>;
}

/** An own database: in the embedded store, or in a real MongoDB when TEST_MONGODB_URI names one. */
export async function openTestStore(): Promise<TestStore> {
  const real = process.env.TEST_MONGODB_URI;
  if (real) {
    const connection = await mongoose
      .createConnection(real, { dbName: `relecture-test-${process.pid}-${Date.now()}` })
      .asPromise();
    return {
      uri: real,
      connection,
      async close() {
        await connection.dropDatabase();
        await connection.close();
      },
    };
  }
  const { store, dataDir } = await startInFreshFolder();
  const connection = await mongoose.createConnection(store.uri).asPromise();
  return {
    uri: store.uri,
    connection,
    async close() {
      await connection.close();
      await store.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

export async function startInFreshFolder(): Promise<{ store: EmbeddedStore; dataDir: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'relecture-test-'));
  return { dataDir, store: await startEmbeddedStore({ dataDir }) };
}

export function native(connection: Connection) {
  const { db } = connection;
  if (!db) throw new Error('not connected');
  return db;
}

/** The error an operation fails with. */
export async function failure(
  operation: Promise<unknown>,
): Promise<{ code?: number | string; message: string } & Record<string, unknown>> {
  try {
    await operation;
  } catch (error) {
    return error as never;
  }
  throw new Error('the operation was expected to fail');
}
