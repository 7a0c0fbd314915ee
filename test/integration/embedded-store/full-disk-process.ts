/**
 * A process whose files may not grow beyond a limit, as on a disk that is full: writes until it is refused, then shows
 * that what was acknowledged can be read. Tells on stdout, one line each. Argument: data folder.
 */
import { writeSync } from 'node:fs';
import { startEmbeddedStore } from '@relecture/embedded-store';
import mongoose from 'mongoose';

const store = await startEmbeddedStore({ dataDir: process.argv[2] ?? '' });
const connection = await mongoose.createConnection(store.uri).asPromise();
const entries = connection.collection<{ _id: number; writer: number; text: string }>('entries');
await entries.createIndex({ writer: 1 });

let written = 0;
for (let refused = 0; refused < 3; ) {
  try {
    await entries.insertOne({ _id: written, writer: written % 4, text: 'x'.repeat(20_000) });
    writeSync(1, `insert ${written}\n`);
    written += 1;
  } catch {
    writeSync(1, 'refused\n');
    refused += 1;
  }
}
writeSync(1, `read ${(await entries.find({}, { projection: { _id: 1 } }).toArray()).length}\n`);
writeSync(1, `counted ${await entries.countDocuments({ writer: { $gte: 0 } })}\n`);
await connection.close();
await store.stop();
