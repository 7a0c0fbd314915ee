import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cursors } from '@relecture/embedded-store/commands/cursors.js';
import type { Store } from '@relecture/embedded-store/commands/types.js';
import { Catalog } from '@relecture/embedded-store/storage/catalog.js';
import { Documents } from '@relecture/embedded-store/storage/documents.js';
import { Environment } from '@relecture/embedded-store/storage/environment.js';
import { removeExpired } from '@relecture/embedded-store/storage/expiry.js';
import { expect } from 'chai';
import { typed } from '../../unit/embedded-store/documents.js';

describe('embedded store expiry', () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-test-'));
    const environment = new Environment(folder);
    const catalog = new Catalog(environment);
    environment.setHooks({ beforeCommit: () => catalog.flush(), afterAbort: () => catalog.load() });
    store = {
      environment,
      catalog,
      documents: new Documents(environment, catalog),
      cursors: new Cursors(),
      socketPath: '',
    };
  });
  afterEach(async () => {
    await store.environment.close();
    await rm(folder, { recursive: true });
  });

  for (const direction of [1, -1]) {
    it(`removes what is older than its TTL index (${direction}) allows, and nothing else`, async () => {
      const now = Date.UTC(2026, 5, 1);
      const collection = await store.environment.write(() => {
        const made = store.catalog.create('db', 'tokens');
        const spec = typed({ name: 'ttl', key: { at: direction }, expireAfterSeconds: 60 });
        store.documents.build(made, store.catalog.newIndex(spec));
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
      store.documents.build(
        made,
        store.catalog.newIndex(typed({ name: 'ttl', key: { at: 1 }, expireAfterSeconds: 0 })),
      );
      for (let n = 0; n < 1200; n += 1) store.documents.insert(made, typed({ _id: n, at: new Date(n) }));
    });
    expect(await removeExpired(store, 5_000)).to.equal(1200);
  });

  it('gives up a commit that fails half way, with all its writes, and goes on', async () => {
    await store.environment.write(() => store.catalog.create('db', 'solid'));
    const solid = () => store.catalog.find('db', 'solid') as NonNullable<ReturnType<Catalog['find']>>;
    const good = store.environment.write(() => store.documents.insert(solid(), typed({ _id: 1 })));
    const bad = store.environment.write(() => {
      store.environment.apply(() => {
        throw new Error('disk full');
      });
    });
    const results = await Promise.allSettled([good, bad]);
    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(solid().count).to.equal(0);
    await store.environment.write(() => store.documents.insert(solid(), typed({ _id: 1 })));
    expect(solid().count).to.equal(1);
  });
});
