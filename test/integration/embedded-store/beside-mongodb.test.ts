import { rm } from 'node:fs/promises';
import { expect } from 'chai';
import * as fc from 'fast-check';
import mongoose, { type Connection, mongo } from 'mongoose';
import { native, openTestStore, startInFreshFolder, type TestStore } from './store.js';

const { BSONRegExp, Decimal128, Double, Int32, Long } = mongo;

/** What the store says it has not: MongoDB may well answer that. */
const REFUSED = new Set([2, 9, 20, 115, 168, 238, 16609, 40324, 51091]);
const typed = { promoteValues: false, bsonRegExp: true, promoteBuffers: false } as const;

const number = fc.constantFrom<unknown>(
  ...[0, 1, 2, -1, 2147483647].map((value) => new Int32(value)),
  ...[0, -0, 1, 1.5, -1.5, 0.1, 1e300, Number.NaN, Infinity, -Infinity].map((value) => new Double(value)),
  ...['1', '2', '9007199254740993', '-9223372036854775808'].map((value) => Long.fromString(value)),
  ...['1', '1.0', '1.5', '0.1', '-0', 'NaN', '1E+3'].map((value) => Decimal128.fromString(value)),
);
const scalar = fc.oneof(
  { weight: 4, arbitrary: number },
  fc.constantFrom<unknown>('', 'a', 'b', 'ab', 'é', 'a\nb', null, true, false, new Date(0), new Date(1e12)),
);
const { value, doc } = fc.letrec<{ value: unknown; doc: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    { weight: 6, arbitrary: scalar },
    fc.array(tie('value'), { maxLength: 3 }),
    tie('doc'),
  ),
  doc: fc.record({ a: tie('value'), b: tie('value'), c: tie('value') }, { requiredKeys: [] }),
}));
const documents = fc
  .array(doc, { minLength: 5, maxLength: 25 })
  .map((list) => list.map((fields, at) => ({ _id: at, ...fields })));
const path = fc.constantFrom('a', 'b', 'c', 'a.b', 'b.a', 'a.0', 'b.1', 'a.b.c', 'a.0.b');

const compared = fc.oneof(
  value,
  fc
    .record({ op: fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), of: value })
    .map(({ op, of }) => ({ [op]: of })),
  fc.array(value, { maxLength: 3 }).map((list) => ({ $in: list })),
  fc.array(value, { maxLength: 3 }).map((list) => ({ $nin: list })),
  fc.array(value, { maxLength: 2 }).map((list) => ({ $all: list })),
  fc.boolean().map((there) => ({ $exists: there })),
  fc.constantFrom('number', 'string', 'array', 'object', 'int', 'null').map((type) => ({ $type: type })),
  fc.constantFrom('^a', 'a', '^$', 'b$', '.').map((pattern) => new BSONRegExp(pattern)),
  fc.nat(2).map((size) => ({ $size: size })),
  fc.tuple(fc.constantFrom('$gt', '$lte', '$eq'), scalar).map(([op, of]) => ({ $elemMatch: { [op]: of } })),
  fc.tuple(fc.constantFrom('a', 'b'), scalar).map(([name, of]) => ({ $elemMatch: { [name]: of } })),
  fc.tuple(fc.constantFrom('$bitsAllSet', '$bitsAnyClear'), fc.nat(5)).map(([op, of]) => ({ [op]: of })),
  fc.tuple(fc.constantFrom(2, 3), fc.nat(2)).map((of) => ({ $mod: of })),
  fc.tuple(fc.constantFrom('$gt', '$eq', '$lt'), scalar).map(([op, of]) => ({ $not: { [op]: of } })),
);
/** Null beyond an array means something else from MongoDB 9 on (SERVER-36681): it is not asked for there. */
const condition = fc
  .tuple(path, compared)
  .filter(([at, test]) => !at.includes('.') || !JSON.stringify(test).includes('null'))
  .map(([at, test]) => ({ [at]: test }));
const filter: fc.Arbitrary<object> = fc.oneof(
  { weight: 4, arbitrary: condition },
  fc
    .tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(condition, { minLength: 1, maxLength: 3 }))
    .map(([op, list]) => ({ [op]: list })),
);
const order = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'a.b'), fc.constantFrom<1 | -1>(1, -1)), {
    maxLength: 2,
    selector: ([name]) => name,
  })
  .map((fields) => ({ ...Object.fromEntries(fields), _id: 1 }) as Record<string, 1 | -1>);

const each = fc.record(
  {
    $each: fc.array(value, { maxLength: 3 }),
    $slice: fc.constantFrom(0, 1, -2),
    $sort: fc.constantFrom(1, -1, { a: 1 }),
    $position: fc.constantFrom(0, 1, -1),
  },
  { requiredKeys: ['$each'] },
);
const change = fc.oneof(
  fc.tuple(fc.constantFrom('$set', '$min', '$max', '$setOnInsert', '$addToSet'), value),
  fc.tuple(fc.constantFrom('$inc', '$mul'), number),
  fc.tuple(fc.constant('$push'), fc.oneof(value, each)),
  fc.tuple(
    fc.constant('$pull'),
    fc.oneof(
      value,
      scalar.map((of) => ({ $gte: of })),
    ),
  ),
  fc.tuple(fc.constant('$pullAll'), fc.array(value, { maxLength: 2 })),
  fc.tuple(fc.constant('$pop'), fc.constantFrom(1, -1)),
  fc.tuple(fc.constant('$unset'), fc.constant('')),
  fc.tuple(fc.constant('$rename'), fc.constantFrom('d', 'c.z')),
);
const target = fc.constantFrom('a', 'b', 'c', 'a.b', 'b.0', 'd.e', 'a.$[]', 'a.$[].b', 'a.$');
const update = fc.array(fc.tuple(target, change), { minLength: 1, maxLength: 2 }).map((parts) => {
  const made: Record<string, Record<string, unknown>> = {};
  for (const [at, [op, of]] of parts) made[op] = { ...made[op], [at]: of };
  return made;
});

/** The same questions to both; what the store refuses is no difference, what it answers otherwise is. */
describe('embedded store beside a MongoDB', () => {
  let real: TestStore;
  let ours: { connection: Connection; close(): Promise<void> };
  before(async function () {
    if (!process.env.TEST_MONGODB_URI) return this.skip();
    real = await openTestStore();
    const { store, dataDir } = await startInFreshFolder();
    const connection = await mongoose.createConnection(store.uri).asPromise();
    ours = {
      connection,
      async close() {
        await connection.close();
        await store.stop();
        await rm(dataDir, { recursive: true });
      },
    };
  });
  after(async () => {
    await real?.close();
    await ours?.close();
  });

  type Rows = mongo.Collection<{ _id: number }>;
  async function both<T>(ask: (rows: Rows) => Promise<T>): Promise<[unknown, unknown]> {
    const answer = async (connection: Connection): Promise<unknown> => {
      const rows = native(connection).collection<{ _id: number }>('rows');
      return await ask(rows).then(
        (found) => JSON.parse(mongo.BSON.EJSON.stringify(found, { relaxed: false })),
        (error: { code?: number; message: string }) => ({ refused: Number(error.code), why: error.message }),
      );
    };
    return [await answer(real.connection), await answer(ours.connection)];
  }
  function compare([theirs, own]: [unknown, unknown]): void {
    const refused = (own as { refused?: number }).refused;
    if (
      refused !== undefined &&
      (REFUSED.has(refused) || refused === (theirs as typeof own & { refused?: number }).refused)
    )
      return;
    expect(own).to.deep.equal(theirs);
  }
  const fill = (list: readonly object[]) =>
    both(async (rows) => {
      await rows.deleteMany({});
      return (await rows.insertMany(list as never)).insertedCount;
    });

  it('finds and sorts the same', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.array(fc.tuple(filter, order), { maxLength: 10, minLength: 10 }),
        async (list, asked) => {
          await fill(list);
          for (const [where, sort] of asked)
            compare(
              await both(async (rows) =>
                (await rows.find(where, { sort, projection: { _id: 1 } }).toArray()).map(({ _id }) => _id),
              ),
            );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('updates to the same documents', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(documents, condition, update, fc.boolean(), async (list, where, change_, upsert) => {
        // A sum that stays NaN counts as a change there and as none here.
        fc.pre(!mongo.BSON.EJSON.stringify(list).includes('NaN'));
        await fill(list);
        const changed = await both(async (rows) => {
          const { matchedCount, modifiedCount, upsertedCount } = await rows.updateOne(where, change_, {
            upsert,
          });
          return { matchedCount, modifiedCount, upsertedCount };
        });
        compare(changed);
        if ((changed[1] as { refused?: number }).refused !== undefined) return;
        compare(
          await both(
            async (rows) =>
              await rows.find({ _id: { $type: 'int' } }, { ...typed, sort: { _id: 1 } }).toArray(),
          ),
        );
      }),
      { numRuns: 600 },
    );
  });
});
