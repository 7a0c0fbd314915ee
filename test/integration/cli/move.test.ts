import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type EmbeddedStore, startEmbeddedStore } from '@relecture/embedded-store';
import { type CollectionMoved, copyDatabase } from '@relecture/server/cli/move/copy-database.js';
import { expect } from 'chai';
import mongoose, { type mongo } from 'mongoose';
import { testEntry } from '../../support/children.js';
import { run } from './run.js';

const STORE_PROCESS = fileURLToPath(new URL('./store-process.ts', import.meta.url));

/** Between our own store here and any server over the wire: TEST_MONGODB_URI, or a store in another process. */
describe('relecture store move', () => {
  let folder: string;
  let store: EmbeddedStore;
  let other: { uri: string; child: ChildProcess | null };
  const connections: mongoose.Connection[] = [];
  const open = async (uri: string, dbName: string): Promise<mongo.Db> => {
    const connection = await mongoose.createConnection(uri, { dbName }).asPromise();
    connections.push(connection);
    return connection.db as mongo.Db;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-test-'));
    store = await startEmbeddedStore({ dataDir: join(folder, 'store') });
    const real = process.env.TEST_MONGODB_URI;
    other = real ? { uri: real, child: null } : await startOther(join(folder, 'other'));
  });
  after(async () => {
    for (const connection of connections) {
      await connection.dropDatabase();
      await connection.close();
    }
    other.child?.kill();
    await store.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const { Int32, Double, Long, Decimal128, Binary, ObjectId, Timestamp, BSONRegExp } = mongoose.mongo.BSON;
  async function fill(database: mongo.Db): Promise<void> {
    const things = database.collection<{ _id: unknown; [name: string]: unknown }>('things');
    await things.createIndexes([
      { key: { n: 1, at: -1 }, name: 'by_n' },
      { key: { code: 1 }, unique: true, partialFilterExpression: { code: { $type: 'string' } } },
      { key: { goes: 1 }, expireAfterSeconds: 3600 },
    ]);
    await things.insertMany(
      Array.from({ length: 1200 }, (_, n) => ({
        _id: n % 2 ? n : `id-${n}`,
        n,
        at: new Date(n),
        code: `c${n}`,
      })),
    );
    await things.insertOne({
      _id: new ObjectId(),
      z: new Int32(1),
      a: new Double(1),
      l: Long.fromString('9007199254740993'),
      d: Decimal128.fromString('1.10'),
      b: new Binary(Buffer.from('x'), 4),
      t: new Timestamp({ t: 1, i: 2 }),
      r: new BSONRegExp('^a', 'i'),
      nothing: null,
      nested: [{ b: 1, a: [new Double(2), 'é'] }],
    });
    await database.collection('few').insertOne({ text: 'x' });
    await database.createCollection('none');
  }

  it('copies every collection with its indexes there and back, to the last byte', async () => {
    const [here, there, back] = [
      await open(store.uri, 'a'),
      await open(other.uri, `moved-${process.pid}`),
      await open(store.uri, 'b'),
    ];
    await fill(here);
    const moved = await copyDatabase(here, there, 'here');
    expect(moved.map(({ name, documents }) => `${name} ${documents}`)).to.deep.equal([
      'few 1',
      'none 0',
      'things 1201',
    ]);
    const returned = await copyDatabase(there, back, 'there');
    expect(returned).to.deep.equal(moved);
    const indexesOf = async (database: mongo.Db) =>
      (await database.collection('things').indexes()).map(
        ({ key, unique, partialFilterExpression, expireAfterSeconds }) => ({
          key,
          unique,
          partialFilterExpression,
          expireAfterSeconds,
        }),
      );
    expect(await indexesOf(back)).to.deep.equal(await indexesOf(here));
    expect(await back.listCollections({ name: 'relecture_move' }).toArray()).to.deep.equal([]);
  });

  it('goes on where it was cut, puts right what differs, and copies over nothing', async () => {
    const [here, there] = [await open(store.uri, 'c'), await open(other.uri, `resumed-${process.pid}`)];
    await fill(here);
    // As a kill leaves it: one collection done, part of the next written.
    const cut = new Error('cut');
    const seen: CollectionMoved[] = [];
    const first = await copyDatabase(here, there, 'here', (moved) => {
      seen.push(moved);
      if (seen.length === 2) throw cut;
    }).catch((error: Error) => error);
    expect(first).to.equal(cut);
    await there.collection('things').insertMany(await here.collection('things').find().limit(300).toArray());
    await there.collection('things').updateOne({ n: 7 }, { $set: { n: 8 } });
    await there.collection('things').insertOne({ strange: true });
    expect((await copyDatabase(here, there, 'elsewhere').catch((error: Error) => error)) as Error)
      .to.have.property('message')
      .that.contains('n’est pas vide');

    const resumed: string[] = [];
    const moved = await copyDatabase(here, there, 'here', ({ name }) => resumed.push(name));
    expect(resumed).to.deep.equal(['things']);
    expect(moved.map(({ documents }) => documents)).to.deep.equal([1, 0, 1201]);
    expect(await copyDatabase(here, there, 'here').catch((error: Error) => error)).to.be.instanceOf(Error);
  });

  it('takes a sealed store with its key, and says which key is missing', async () => {
    const dataDir = join(folder, 'sealed');
    const key = randomBytes(32);
    const sealed = await startEmbeddedStore({ dataDir: join(dataDir, 'store'), keys: [{ id: 's1', key }] });
    const inside = await mongoose.createConnection(sealed.uri).asPromise();
    await fill(inside.db as mongo.Db);
    await inside.close();
    await sealed.stop();

    const there = await open(other.uri, `unsealed-${process.pid}`);
    const uri = new URL(other.uri);
    uri.pathname = there.databaseName;
    const settings = { DATA_DIR: dataDir, UPLOADS_DIR: join(folder, 'uploads'), STORE_KEYS: '' };
    const move = ['store', 'move', '--to', uri.href];
    const locked = await run(move, settings);
    expect(locked.code).to.equal(1);
    expect(locked.err)
      .to.contain('STORE_SEALED')
      .and.not.match(/\n\s+at /);
    expect(await there.listCollections().toArray()).to.deep.equal([]);

    const moved = await run(move, { ...settings, STORE_KEYS: `s1:${key.toString('hex')}` });
    expect(moved.code, moved.err).to.equal(0);
    expect(moved.out).to.contain('3 collections, 1202 documents');
    expect(await there.collection('things').countDocuments()).to.equal(1201);
  });
});

async function startOther(dataDir: string): Promise<{ uri: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [...testEntry(STORE_PROCESS), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [uri] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { uri, child };
}
