import { int } from '@relecture/embedded-store/bson/values.js';
import { writeDocument } from '@relecture/embedded-store/bson/write.js';
import type { Store } from '@relecture/embedded-store/commands/types.js';
import { planQuery, type Query } from '@relecture/embedded-store/plan/query.js';
import { compileFilter } from '@relecture/embedded-store/query/match.js';
import type { Collection } from '@relecture/embedded-store/storage/catalog.js';
import { idKey, indexRange } from '@relecture/embedded-store/storage/layout.js';
import { expect } from 'chai';
import { typed } from '../../unit/embedded-store/documents.js';
import { closeFiles, inFreshFolder, openFiles } from './files.js';

describe('embedded store: indexes built while the store works', () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    ({ folder, store } = await inFreshFolder());
  });
  afterEach(() => closeFiles(store, folder));

  const cases = (): Collection => store.catalog.find('db', 'cases') as Collection;
  const spec = (unique = false) => typed({ v: 2, key: { n: 1 }, name: 'n_1', ...(unique ? { unique } : {}) });
  const planFor = (n: number) => {
    const query: Query = {
      filter: compileFilter(typed({ n })),
      sort: [],
      skip: 0,
      limit: 0,
      hint: undefined,
    };
    return planQuery(cases(), query).kind;
  };

  async function fill(documents: object[]): Promise<void> {
    await store.environment.write(() => {
      const made = store.catalog.find('db', 'cases') ?? store.catalog.create('db', 'cases');
      for (const document of documents) store.documents.insert(made, typed(document));
    });
  }

  /** What a write does meanwhile. */
  const change = (at: number, n: number) =>
    store.environment.write(() => {
      const before = typed({ _id: at, n: at });
      const size = writeDocument(before).length;
      store.documents.replace(cases(), idKey(int(at)), before, size, typed({ _id: at, n }));
    });
  const drop = (at: number) =>
    store.environment.write(() => {
      const document = typed({ _id: at, n: at });
      store.documents.remove(cases(), idKey(int(at)), document, writeDocument(document).length);
    });

  /** As many keys as documents, and each leads to a document that is there. */
  function complete(): void {
    const [index] = cases().indexes;
    const keys = [...store.environment.entries(indexRange(index?.id as number))];
    expect(keys).to.have.length(cases().count);
  }

  it('takes up what is written meanwhile, and is used only when it holds everything', async () => {
    await fill(Array.from({ length: 3500 }, (_, n) => ({ _id: n, n })));
    const ready = await store.environment.write(() => ({ done: store.builds.start(cases(), spec(true)) }));
    expect(planFor(5)).to.equal('collection');
    await Promise.all([
      fill([{ _id: 9000, n: 9000 }]),
      change(10, 70_000),
      change(3400, 70_001),
      drop(20),
      drop(3300),
    ]);
    await ready.done;
    expect(planFor(5)).to.equal('index');
    complete();
  });

  it('leaves nothing of a unique index when a later document repeats a value', async () => {
    await fill(Array.from({ length: 2500 }, (_, n) => ({ _id: n, n })));
    await fill([{ _id: 9000, n: 7 }]);
    const build = await store.environment.write(() => ({ done: store.builds.start(cases(), spec(true)) }));
    // Meanwhile the one that repeats the value changes and comes back: the key of the first stays.
    await store.environment.write(() => {
      const repeated = typed({ _id: 9000, n: 7 });
      const size = writeDocument(repeated).length;
      store.documents.replace(cases(), idKey(int(9000)), repeated, size, typed({ _id: 9000, n: 8000 }));
    });
    await build.done;
    complete();
    const again = store.environment.write(() => {
      store.documents.insert(cases(), typed({ _id: 9001, n: 7 }));
    });
    expect(await again.catch((error: { code: number }) => error.code)).to.equal(11000);
    await store.environment.write(() => store.documents.dropIndex(cases(), cases().indexes[0] as never));
    await fill([{ _id: 9002, n: 7 }]);
    const second = await store.environment.write(() => ({ done: store.builds.start(cases(), spec(true)) }));
    expect(await second.done.catch((error: { code: number }) => error.code)).to.equal(11000);
    expect(cases().indexes).to.deep.equal([]);
  });

  it('gives up when its collection is dropped', async () => {
    await fill(Array.from({ length: 2500 }, (_, n) => ({ _id: n, n })));
    const build = await store.environment.write(() => ({ done: store.builds.start(cases(), spec()) }));
    await store.environment.write(() => store.documents.drop(cases()));
    expect(await build.done.catch((error: { code: number }) => error.code)).to.equal(276);
  });

  it('undoes at the next start what a stop left half built', async () => {
    await fill(Array.from({ length: 50 }, (_, n) => ({ _id: n, n })));
    const index = store.catalog.newIndex(spec());
    await store.environment.write(() => store.documents.beginIndex(cases(), index, 10));
    await store.environment.close();
    const log: string[] = [];
    store = openFiles(folder, log);
    expect(planFor(5)).to.equal('collection');
    await store.builds.undoUnfinished();
    expect(cases().indexes).to.deep.equal([]);
    expect([...store.environment.entries(indexRange(index.id))]).to.deep.equal([]);
    expect(log).to.have.length(1);
  });
});
