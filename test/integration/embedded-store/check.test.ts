import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkStoreFolder, type StoreCheck, startEmbeddedStore } from '@relecture/embedded-store';
import type { Store } from '@relecture/embedded-store/commands/types.js';
import type { Collection } from '@relecture/embedded-store/storage/catalog.js';
import type { Entry } from '@relecture/embedded-store/storage/environment.js';
import {
  collectionRange,
  counterKey,
  documentKey,
  indexRange,
} from '@relecture/embedded-store/storage/layout.js';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { openFiles } from './files.js';
import { failure } from './store.js';

describe('embedded store check', () => {
  let written: string;
  let dataDir: string;
  before(async () => {
    written = await mkdtemp(join(tmpdir(), 'relecture-test-'));
    const store = await startEmbeddedStore({ dataDir: written });
    const connection = await mongoose.createConnection(store.uri).asPromise();
    const things = connection.collection('things');
    await things.createIndexes([
      { key: { tags: 1, n: -1 } },
      { key: { code: 1 }, unique: true },
      { key: { n: 1 }, partialFilterExpression: { n: { $gte: 20 } } },
      { key: { rare: 1 }, sparse: true },
    ]);
    await things.insertMany(
      Array.from({ length: 40 }, (_, n) => ({ n, code: `c${n}`, tags: n % 2 ? ['a', 'b'] : [] })),
    );
    await things.updateMany(
      { n: { $lt: 10 } },
      { $set: { rare: 'x'.repeat(3000) }, $push: { tags: 'c' } as never },
    );
    await things.deleteMany({ n: { $in: [3, 30] } });
    await connection.close();
    await store.stop();
  });
  after(() => rm(written, { recursive: true, force: true }));
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'relecture-test-'));
    await cp(written, dataDir, { recursive: true });
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  /** Damages the files as no write of the store ever would, and checks. */
  async function damaged(damage: (store: Store, collection: Collection) => void): Promise<StoreCheck> {
    const store = openFiles(join(dataDir, 'store'));
    const things = store.catalog.find('relecture', 'things');
    if (!things) throw new Error('no collection');
    await store.environment.write(() => damage(store, things));
    await store.environment.close();
    return await checkStoreFolder(dataDir);
  }
  const firstEntry = (store: Store, collection: Collection, index: number): Entry => {
    const [entry] = store.environment.entries(indexRange(collection.indexes[index]?.id ?? -1));
    if (!entry) throw new Error('no entry');
    return entry;
  };
  const kindsOf = ({ faults }: StoreCheck) => [...new Set(faults.map(({ kind }) => kind))];

  it('finds a store that was written in all ways whole, and changes nothing in it', async () => {
    const file = join(dataDir, 'store', 'data.mdb');
    const before = await readFile(file);
    const check = await checkStoreFolder(dataDir);
    expect(check).to.deep.include({ collections: 1, documents: 38, faults: [], faultCount: 0 });
    expect(check.entries).to.be.above(38 * 2);
    expect((await readFile(file)).equals(before)).to.equal(true);
  });

  for (const index of [0, 1, 2, 3]) {
    it(`finds an entry that is missing in index ${index}`, async () => {
      const check = await damaged(({ environment }, things) =>
        environment.remove(firstEntry({ environment } as Store, things, index).key),
      );
      expect(kindsOf(check)).to.include('missing_entry');
    });

    it(`finds a stray entry in index ${index}`, async () => {
      const check = await damaged((store, things) => {
        const { key, value } = firstEntry(store, things, index);
        store.environment.put(Buffer.concat([key, Buffer.from([1])]), value);
      });
      expect(kindsOf(check)).to.deep.equal(['stray_entry']);
      expect(check.faultCount).to.equal(1);
    });
  }

  it('finds the entry of a unique index that belongs to another document', async () => {
    const check = await damaged((store, things) => {
      const [first, second] = store.environment.entries(indexRange(things.indexes[1]?.id ?? -1));
      store.environment.put((first as Entry).key, (second as Entry).value);
    });
    expect(kindsOf(check)).to.deep.equal(['wrong_owner']);
  });

  it('finds a document that is gone under its entries, and wrong counters', async () => {
    const check = await damaged((store, things) => {
      const [first] = store.environment.entries(collectionRange(things.id));
      store.environment.remove((first as Entry).key);
    });
    expect(kindsOf(check)).to.have.members(['stray_entry', 'wrong_count', 'wrong_bytes']);
  });

  it('finds flags that are not set, bytes that are no document, and what belongs to no collection', async () => {
    const flags = await damaged((store, things) => {
      for (const index of things.indexes) index.multikey.fill(false);
      store.catalog.changed(things);
    });
    expect(kindsOf(flags)).to.deep.equal(['missing_flag']);
    const check = await damaged((store, things) => {
      const [first] = store.environment.entries(collectionRange(things.id));
      store.environment.put((first as Entry).key, Buffer.from('no document'));
      store.environment.put(documentKey(99, Buffer.from([1])), Buffer.from('x'));
      store.environment.put(counterKey(98), Buffer.alloc(16));
    });
    expect(kindsOf(check)).to.include.members(['unreadable_document', 'orphan']);
    expect(check.faults.filter(({ kind }) => kind === 'orphan')).to.have.length(2);
  });

  it('finds a copy damaged that has its length but other bytes in the place of pages', async () => {
    for (const fill of [0, 0x5a, 0xff]) {
      const file = join(dataDir, 'store', 'data.mdb');
      await rm(join(dataDir, 'store'), { recursive: true, force: true });
      await cp(join(written, 'store'), join(dataDir, 'store'), { recursive: true });
      const bytes = await readFile(file);
      // Behind both meta pages, which a copy that was cut begins with.
      await writeFile(file, bytes.fill(fill, 2 * 4096));
      expect((await failure(checkStoreFolder(dataDir))).code, String(fill)).to.equal('STORE_DAMAGED');
      expect((await failure(startEmbeddedStore({ dataDir }))).code, String(fill)).to.equal('STORE_DAMAGED');
    }
  });

  it('refuses a store that is in use, and a folder without one', async () => {
    const store = await startEmbeddedStore({ dataDir });
    expect((await failure(checkStoreFolder(dataDir))).code).to.equal('STORE_LOCKED');
    await store.stop();
    const empty = join(dataDir, 'empty');
    await mkdir(empty);
    expect((await failure(checkStoreFolder(empty))).code).to.equal('STORE_MISSING');
  });
});
