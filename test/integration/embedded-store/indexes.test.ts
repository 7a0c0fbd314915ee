import { expect } from 'chai';
import * as fc from 'fast-check';
import type { mongo } from 'mongoose';
import { failure, native, openTestStore, type TestStore } from './store.js';

type Plain = Record<string, unknown>;

/** The stages of a winning plan, outermost first. */
function stages(plan: Plain): string[] {
  const inner = (plan.inputStage ?? (plan.inputStages as Plain[] | undefined)?.[0]) as Plain | undefined;
  return [String(plan.stage), ...(inner ? stages(inner) : [])];
}

describe('embedded store indexes', () => {
  let store: TestStore;
  let reviews: mongo.Collection<Plain & { _id: number }>;
  before(async () => {
    store = await openTestStore();
    reviews = native(store.connection).collection<Plain & { _id: number }>('reviews');
    await reviews.createIndexes([
      { key: { networkId: 1, status: 1, createdAt: -1 }, name: 'desk' },
      {
        key: { number: 1 },
        name: 'number',
        unique: true,
        partialFilterExpression: { number: { $type: 'string' } },
      },
      { key: { 'people.id': 1 }, name: 'people' },
      { key: { title: 1 }, name: 'title', sparse: true },
    ]);
    const statuses = ['draft', 'open', 'signed'];
    await reviews.insertMany(
      Array.from({ length: 600 }, (_, at) => ({
        _id: at,
        networkId: `n${at % 5}`,
        status: statuses[at % 3],
        createdAt: new Date(Date.UTC(2026, 0, 1) + at * 60_000),
        ...(at % 2 ? { number: `C${at}` } : { number: null }),
        people: [{ id: at % 50 }, { id: (at * 7) % 50 }],
        ...(at % 3 ? { title: `case ${at}` } : {}),
      })),
    );
  });
  after(() => store.close());

  async function explained(filter: Plain, options: mongo.FindOptions = {}) {
    const plan = await reviews.find(filter, options).explain('executionStats');
    return { stages: stages(plan.queryPlanner.winningPlan), stats: plan.executionStats as Plain };
  }

  it('answers the list of a desk from its index, in order, without sorting', async () => {
    const { stages, stats } = await explained(
      { networkId: 'n1', status: 'open' },
      { sort: { createdAt: -1 }, limit: 10 },
    );
    expect(stages).to.include('IXSCAN').and.not.include('SORT').and.not.include('COLLSCAN');
    expect(stats.totalDocsExamined).to.equal(10);
  });

  it('merges several values of a field and keeps the order that follows', async () => {
    const filter = { networkId: 'n1', status: { $in: ['open', 'signed'] } };
    const found = await reviews.find(filter).sort({ createdAt: -1 }).limit(20).toArray();
    const all = await reviews.find(filter).hint({ $natural: 1 }).sort({ createdAt: -1 }).limit(20).toArray();
    expect(found.map(({ _id }) => _id)).to.deep.equal(all.map(({ _id }) => _id));
  });

  it('uses an index for a range, a prefix, an array of documents and each branch of $or', async () => {
    for (const filter of [
      { networkId: { $gte: 'n1', $lt: 'n3' } },
      { title: /^case 1/ },
      { 'people.id': 7 },
      { people: { $elemMatch: { id: 7 } } },
      { $or: [{ 'people.id': 3 }, { networkId: 'n1' }] },
      { _id: { $in: [1, 2, 3] } },
    ]) {
      const { stages } = await explained(filter);
      expect(stages, JSON.stringify(filter)).to.include('IXSCAN').and.not.include('COLLSCAN');
    }
  });

  it('says when it has to look at everything', async () => {
    expect((await explained({ nothing: 1 })).stages).to.include('COLLSCAN');
    expect((await explained({ title: null })).stages, 'a sparse index does not know the missing').to.include(
      'COLLSCAN',
    );
  });

  it('lets a partial unique index allow any number of missing values', async () => {
    const error = await failure(reviews.insertOne({ _id: 9001, number: 'C1' }));
    expect(error).to.deep.include({ code: 11000, keyPattern: { number: 1 }, keyValue: { number: 'C1' } });
    expect(await reviews.countDocuments({ number: null })).to.equal(300);
  });

  it('builds a unique index on existing data or leaves none', async () => {
    const error = await failure(reviews.createIndex({ status: 1 }, { unique: true }));
    expect(error.code).to.equal(11000);
    expect((await reviews.indexes()).map(({ name }) => name)).to.deep.equal([
      '_id_',
      'desk',
      'number',
      'people',
      'title',
    ]);
  });

  it('makes all the indexes of one command, or none', async () => {
    const pair = store.connection.collection('pair');
    const specs: mongo.IndexDescription[] = [
      { key: { a: 1 }, name: 'a' },
      { key: { b: 1 }, name: 'b', unique: true },
    ];
    // As one commit, and as a build that goes on over several.
    for (const size of [3, 2500]) {
      await pair.insertMany(Array.from({ length: size }, (_, n) => ({ a: n, b: n === size - 1 ? 0 : n })));
      expect((await failure(pair.createIndexes(specs))).code).to.equal(11000);
      expect((await pair.indexes()).map(({ name }) => name)).to.deep.equal(['_id_']);
      await pair.deleteMany({});
    }
    await pair.createIndexes(specs);
    expect(await pair.indexes()).to.have.length(3);
  });

  it('keeps long values apart in a unique index and finds them', async () => {
    const long = native(store.connection).collection('long');
    await long.createIndex({ text: 1 }, { unique: true });
    const text = 'x'.repeat(5000);
    await long.insertMany([{ text: `${text}1` }, { text: `${text}2` }, { text: 'x' }]);
    expect((await failure(long.insertOne({ text: `${text}1` }))).code).to.equal(11000);
    expect(await long.countDocuments({ text: `${text}2` })).to.equal(1);
    expect(await long.countDocuments({ text: { $gt: `${text}1` } })).to.equal(1);
    const sorted = await long.find().sort({ text: -1 }).toArray();
    expect(sorted.map((row) => (row.text as string).slice(-2))).to.deep.equal(['x2', 'x1', 'x']);
  });

  it('sorts by long ids and finds them', async () => {
    const named = native(store.connection).collection<{ _id: string; g: number }>('named');
    await named.createIndex({ g: 1 });
    const ids = ['b', 'a', `${'z'.repeat(400)}2`, `${'z'.repeat(400)}1`, `${'z'.repeat(400)}3`];
    await named.insertMany(ids.map((_id) => ({ _id, g: 1 })));
    for (const filter of [{}, { g: 1 }, { _id: { $in: ids } }]) {
      const found = await named.find(filter).sort({ _id: -1 }).toArray();
      expect(found.map(({ _id }) => _id)).to.deep.equal([...ids].sort().reverse());
    }
    expect((await failure(named.insertOne({ _id: ids[2] as string, g: 2 }))).code).to.equal(11000);
    expect((await named.deleteOne({ _id: ids[3] as string })).deletedCount).to.equal(1);
  });

  it('lets indexes of one key stand side by side when they are not the same, and names the conflict when they are', async () => {
    const twins = native(store.connection).collection<Plain & { _id: number }>('twins');
    await twins.createIndex({ a: 1 });
    expect((await failure(twins.createIndex({ a: 1 }, { unique: true }))).code).to.equal(86);
    expect((await failure(twins.createIndex({ b: 1 }, { name: 'a_1' }))).code).to.equal(86);
    expect((await failure(twins.createIndex({ a: 1 }, { name: 'other' }))).code).to.equal(85);
    expect((await failure(twins.createIndex({ a: 1 }, { expireAfterSeconds: 5 }))).code).to.equal(85);
    await twins.createIndex({ a: 1 }, { unique: true, name: 'only' });
    expect(await twins.indexes()).to.have.length(3);
  });

  it('keeps a hidden index unique but out of every plan', async () => {
    const veiled = native(store.connection).collection<Plain & { _id: number }>('veiled');
    await veiled.createIndex({ a: 1 }, { unique: true, hidden: true });
    await veiled.insertOne({ _id: 1, a: 1 });
    expect((await failure(veiled.insertOne({ _id: 2, a: 1 }))).code).to.equal(11000);
    const plan = await veiled.find({ a: 1 }).explain();
    expect(stages(plan.queryPlanner.winningPlan)).to.include('COLLSCAN');
    expect((await veiled.indexes())[1]).to.include({ name: 'a_1', hidden: true });
  });

  it('refuses index kinds that are not there', async function () {
    if (process.env.TEST_MONGODB_URI) this.skip();
    for (const key of [{ a: 'text' }, { a: '2dsphere' }, { '$**': 1 }] as never[]) {
      expect((await failure(reviews.createIndex(key))).code).to.be.a('number');
    }
    const collation = await failure(reviews.createIndex({ z: 1 }, { collation: { locale: 'fr' } }));
    expect(collation.message).to.match(/collation/);
    expect((await failure(reviews.dropIndex('nobody'))).code).to.equal(27);
  });

  it('finds the same documents with indexes as without, whatever the query', async () => {
    const wild = native(store.connection).collection<Plain & { _id: number }>('wild');
    await wild.createIndexes([
      { key: { a: 1, b: -1 } },
      { key: { b: 1 }, sparse: true },
      { key: { 'c.d': 1, a: 1 } },
      { key: { a: -1 }, partialFilterExpression: { a: { $gt: 2 } }, name: 'part' },
    ] as never);
    const scalar = fc.oneof(
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom(null, 'x', 'y', 2.5, true, new Date(5)),
    );
    const field = fc.oneof({ weight: 3, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }));
    const inner = fc.oneof(
      fc.record({ d: field }),
      fc.array(fc.record({ d: scalar }, { requiredKeys: [] }), { maxLength: 3 }),
      scalar,
    );
    const document = fc.record({ a: field, b: field, c: inner }, { requiredKeys: [] });
    const documents = fc.sample(document, { numRuns: 250, seed: 11 }).map((made, _id) => ({ ...made, _id }));
    // Two arrays in one index are refused, as in MongoDB; the others stay.
    const refused = await failure(wild.insertMany(documents, { ordered: false }));
    expect(refused.code).to.equal(171);
    expect(await wild.countDocuments()).to.be.above(100);
    const condition = fc.oneof(
      scalar,
      scalar.map((value) => ({ $eq: value })),
      fc
        .tuple(fc.constantFrom('$lt', '$lte', '$gt', '$gte', '$ne'), scalar)
        .map(([name, value]) => ({ [name]: value })),
      fc.tuple(scalar, scalar).map(([low, high]) => ({ $gte: low, $lte: high })),
      fc.array(scalar, { maxLength: 4 }).map((values) => ({ $in: values })),
      fc.array(scalar, { minLength: 1, maxLength: 2 }).map((values) => ({ $all: values })),
      fc.tuple(scalar, scalar).map(([low, high]) => ({ $elemMatch: { $gt: low, $lt: high } })),
      fc.boolean().map((value) => ({ $exists: value })),
      scalar.map((value) => ({ $not: { $gt: value } })),
    );
    const simple = fc.dictionary(fc.constantFrom('a', 'b', 'c.d', '_id'), condition, {
      minKeys: 1,
      maxKeys: 3,
    });
    const filter = fc.oneof(
      { weight: 3, arbitrary: simple },
      fc.array(simple, { minLength: 1, maxLength: 2 }).map((list) => ({ $or: list })),
      fc.tuple(simple, simple).map(([one, two]) => ({ $and: [one, two] })),
    );
    const sort = fc.constantFrom<Record<string, 1 | -1>>(
      {},
      { a: 1 },
      { a: -1, b: 1 },
      { b: 1 },
      { 'c.d': -1 },
      { a: 1, b: -1 },
      { b: -1, a: 1 },
    );
    await fc.assert(
      fc.asyncProperty(filter, sort, fc.nat(20), async (query, order, limit) => {
        const full: Record<string, 1 | -1> = { ...order, _id: 1 };
        const options: mongo.FindOptions = { sort: full, limit, projection: { _id: 1 } };
        const chosen = await wild.find(query as never, options).toArray();
        const scanned = await wild.find(query as never, { ...options, hint: { $natural: 1 } }).toArray();
        expect(chosen).to.deep.equal(scanned);
        expect(await wild.countDocuments(query as never)).to.equal(
          await wild.countDocuments(query as never, { hint: { $natural: 1 } as never }),
        );
        const partly = await wild.find(query as never, { sort: order, projection: { _id: 1 } }).toArray();
        const everything = await wild
          .find(query as never, { hint: { $natural: 1 }, projection: { _id: 1 } })
          .toArray();
        expect(new Set(partly.map(({ _id }) => _id))).to.deep.equal(
          new Set(everything.map(({ _id }) => _id)),
        );
        expect(partly).to.have.length(everything.length);
      }),
      { numRuns: 100 },
    );
  });
});
