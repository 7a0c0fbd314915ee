/**
 * A process that writes until it is killed: every acknowledged write is told on stdout, one line each.
 * Arguments: data folder, first number, and the key of a sealed store.
 */
import { writeSync } from 'node:fs';
import { startEmbeddedStore } from '@relecture/embedded-store';
import mongoose from 'mongoose';

const [dataDir, first, key] = process.argv.slice(2) as [string, string, string?];
const keys = key ? [{ id: 'k1', key: Buffer.from(key, 'hex') }] : [];
const store = await startEmbeddedStore({ dataDir, keys });
const connection = await mongoose.createConnection(store.uri).asPromise();
const entries = connection.collection<{ _id: number; writer: number; rounds: number }>('entries');
await entries.createIndex({ writer: 1, _id: 1 });
writeSync(1, 'ready\n');

async function write(writer: number): Promise<never> {
  for (let at = 0; ; at += 1) {
    const _id = Number(first) + writer * 1_000_000 + at;
    await entries.insertOne({ _id, writer, rounds: 0 });
    writeSync(1, `insert ${_id}\n`);
    await entries.updateOne({ _id }, { $inc: { rounds: 1 } });
    writeSync(1, `update ${_id}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(write));
