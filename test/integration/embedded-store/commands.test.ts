import { expect } from 'chai';
import { mongo } from 'mongoose';
import { failure, native, openTestStore, type TestStore } from './store.js';

type Fields = Record<string, unknown>;
type Told = Pick<mongo.MongoClientBulkWriteError, 'writeErrors' | 'partialResult'>;

describe('embedded store commands', () => {
  let store: TestStore;
  let db: mongo.Db;
  before(async () => {
    store = await openTestStore();
    db = native(store.connection);
    await db.collection('things').insertMany([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });
  after(() => store.close());

  it('presents itself as a standalone that speaks the current protocol', async () => {
    const hello = await db.admin().command({ hello: 1 });
    expect(hello).to.include({ isWritablePrimary: true, ok: 1 });
    expect(hello).to.not.have.property('setName');
    expect(hello.maxWireVersion).to.be.at.least(17);
    expect((await db.admin().ping()).ok).to.equal(1);
    expect((await db.admin().buildInfo()).version).to.match(/^\d+\.\d+\.\d+/);
  });

  it('creates, lists and drops collections and databases', async () => {
    await db.createCollection('made');
    // Later servers take the same collection once more.
    if (!process.env.TEST_MONGODB_URI) expect((await failure(db.createCollection('made'))).code).to.equal(48);
    const names = (await db.listCollections().toArray()).map(({ name }) => name);
    expect(names).to.include.members(['made', 'things']);
    await db.collection('made').drop();
    expect(await db.listCollections({ name: 'made' }).toArray()).to.deep.equal([]);
    const other = db.collection('things').db.admin();
    const { databases } = await other.listDatabases({ nameOnly: true });
    expect(databases.map(({ name }) => name)).to.include(db.databaseName);
  });

  it('counts and measures', async () => {
    expect(await db.collection('things').estimatedDocumentCount()).to.equal(3);
    expect(await db.collection('things').countDocuments({ n: { $gt: 1 } })).to.equal(2);
    expect((await db.stats()).objects).to.be.at.least(3);
    expect((await db.command({ collStats: 'things' })).count).to.equal(3);
  });

  it('kills a cursor', async () => {
    const cursor = db.collection('things').find({}, { batchSize: 1 });
    await cursor.next();
    const id = cursor.id as mongo.Long;
    await cursor.close();
    const gone = await failure(db.command({ getMore: id, collection: 'things' }));
    expect(gone.code).to.equal(43);
  });

  it('findAndModify in every form', async () => {
    const box = db.collection('box');
    await box.insertMany([
      { k: 1, v: 5 },
      { k: 2, v: 9 },
    ]);
    const sorted = await box.findOneAndUpdate(
      {},
      { $inc: { v: 1 } },
      { sort: { v: -1 }, projection: { _id: 0 }, returnDocument: 'before' },
    );
    expect(sorted).to.deep.equal({ k: 2, v: 9 });
    const replaced = await box.findOneAndReplace(
      { k: 1 },
      { k: 1, w: 1 },
      { returnDocument: 'after', projection: { _id: 0 } },
    );
    expect(replaced).to.deep.equal({ k: 1, w: 1 });
    const upserted = await box.findOneAndUpdate(
      { k: 7 },
      { $set: { v: 1 } },
      { upsert: true, returnDocument: 'after', includeResultMetadata: true, projection: { _id: 0 } },
    );
    expect(upserted.value).to.deep.equal({ k: 7, v: 1 });
    expect(upserted.lastErrorObject).to.include({ n: 1, updatedExisting: false });
    expect(
      await box.findOneAndUpdate({ k: 8 }, { $set: { v: 1 } }, { upsert: true, returnDocument: 'before' }),
    ).to.equal(null);
    expect(await box.findOneAndDelete({ k: 2 }, { projection: { _id: 0 } })).to.deep.equal({ k: 2, v: 10 });
    expect(await box.findOneAndDelete({ k: 99 })).to.equal(null);
  });

  it('tells what a write matched, changed and inserted', async () => {
    const log = db.collection<{ _id: number; n?: number; m?: number }>('log');
    await log.insertOne({ _id: 1, n: 1 });
    expect(await log.updateOne({ _id: 1 }, { $set: { n: 1 } })).to.include({
      matchedCount: 1,
      modifiedCount: 0,
    });
    expect(await log.updateOne({ _id: 2 }, { $set: { n: 1 } }, { upsert: true })).to.include({
      matchedCount: 0,
      upsertedCount: 1,
      upsertedId: 2,
    });
    expect(await log.updateMany({}, { $set: { m: 1 } })).to.include({ matchedCount: 2, modifiedCount: 2 });
    expect((await log.deleteMany({})).deletedCount).to.equal(2);
  });

  it('counts a sorted push as a change, and an update that changes nothing as none', async () => {
    const tidy = db.collection<{ _id: number; a: number[] }>('tidy');
    await tidy.insertOne({ _id: 1, a: [1, 2] });
    const sorted = await tidy.updateOne({ _id: 1 }, { $push: { a: { $each: [], $sort: 1 } } });
    expect(sorted.modifiedCount).to.equal(1);
    for (const same of [
      { $set: { a: [1, 2] } },
      { $addToSet: { a: 2 } },
      { $pull: { a: 9 } },
      { $push: { a: { $each: [] } } },
    ]) {
      expect((await tidy.updateOne({ _id: 1 }, same)).modifiedCount, JSON.stringify(same)).to.equal(0);
    }
  });

  it('takes unacknowledged writes', async () => {
    const quiet = db.collection('quiet');
    const result = await quiet.insertOne({ a: 1 }, { writeConcern: { w: 0 } });
    expect(result.acknowledged).to.equal(false);
    await quiet.insertOne({ a: 2 });
    expect(await quiet.countDocuments()).to.equal(2);
  });

  it('writes to several collections in one bulkWrite, told one by one, and stops at the first error when ordered', async () => {
    const [left, right] = ['bulk-left', 'bulk-right'].map((name) =>
      db.collection<{ _id: number } & Fields>(name),
    );
    await left?.createIndex({ u: 1 }, { unique: true });
    const ns = (name: string) => ({ namespace: `${db.databaseName}.${name}` });
    const filter = (_id: number) => ({ filter: { _id } as Fields });
    const result = await db.client.bulkWrite(
      [
        { ...ns('bulk-left'), name: 'insertOne', document: { _id: 1, u: 1 } as Fields },
        { ...ns('bulk-right'), name: 'insertOne', document: { _id: 1, list: [1, 2] } as Fields },
        { ...ns('bulk-right'), name: 'updateOne', ...filter(2), update: { $set: { a: 1 } }, upsert: true },
        {
          ...ns('bulk-right'),
          name: 'updateMany',
          filter: {},
          update: [{ $set: { b: { $add: ['$_id', 1] } } }],
        },
        { ...ns('bulk-right'), name: 'replaceOne', ...filter(2), replacement: { c: 3 } },
        {
          ...ns('bulk-right'),
          name: 'updateOne',
          ...filter(1),
          update: { $set: { 'list.$[x]': 9 } },
          arrayFilters: [{ x: 2 }],
        },
        { ...ns('bulk-left'), name: 'deleteOne', ...filter(1) },
        { ...ns('bulk-left'), name: 'deleteMany', filter: {} },
      ],
      { verboseResults: true },
    );
    expect(result).to.include({
      insertedCount: 2,
      upsertedCount: 1,
      matchedCount: 4,
      modifiedCount: 4,
      deletedCount: 1,
    });
    expect(result.updateResults?.get(2)).to.deep.include({ upsertedId: 2, didUpsert: true });
    expect(await right?.find().sort({ _id: 1 }).toArray()).to.deep.equal([
      { _id: 1, list: [1, 9], b: 2 },
      { _id: 2, c: 3 },
    ]);

    const clash = [1, 1, 2].map((u, at) => ({
      ...ns('bulk-left'),
      name: 'insertOne' as const,
      document: { _id: 10 + at, u } as Fields,
    }));
    for (const [ordered, kept] of [
      [true, 1],
      [false, 2],
    ] as const) {
      await left?.deleteMany({});
      const error = (await failure(db.client.bulkWrite(clash, { ordered }))) as unknown as Told;
      expect([...error.writeErrors.entries()].map(([at, { code }]) => [at, code])).to.deep.equal([
        [1, 11000],
      ]);
      expect(error.partialResult?.insertedCount).to.equal(kept);
      expect(await left?.countDocuments()).to.equal(kept);
    }
    const many = Array.from({ length: 300 }, (_, n) => ({
      ...ns('bulk-right'),
      name: 'insertOne' as const,
      document: { _id: 100 + n } as Fields,
    }));
    const told = await db.client.bulkWrite(many, { verboseResults: true });
    expect(told.insertResults?.size, 'more than one batch of replies').to.equal(300);
  });

  it('refuses what a bulkWrite cannot mean', async () => {
    const at = { nsInfo: [{ ns: `${db.databaseName}.things` }] };
    const codeOf = async (command: Fields) => (await failure(db.admin().command(command))).code;
    const insert = { insert: 0, document: { _id: 1 } };
    expect((await failure(db.command({ bulkWrite: 1, ops: [insert], ...at }))).code).to.equal(13);
    expect(await codeOf({ bulkWrite: 1, ops: [{ ...insert, insert: 1 }], ...at })).to.equal(2);
    expect(await codeOf({ bulkWrite: 1, ops: [], ...at })).to.equal(16);
    expect(await codeOf({ bulkWrite: 1, ops: [insert], nsInfo: [{ ns: 'nowhere' }] })).to.equal(73);
    expect(await codeOf({ bulkWrite: 1, ops: [{ ...insert, other: 1 }], ...at })).to.equal(40415);
    expect(await codeOf({ bulkWrite: 1, ops: [{ delete: 0 }], ...at })).to.equal(40414);
    expect(await codeOf({ bulkWrite: 1, ops: [{ find: 0 }], ...at })).to.equal(40415);
    expect(await codeOf({ bulkWrite: 1, ops: [insert] })).to.equal(40414);
  });

  it('updates the first in the order asked for, and only one', async () => {
    const queue = db.collection<{ _id: number; p: number; taken?: boolean }>('queue');
    await queue.insertMany([
      { _id: 1, p: 5 },
      { _id: 2, p: 9 },
      { _id: 3, p: 1 },
    ]);
    await queue.updateOne({}, { $set: { taken: true } }, { sort: { p: -1 } });
    await queue.replaceOne({ taken: { $exists: false } }, { p: 0 }, { sort: { p: 1 } });
    expect(await queue.find().sort({ _id: 1 }).toArray()).to.deep.equal([
      { _id: 1, p: 5 },
      { _id: 2, p: 9, taken: true },
      { _id: 3, p: 0 },
    ]);
    const both = { q: {}, u: { $set: { taken: true } }, multi: true, sort: { p: 1 } };
    expect((await failure(db.command({ update: 'queue', updates: [both] }))).code).to.equal(9);
  });

  it('gives back many large documents whole, over several batches, and the first of them in order', async () => {
    const wide = db.collection<{ _id: number; data: string }>('wide');
    const data = (at: number) => String.fromCharCode(97 + at).repeat(1_000_000 + at);
    await wide.insertMany(Array.from({ length: 26 }, (_, _id) => ({ _id, data: data(_id) })));
    const all = await wide.find().toArray();
    expect(all.every((row, at) => row._id === at && row.data === data(at))).to.equal(true);
    expect(all).to.have.length(26);
    const last = await wide.find().sort({ data: -1 }).limit(2).project({ _id: 1 }).toArray();
    expect(last).to.deep.equal([{ _id: 25 }, { _id: 24 }]);
    await wide.drop();
  });

  it('gives the variables of let to filters, projections, updates and joins at every depth', async () => {
    const lent = db.collection<{ _id: number; n: number }>('lent');
    await lent.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    const $match = { $expr: { $eq: ['$n', '$$v'] } };
    const options = { let: { v: 2 } };
    expect(await lent.find($match, { ...options, projection: { w: '$$v' } }).toArray()).to.deep.equal([
      { _id: 2, w: 2 },
    ]);
    const inner = [{ $match }, { $set: { of: '$$outer' } }];
    const pipeline = [{ $lookup: { from: 'lent', pipeline: inner, as: 'inner' } }, { $unwind: '$inner' }];
    const stages = [{ $lookup: { from: 'lent', let: { outer: '$n' }, pipeline, as: 'all' } }, { $match }];
    const [row] = await lent.aggregate(stages, options).toArray();
    expect(row?.all.map(({ inner: found }: { inner: unknown }) => found)).to.deep.equal([
      { _id: 2, n: 2, of: 2 },
      { _id: 2, n: 2, of: 2 },
    ]);
    await lent.updateOne($match, [{ $set: { n: { $add: ['$$v', 5] } } }], options);
    expect((await lent.findOne({ _id: 2 }))?.n).to.equal(7);
    expect(
      (await lent.deleteOne({ $expr: { $eq: ['$n', '$$v'] } }, { let: { v: 1 } })).deletedCount,
    ).to.equal(1);
    expect((await failure(lent.find({}, { let: { v: '$n' } }).toArray())).code).to.equal(4890500);
  });

  it('counts nothing for a condition that never holds, whatever it does not read', async () => {
    const few = db.collection('few');
    await few.insertMany([{}, {}]);
    expect(await few.countDocuments({ $expr: { $eq: [1, 2] } })).to.equal(0);
    expect(await few.countDocuments({ $nor: [{ $alwaysTrue: 1 }] })).to.equal(0);
  });

  it('finds distinct values, arrays inside arrays included, and sorts by a position', async () => {
    const kinds = db.collection<{ _id: number }>('kinds');
    await kinds.insertMany([
      { _id: 1, v: [3, [2], 3] } as never,
      { _id: 2, v: [1] } as never,
      { _id: 3, v: [] } as never,
    ]);
    expect(await kinds.distinct('v')).to.have.deep.members([1, 3, [2]]);
    const rows = await kinds.find().sort({ 'v.0': 1, _id: 1 }).project({ _id: 1 }).toArray();
    expect(rows.map(({ _id }) => _id)).to.deep.equal([3, 2, 1]);
  });

  it('renames a collection with its indexes, over another only when told', async () => {
    const old = db.collection('oldname');
    await old.insertOne({ a: 1 });
    await old.createIndex({ a: 1 });
    await db.collection('taken').insertOne({ b: 1 });
    expect((await failure(old.rename('taken'))).code).to.equal(48);
    const moved = await old.rename('taken', { dropTarget: true });
    expect((await moved.indexes()).map(({ name }) => name)).to.deep.equal(['_id_', 'a_1']);
    expect((await moved.find().toArray()).map(({ a }) => a)).to.deep.equal([1]);
    expect((await failure(old.rename('other'))).code).to.equal(26);
  });

  it('joins an empty array like a missing field', async () => {
    const left = db.collection<{ _id: number }>('left');
    await left.insertMany([{ _id: 1, k: [] } as never, { _id: 2, k: [5] } as never, { _id: 3 }]);
    const $lookup = { from: 'left', localField: 'k', foreignField: 'k', as: 'same' };
    const rows = await left.aggregate([{ $lookup }, { $sort: { _id: 1 } }]).toArray();
    expect(rows.map(({ same }) => same.map(({ _id }: { _id: number }) => _id))).to.deep.equal([
      [3],
      [2],
      [3],
    ]);
  });

  it('writes what a pipeline gives: a collection anew, or documents into one', async () => {
    const source = db.collection<{ _id: number; n: number }>('source');
    await source.insertMany([1, 2, 3].map((n) => ({ _id: n, n })));
    const sink = db.collection<{ _id: number; n?: number; kept?: boolean }>('sink');
    await sink.createIndex({ n: 1 }, { unique: true });
    await sink.insertOne({ _id: 9, n: 9 });
    expect(await source.aggregate([{ $match: { n: { $gt: 1 } } }, { $out: 'sink' }]).toArray()).to.deep.equal(
      [],
    );
    const all = () => sink.find().sort({ _id: 1 }).toArray();
    expect((await all()).map(({ _id }) => _id)).to.deep.equal([2, 3]);
    expect((await sink.indexes()).map(({ name }) => name)).to.deep.equal(['_id_', 'n_1']);
    const clash = source.aggregate([{ $set: { n: 1 } }, { $out: 'sink' }]).toArray();
    expect((await failure(clash)).code).to.equal(11000);
    expect(
      (await all()).map(({ _id }) => _id),
      'nothing changed',
    ).to.deep.equal([2, 3]);
    await sink.updateMany({}, { $set: { kept: true } });
    const merge = (spec: object) =>
      source.aggregate([{ $set: { m: '$n' } }, { $merge: { into: 'sink', ...spec } }]);
    await merge({}).toArray();
    expect(await all()).to.deep.equal([
      { _id: 1, n: 1, m: 1 },
      { _id: 2, n: 2, kept: true, m: 2 },
      { _id: 3, n: 3, kept: true, m: 3 },
    ]);
    await merge({ on: 'n', whenMatched: [{ $set: { twice: { $add: ['$n', '$$new.n'] } } }] }).toArray();
    expect((await sink.findOne({ n: 3 })) as object).to.include({ twice: 6 });
    await merge({ whenMatched: 'replace', whenNotMatched: 'discard' }).toArray();
    expect(await sink.countDocuments({ kept: true })).to.equal(0);
    expect((await failure(merge({ whenMatched: 'fail' }).toArray())).code).to.equal(11000);
    expect((await failure(merge({ on: 'm' }).toArray())).code).to.equal(51183);
    await sink.deleteOne({ _id: 2 });
    expect((await failure(merge({ whenNotMatched: 'fail' }).toArray())).code).to.equal(13113);
  });

  it('aggregates without a collection: documents given, and the sessions it has heard of', async () => {
    const pipeline = [{ $documents: [{ a: 1 }, { a: 2 }] }, { $match: { a: 2 } }, { $set: { b: '$$low' } }];
    const rows = await db.aggregate(pipeline, { let: { low: 1 } }).toArray();
    expect(rows).to.deep.equal([{ a: 2, b: 1 }]);
    expect((await failure(db.aggregate([{ $match: {} }]).toArray())).code).to.equal(73);
    // MongoDB's engine as a library keeps no list of sessions.
    if (process.env.TEST_MONGODB_URI) return;
    const sessions = await db
      .admin()
      .command({ aggregate: 1, pipeline: [{ $listLocalSessions: {} }], cursor: {} });
    expect(sessions.cursor.firstBatch).to.not.have.length(0);
  });

  it('reads in the order on disk when asked for it, and sets empty timestamps', async () => {
    const tape = db.collection<{ _id: number; at?: mongo.Timestamp; in?: { at: mongo.Timestamp } }>('tape');
    const empty = new mongo.Timestamp({ t: 0, i: 0 });
    await tape.insertMany([{ _id: 1, at: empty, in: { at: empty } }, { _id: 2 }, { _id: 3 }]);
    const backwards = await tape
      .find({ _id: { $gt: 1 } })
      .sort({ $natural: -1 })
      .toArray();
    expect(backwards.map(({ _id }) => _id)).to.deep.equal([3, 2]);
    const first = await tape.findOne({ _id: 1 });
    expect(first?.at?.isZero(), 'at the top').to.equal(false);
    expect(first?.in?.at.isZero(), 'inside').to.equal(true);
    expect((await failure(tape.find().sort({ $natural: 1, _id: 1 }).toArray())).code).to.equal(2);
  });

  it('joins along paths through arrays, where nothing is null on both sides', async () => {
    const near = db.collection<{ _id: number }>('near');
    const far = db.collection<{ _id: number }>('far');
    const shapes = [
      { x: 1 },
      [{ x: [1, 2] }],
      [{ x: null }, { x: 1 }],
      [{}, { x: 3 }],
      [],
      [1],
      [[{ x: 1 }]],
      { x: [[1]] },
    ];
    await near.insertMany(shapes.map((a, _id) => ({ _id, a })));
    await far.insertMany([
      { _id: 1, b: 1 } as never,
      { _id: 2, b: null } as never,
      { _id: 3, b: [3] } as never,
    ]);
    const ids = (rows: { same: { _id: number }[] }[]) =>
      rows.map(({ same }) => same.map(({ _id }) => _id).sort());
    const joined = (from: string, localField: string, foreignField: string) => [
      { $sort: { _id: 1 } },
      { $lookup: { from, localField, foreignField, as: 'same' } },
    ];
    const there = await near.aggregate<{ same: { _id: number }[] }>(joined('far', 'a.x', 'b')).toArray();
    expect(ids(there)).to.deep.equal([[1], [1], [1, 2], [3], [2], [2], [2], []]);
    const back = await far.aggregate<{ same: { _id: number }[] }>(joined('near', 'b', 'a.x')).toArray();
    expect(ids(back)).to.deep.equal([[0, 1, 2], [2, 3, 4, 5, 6], [3]]);
  });

  it('takes the simple collation, which is none, and no other', async () => {
    const simple = { collation: { locale: 'simple' } };
    const things = db.collection('things');
    expect(await things.find({ n: 2 }, simple).toArray()).to.have.length(1);
    expect((await things.updateOne({ n: 2 }, { $set: { n: 2 } }, simple)).matchedCount).to.equal(1);
    await things.createIndex({ n: 1 }, simple);
    await things.createIndex({ n: 1 });
    await things.dropIndexes();
  });

  it('stops reading when the time allowed is over', async () => {
    const slow = db.collection<{ _id: number; t: string }>('slow');
    await slow.insertMany(Array.from({ length: 3000 }, (_, _id) => ({ _id, t: 'x'.repeat(200) })));
    const filter = { $expr: { $eq: [{ $size: { $range: [0, { $add: ['$_id', 20_000] }] } }, 1] } };
    expect((await failure(slow.find(filter, { maxTimeMS: 20 }).toArray())).code).to.equal(50);
    expect(await slow.find({ _id: 5 }, { maxTimeMS: 5000 }).toArray()).to.have.length(1);
  });

  const refusals: [string, () => Promise<unknown>, number | undefined][] = [
    ['an unknown command', () => db.command({ fly: 1 }), 59],
    ['an unknown field of a command', () => db.command({ find: 'things', wings: 2 }), 40415],
    [
      'an unknown field of an update',
      () => db.command({ update: 'things', updates: [{ q: {}, u: { $set: { a: 1 } }, wings: 1 }] }),
      40415,
    ],
    [
      'an unknown stage',
      () =>
        db
          .collection('things')
          .aggregate([{ $fly: {} }])
          .toArray(),
      40324,
    ],
    [
      'an upsert by an expression',
      () =>
        db
          .collection('things')
          .updateOne({ $and: [{ $expr: { $gt: ['$n', 0] } }] }, { $set: { a: 1 } }, { upsert: true }),
      224,
    ],
    [
      'an upsert by an expression that gives the document back',
      () =>
        db
          .collection('things')
          .findOneAndUpdate({ $expr: { $gt: ['$n', 0] } }, { $set: { a: 1 } }, { upsert: true }),
      224,
    ],
    [
      '$unset of a field twice',
      () =>
        db
          .collection('things')
          .aggregate([{ $unset: ['a.b', 'a.b'] }])
          .toArray(),
      31250,
    ],
    [
      '$out before the end',
      () =>
        db
          .collection('things')
          .aggregate([{ $out: 'other' }, { $match: {} }])
          .toArray(),
      40601,
    ],
    ['change streams', () => db.collection('things').watch().next(), 40573],
    ['a hint on a missing index', () => db.collection('things').find({}, { hint: 'nope' }).toArray(), 2],
    ['a bad write concern', () => db.collection('things').insertOne({}, { writeConcern: { w: 3 } }), 2],
    ['an array as _id', () => db.collection('things').insertOne({ _id: [1] as never }), 53],
    ['a name it cannot store', () => db.collection('system.things').insertOne({}), 73],
    ['an unknown version of the API', () => db.command({ ping: 1, apiVersion: '2' }), 322],
    [
      'a command outside the versioned API, when strict',
      () => db.command({ distinct: 'things', key: 'a', apiVersion: '1', apiStrict: true }),
      323,
    ],
    ['a delete without limit', () => db.command({ delete: 'things', deletes: [{ q: {} }] }), 40414],
    ['a delete without filter', () => db.command({ delete: 'things', deletes: [{ limit: 0 }] }), 40414],
    [
      'a delete of two',
      () =>
        db.command({
          delete: 'things',
          deletes: [
            { q: {}, limit: 0 },
            { q: {}, limit: 2 },
          ],
        }),
      9,
    ],
    [
      'an update without filter',
      () => db.command({ update: 'things', updates: [{ u: { $set: { a: 1 } } }] }),
      40414,
    ],
    [
      'an update without change',
      () => db.command({ update: 'things', updates: [{ q: {}, u: { $set: { a: 1 } } }, { q: {} }] }),
      40414,
    ],
    [
      'the new document by the place the old one was found at',
      () =>
        db.command({
          findAndModify: 'things',
          query: { a: 1 },
          update: { $set: { b: 1 } },
          new: true,
          fields: { 'a.$': 1 },
        }),
      2,
    ],
    ['a time below zero', () => db.command({ find: 'things', maxTimeMS: -1 }), 2],
    ['a number for the name of a collection', () => db.command({ find: 5 }), 73],
    ['a word for the direction of a sort', () => db.command({ find: 'things', sort: { a: 'up' } }), 15974],
    ['no index at all', () => db.command({ createIndexes: 'things', indexes: [] }), 2],
    ['an index without key', () => db.command({ createIndexes: 'things', indexes: [{ name: 'x' }] }), 9],
    [
      'a partial index that MongoDB would refuse',
      () =>
        db
          .collection('things')
          .createIndex({ a: 1 }, { partialFilterExpression: { a: { $ne: 1 } } as never }),
      67,
    ],
    ['a transaction command', () => db.admin().command({ commitTransaction: 1 }), undefined],
  ];
  /** Of what MongoDB, or a later one, has. */
  const collation = { locale: 'en', strength: 2 };
  const written = { q: { a: 'x' }, u: { $set: { a: 1 } }, collation };
  const deleted = { q: { a: 'x' }, limit: 1, collation };
  const bulk = { filter: { a: 'x' }, collation };
  const nsInfo = [{ ns: 'any.things' }];
  const inEnglish: Fields[] = [
    { find: 'things', collation },
    { count: 'things', collation },
    { distinct: 'things', key: 'a', collation },
    { aggregate: 'things', pipeline: [], cursor: {}, collation },
    { update: 'things', updates: [written] },
    { delete: 'things', deletes: [deleted] },
    { findAndModify: 'things', remove: true, collation },
    { bulkWrite: 1, ops: [{ delete: 0, ...bulk }], nsInfo },
    { bulkWrite: 1, ops: [{ update: 0, updateMods: { $set: { a: 1 } }, ...bulk }], nsInfo },
    { create: 'english', collation },
    { createIndexes: 'things', indexes: [{ key: { a: 1 }, name: 'english', collation }] },
    { explain: { find: 'things', collation } },
    { explain: { update: 'things', updates: [written] } },
    { explain: { delete: 'things', deletes: [deleted] } },
  ];
  const ownRefusals: typeof refusals = [
    [
      'collation',
      () =>
        db
          .collection('things')
          .find({}, { collation: { locale: 'fr' } })
          .toArray(),
      115,
    ],
    ['capped collections', () => db.createCollection('ring', { capped: true, size: 1000 }), 115],
    ...inEnglish.map((command): (typeof refusals)[number] => [
      `collation in ${Object.keys(command.explain ?? command)[0]}${command.explain ? ', explained' : ''}`,
      () => (command.bulkWrite ? db.admin() : db).command(command),
      115,
    ]),
    ['views', () => db.createCollection('view', { viewOn: 'things', pipeline: [] }), 115],
  ];
  const real = process.env.TEST_MONGODB_URI;
  for (const [name, run, code] of [...refusals, ...(real ? [] : ownRefusals)]) {
    it(`refuses ${name}`, async () => {
      const error = await failure(run());
      expect(error.code, error.message).to.be.a('number');
      if (real) return;
      if (code !== undefined) expect(error.code, error.message).to.equal(code);
      expect(await db.collection('things').countDocuments({ a: { $exists: false } })).to.equal(3);
    });
  }

  it('stores nothing deeper than it reads back', async () => {
    const deep = db.collection<{ _id: number; v?: unknown }>('deep');
    const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
    await deep.insertOne({ _id: 1, v: nested(120) });
    const path = Array.from({ length: 100 }, () => 'b').join('.');
    for (const change of [{ $set: { [path]: nested(100) } }, { $rename: { v: path } }] as const)
      expect((await failure(deep.updateOne({ _id: 1 }, change as never))).code).to.equal(15);
    const grow = [{ $set: { v: { within: '$v' } } }];
    let grown: { code?: number | string } = {};
    for (let step = 0; step < 100 && grown.code === undefined; step += 1)
      grown = await deep.updateOne({ _id: 1 }, grow).then(
        () => ({}),
        (error) => error,
      );
    expect(grown.code).to.equal(15);
    expect(await deep.findOne({ b: { $exists: false } })).to.include({ _id: 1 });
    expect((await deep.findOneAndUpdate({ _id: 1 }, { $unset: { v: 1 } }))?._id).to.equal(1);
  });

  it('takes a document of nearly 16 MB and refuses one above', async () => {
    const big = db.collection<{ _id: number; data: string }>('big');
    await big.insertOne({ _id: 1, data: 'x'.repeat(16 * 1024 * 1024 - 100) });
    expect((await big.findOne({ _id: 1 }))?.data.length).to.equal(16 * 1024 * 1024 - 100);
    const error = await failure(big.updateOne({ _id: 1 }, { $set: { more: 'x'.repeat(1000) } } as never));
    expect(error.code).to.equal(10334);
    await big.deleteOne({ _id: 1 });
  });
});
