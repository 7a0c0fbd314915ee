import { expect } from 'chai';
import { Schema, Types } from 'mongoose';
import { failure, openTestStore, type TestStore } from './store.js';

describe('embedded store with mongoose', () => {
  let store: TestStore;
  before(async () => {
    store = await openTestStore();
  });
  after(() => store.close());

  interface Sample {
    label: string;
    site?: string;
    size: number;
    tags: string[];
    blocks: { name: string; stains: string[]; count: number }[];
    seen?: Date | null;
    weight?: Types.Decimal128;
    owner?: Types.ObjectId;
  }

  const schema = new Schema<Sample>(
    {
      label: { type: String, required: true, unique: true },
      site: String,
      size: { type: Number, default: 0 },
      tags: [String],
      blocks: [{ name: String, stains: [String], count: Number }],
      seen: Date,
      weight: Schema.Types.Decimal128,
      owner: { type: Schema.Types.ObjectId, ref: 'Owner' },
    },
    { timestamps: true, optimisticConcurrency: true },
  );
  schema.index({ site: 1, size: -1 });

  const makeModels = () => ({
    Sample: store.connection.model<Sample>('Sample', schema),
    Owner: store.connection.model<{ name: string }>('Owner', new Schema({ name: String })),
  });
  let made: ReturnType<typeof makeModels> | undefined;
  const models = () => {
    made ??= makeModels();
    return made;
  };

  it('creates, reads, changes and deletes documents', async () => {
    const { Sample } = models();
    await Sample.init();
    const made = await Sample.create({
      label: 'A',
      site: 'foie',
      size: 3,
      tags: ['x'],
      weight: Types.Decimal128.fromString('1.10'),
    });
    const read = await Sample.findById(made._id).orFail();
    expect(read.toObject()).to.deep.include({ label: 'A', site: 'foie', size: 3, tags: ['x'] });
    expect(String(read.weight)).to.equal('1.10');
    read.size = 4;
    read.tags.push('y');
    await read.save();
    const changed = await Sample.findOneAndUpdate(
      { label: 'A' },
      { $inc: { size: 2 }, $addToSet: { tags: 'x' } },
      { returnDocument: 'after' },
    )
      .lean()
      .orFail();
    expect(changed).to.deep.include({ size: 6, tags: ['x', 'y'] });
    expect((await Sample.deleteOne({ label: 'A' })).deletedCount).to.equal(1);
    expect(await Sample.findById(made._id)).to.equal(null);
  });

  it('lets the later of two writers of one version fail', async () => {
    const { Sample } = models();
    const { _id } = await Sample.create({ label: 'version' });
    const first = await Sample.findById(_id).orFail();
    const second = await Sample.findById(_id).orFail();
    first.size = 1;
    second.size = 2;
    await first.save();
    expect((await failure(second.save())).name).to.equal('VersionError');
  });

  it('reports a duplicate with its key, in single and bulk writes', async () => {
    const { Sample } = models();
    await Sample.create({ label: 'twin' });
    const error = await failure(Sample.create({ label: 'twin' }));
    expect(error).to.deep.include({ code: 11000, keyPattern: { label: 1 }, keyValue: { label: 'twin' } });
    expect(error.message).to.match(
      /^E11000 duplicate key error collection: .*index: label_1 dup key: \{ label: "twin" \}/,
    );
    const documents = [{ label: 'bulk 1' }, { label: 'twin' }, { label: 'bulk 2' }];
    const bulk = await failure(Sample.collection.insertMany(documents, { ordered: false }));
    expect(bulk.code).to.equal(11000);
    expect(await Sample.countDocuments({ label: /^bulk/ })).to.equal(2);
  });

  it('writes in bulk, ordered and unordered', async () => {
    const { Sample } = models();
    const result = await Sample.bulkWrite([
      { insertOne: { document: { label: 'w1', size: 1, tags: [], blocks: [] } } },
      { updateOne: { filter: { label: 'w1' }, update: { $inc: { size: 1 } } } },
      { updateOne: { filter: { label: 'w2' }, update: { $set: { size: 9 } }, upsert: true } },
      { updateMany: { filter: { label: /^w/ }, update: { $push: { tags: 'z' } } } },
      {
        replaceOne: { filter: { label: 'w2' }, replacement: { label: 'w3', size: 0, tags: [], blocks: [] } },
      },
      { deleteOne: { filter: { label: 'w1' } } },
    ]);
    expect(result).to.include({
      insertedCount: 1,
      matchedCount: 4,
      modifiedCount: 4,
      upsertedCount: 1,
      deletedCount: 1,
    });
    expect(await Sample.countDocuments({ label: { $in: ['w1', 'w2', 'w3'] } })).to.equal(1);
  });

  it('updates with array filters, positions and pipelines', async () => {
    const { Sample } = models();
    await Sample.create({
      label: 'blocks',
      blocks: [
        { name: 'a', stains: ['HES'], count: 1 },
        { name: 'b', stains: [], count: 5 },
      ],
    });
    await Sample.updateOne({ label: 'blocks', 'blocks.name': 'b' }, { $set: { 'blocks.$.count': 6 } });
    await Sample.updateOne(
      { label: 'blocks' },
      { $push: { 'blocks.$[small].stains': 'PAS' } },
      { arrayFilters: [{ 'small.count': { $lt: 3 } }] },
    );
    await Sample.updateOne({ label: 'blocks' }, [{ $set: { size: { $sum: '$blocks.count' } } }], {
      updatePipeline: true,
    });
    const read = await Sample.findOne({ label: 'blocks' }).lean().orFail();
    expect(read.size).to.equal(7);
    expect(read.blocks.map(({ name, stains, count }) => ({ name, stains, count }))).to.deep.equal([
      { name: 'a', stains: ['HES', 'PAS'], count: 1 },
      { name: 'b', stains: [], count: 6 },
    ]);
  });

  it('pages through a long list with a cursor, in order', async () => {
    const { Sample } = models();
    await Sample.insertMany(
      Array.from({ length: 450 }, (_, at) => ({
        label: `page ${String(at).padStart(3, '0')}`,
        site: 'page',
        size: at % 7,
      })),
    );
    const labels: string[] = [];
    for await (const { label } of Sample.find({ site: 'page' })
      .sort({ size: -1, label: 1 })
      .lean()
      .cursor({ batchSize: 50 }))
      labels.push(label);
    expect(labels).to.have.length(450);
    expect(labels[0]).to.equal('page 006');
    expect(new Set(labels).size).to.equal(450);
    const second = await Sample.find({ site: 'page' })
      .sort({ size: -1, label: 1 })
      .skip(100)
      .limit(10)
      .lean();
    expect(second.map(({ label }) => label)).to.deep.equal(labels.slice(100, 110));
    expect(await Sample.distinct('size', { site: 'page' })).to.deep.equal([0, 1, 2, 3, 4, 5, 6]);
  });

  it('populates, aggregates and joins', async () => {
    const { Sample, Owner } = models();
    const [ada, bob] = await Owner.create([{ name: 'Ada' }, { name: 'Bob' }]);
    await Sample.create([
      { label: 'j1', site: 'join', size: 1, owner: ada?._id, tags: ['a', 'b'] },
      { label: 'j2', site: 'join', size: 3, owner: ada?._id, tags: ['b'] },
      { label: 'j3', site: 'join', size: 5, owner: bob?._id },
    ]);
    const populated = await Sample.findOne({ label: 'j1' })
      .populate<{ owner: { name: string } }>('owner')
      .orFail();
    expect(populated.owner.name).to.equal('Ada');
    const byOwner = await Sample.aggregate([
      { $match: { site: 'join' } },
      { $sort: { label: 1 } },
      {
        $group: {
          _id: '$owner',
          total: { $sum: '$size' },
          labels: { $push: '$label' },
          mean: { $avg: '$size' },
        },
      },
      { $lookup: { from: Owner.collection.name, localField: '_id', foreignField: '_id', as: 'owner' } },
      { $unwind: '$owner' },
      { $project: { _id: 0, name: '$owner.name', total: 1, labels: 1, mean: 1 } },
      { $sort: { name: 1 } },
    ]);
    expect(byOwner).to.deep.equal([
      { name: 'Ada', total: 4, labels: ['j1', 'j2'], mean: 2 },
      { name: 'Bob', total: 5, labels: ['j3'], mean: 5 },
    ]);
    const [facets] = await Sample.aggregate([
      { $match: { site: 'join' } },
      {
        $facet: {
          page: [{ $sort: { size: -1 } }, { $limit: 1 }, { $project: { label: 1, _id: 0 } }],
          total: [{ $count: 'n' }],
          tags: [{ $unwind: '$tags' }, { $sortByCount: '$tags' }],
        },
      },
    ]);
    expect(facets).to.deep.equal({
      page: [{ label: 'j3' }],
      total: [{ n: 3 }],
      tags: [
        { _id: 'b', count: 2 },
        { _id: 'a', count: 1 },
      ],
    });
    const correlated = await Owner.aggregate([
      { $match: { name: 'Ada' } },
      {
        $lookup: {
          from: Sample.collection.name,
          let: { id: '$_id' },
          pipeline: [
            { $match: { $expr: { $eq: ['$owner', '$$id'] }, size: { $gt: 1 } } },
            { $project: { _id: 0, label: 1 } },
          ],
          as: 'samples',
        },
      },
      { $project: { _id: 0, samples: 1 } },
    ]);
    expect(correlated).to.deep.equal([{ samples: [{ label: 'j2' }] }]);
  });

  it('refuses what it cannot do as MongoDB does, and says so', async () => {
    const { Sample } = models();
    expect((await failure(Sample.findOne({ label: 'x', $where: 'true' } as never).exec())).code).to.be.a(
      'number',
    );
    expect((await failure(Sample.aggregate([{ $bogus: {} } as never]))).code).to.equal(40324);
    expect((await failure(Sample.find().hint('nope').exec())).code).to.equal(2);
    const session = await store.connection.startSession();
    const refused = await failure(
      session.withTransaction(() => Sample.create([{ label: 'tx' }], { session })),
    );
    expect(refused.message).to.match(/retryable writes|Transaction numbers|replica set|support sessions/);
    await session.endSession();
    expect(await Sample.countDocuments({ label: 'tx' })).to.equal(0);
  });
});
