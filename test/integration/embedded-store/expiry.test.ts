import type { Store } from '@relecture/embedded-store/commands/types.js';
import { removeExpired } from '@relecture/embedded-store/storage/expiry.js';
import { expect } from 'chai';
import { typed } from '../../unit/embedded-store/documents.js';
import { closeFiles, inFreshFolder } from './files.js';

describe('embedded store expiry', () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    ({ folder, store } = await inFreshFolder());
  });
  afterEach(() => closeFiles(store, folder));

  for (const direction of [1, -1]) {
    it(`removes what is older than its TTL index (${direction}) allows, and nothing else`, async () => {
      const now = Date.UTC(2026, 5, 1);
      const collection = await store.environment.write(() => {
        const made = store.catalog.create('db', 'tokens');
        const spec = typed({ name: 'ttl', key: { at: direction }, expireAfterSeconds: 60 });
        store.documents.beginIndex(made, store.catalog.newIndex(spec), 100);
        const documents = [
          { _id: 'old', at: new Date(now - 61_000) },
          { _id: 'old in a list', at: [new Date(now + 5000), new Date(now - 90_000)] },
          { _id: 'fresh', at: new Date(now - 59_000) },
          { _id: 'text', at: 'yesterday' },
          { _id: 'number', at: 5 },
          { _id: 'none' },
        ];
        for (const document of documents) store.documents.insert(made, typed(document));
        return made;
      });
      expect(await removeExpired(store, now)).to.equal(2);
      expect(collection.count).to.equal(4);
      expect(await removeExpired(store, now)).to.equal(0);
    });
  }

  it('removes many in several commits', async () => {
    await store.environment.write(() => {
      const made = store.catalog.create('db', 'many');
      const spec = typed({ name: 'ttl', key: { at: 1 }, expireAfterSeconds: 0 });
      store.documents.beginIndex(made, store.catalog.newIndex(spec), 100);
      for (let n = 0; n < 1200; n += 1) store.documents.insert(made, typed({ _id: n, at: new Date(n) }));
    });
    expect(await removeExpired(store, 5_000)).to.equal(1200);
  });

  it('removes nothing too early and keeps working when the clock goes back', async () => {
    const made = await store.environment.write(() => store.catalog.create('db', 'clock'));
    await store.environment.write(() =>
      store.documents.beginIndex(
        made,
        store.catalog.newIndex(typed({ v: 2, key: { at: 1 }, name: 'at', expireAfterSeconds: 1 })),
        10,
      ),
    );
    const insert = (_id: number, at: number) =>
      store.environment.write(() => store.documents.insert(made, typed({ _id, at: new Date(at) })));
    await insert(1, 10_000);
    await insert(2, 20_000);
    expect(await removeExpired(store, 12_000)).to.equal(1);
    // An hour back: what is written now is older than what was there, and not expired.
    await insert(3, 20_000 - 3_600_000);
    expect(await removeExpired(store, 20_500 - 3_600_000)).to.equal(0);
    expect(await removeExpired(store, 20_500)).to.equal(1);
    expect(await removeExpired(store, 21_500)).to.equal(1);
    expect(made.count).to.equal(0);
  });
});
