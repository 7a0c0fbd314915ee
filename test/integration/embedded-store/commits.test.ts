import { runCommand } from '@relecture/embedded-store/commands/registry.js';
import type { Store } from '@relecture/embedded-store/commands/types.js';
import type { Catalog } from '@relecture/embedded-store/storage/catalog.js';
import { expect } from 'chai';
import { typed } from '../../unit/embedded-store/documents.js';
import { closeFiles, inFreshFolder } from './files.js';

/** All that is asked in one turn shares one commit. */
describe('embedded store commits', () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    ({ folder, store } = await inFreshFolder());
  });
  afterEach(() => closeFiles(store, folder));
  const run = (body: Record<string, unknown>, database = 'db') =>
    runCommand({ store, database, body: typed(body), connectionId: 1 });

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

  it('undoes a commit that is half written even when its command caught the error', async () => {
    await run({ create: 'solid' });
    const solid = () => store.catalog.find('db', 'solid') as NonNullable<ReturnType<Catalog['find']>>;
    const good = store.environment.write(() => store.documents.insert(solid(), typed({ _id: 1 })));
    const bad = store.environment.write(() => {
      try {
        store.environment.apply(() => {
          throw new Error('disk full');
        });
      } catch {
        return 'as if nothing had been';
      }
    });
    const results = await Promise.allSettled([good, bad]);
    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(solid().count).to.equal(0);
  });

  const wrong: [string, Record<string, unknown>, string?][] = [
    ['an insert', { insert: 'system.x', documents: [{ _id: 1 }] }],
    ['an upsert', { update: 'a$b', updates: [{ q: { _id: 1 }, u: { $set: { a: 1 } }, upsert: true }] }],
    ['create', { create: 'system.x' }],
    ['an index', { createIndexes: 'system.x', indexes: [{ key: { a: 1 }, name: 'a' }] }],
    ['renaming', { renameCollection: 'db.solid', to: 'db.system.x' }, 'admin'],
    ['$out', { aggregate: 'solid', pipeline: [{ $out: 'system.x' }], cursor: {} }],
    ['a duplicate', { insert: 'solid', documents: [{ _id: 0 }] }],
    ['what is there already', { create: 'solid' }],
  ];
  for (const [name, body, database] of wrong) {
    it(`lets ${name} fail alone, whatever is written beside it and after it`, async () => {
      await run({ insert: 'solid', documents: [{ _id: 0 }] });
      const add = (_id: number) => run({ insert: 'solid', documents: [{ _id }] });
      const clash = () => run({ create: 'solid' });
      const outcomes = await Promise.allSettled([add(1), run(body, database), add(2), clash(), add(3)]);
      const later = await Promise.allSettled([add(4), clash(), add(5)]);
      const kept = [...outcomes, ...later].filter((_, at) => ![1, 3, 6].includes(at));
      expect(kept.map(({ status }) => status)).to.deep.equal(kept.map(() => 'fulfilled'));
      expect(store.catalog.find('db', 'solid')?.count).to.equal(6);
      expect(store.catalog.all().map((collection) => collection.name)).to.deep.equal(['solid']);
    });
  }

  it('tells whoever waives the acknowledgement nothing of what became of the write', async () => {
    const body = { insert: 'quiet', documents: [{ _id: 1 }, { _id: 1 }], writeConcern: { w: 0 } };
    expect([...(await run(body)).keys()]).to.deep.equal(['n', 'ok']);
    expect(store.catalog.find('db', 'quiet')?.count).to.equal(1);
  });
});
