import { identicalValues } from '@relecture/embedded-store/codec/compare.js';
import { upsertDocument } from '@relecture/embedded-store/commands/upsert.js';
import { CommandError } from '@relecture/embedded-store/errors.js';
import { compileFilter } from '@relecture/embedded-store/query/match.js';
import type { Position } from '@relecture/embedded-store/query/predicate.js';
import { compileUpdate } from '@relecture/embedded-store/update/compile.js';
import { expect } from 'chai';
import { mongo } from 'mongoose';
import { canonical, shown, typed, typedValue } from './documents.js';

const { Decimal128, Double, Int32, Long } = mongo;

interface Options {
  filter?: object;
  arrayFilters?: object[];
  inserting?: boolean;
}

function updated(document: object, update: unknown, options: Options = {}): unknown {
  const before = typed(document);
  const position: Position = { index: undefined };
  if (options.filter) expect(compileFilter(typed(options.filter)).predicate(before, position)).to.equal(true);
  const filters = options.arrayFilters && typedValue(options.arrayFilters);
  const compiled = compileUpdate(typedValue(update), filters, false);
  const result = shown(compiled.apply(before, { position, inserting: options.inserting === true }));
  expect(shown(before), 'the document given is not changed').to.deep.equal(canonical(document));
  return result;
}

const cases: [string, object, unknown, object, Options?][] = [
  ['$set of a new path', { _id: 1 }, { $set: { 'a.b': 1 } }, { _id: 1, a: { b: 1 } }],
  ['$set in an array', { _id: 1, a: [1, 2] }, { $set: { 'a.3': 9 } }, { _id: 1, a: [1, 2, null, 9] }],
  ['$unset', { _id: 1, a: { b: 1, c: 2 } }, { $unset: { 'a.b': '' } }, { _id: 1, a: { c: 2 } }],
  [
    '$unset in an array leaves null',
    { _id: 1, a: [1, 2] },
    { $unset: { 'a.0': 1 } },
    { _id: 1, a: [null, 2] },
  ],
  [
    '$mul of a missing field is zero times',
    { _id: 1 },
    { $mul: { n: new Double(-2) } },
    { _id: 1, n: new Double(-0) },
  ],
  ['$mul of a missing field by infinity', { _id: 1 }, { $mul: { n: Infinity } }, { _id: 1, n: Number.NaN }],
  [
    'positional by the last of the conditions in the order of their paths',
    { _id: 1, a: [5, 6], b: [{ x: 1 }, { x: 2 }] },
    { $set: { 'a.$': 9 } },
    { _id: 1, a: [9, 6], b: [{ x: 1 }, { x: 2 }] },
    { filter: { 'b.x': 1, a: 6 } },
  ],
  [
    'positional by a comparison rather than by $elemMatch',
    { _id: 1, a: [5, 6], b: [{ x: 1 }, { x: 2 }] },
    { $set: { 'b.$.x': 9 } },
    { _id: 1, a: [5, 6], b: [{ x: 1 }, { x: 9 }] },
    { filter: { a: { $gt: 5 }, b: { $elemMatch: { x: 1 } } } },
  ],
  [
    'positional by values to choose from',
    { _id: 1, a: [5, 6] },
    { $set: { 'a.$': 9 } },
    { _id: 1, a: [9, 6] },
    { filter: { $or: [{ a: 6 }, { a: 5 }] } },
  ],
  [
    'positional by presence',
    { _id: 1, a: [5, 6] },
    { $set: { 'a.$': 9 } },
    { _id: 1, a: [9, 6] },
    { filter: { a: { $exists: true } } },
  ],
  ['$rename of nothing', { _id: 1, c: [1] }, { $rename: { b: 'c.z' } }, { _id: 1, c: [1] }],
  ['$inc keeps an int', { _id: 1, n: 1 }, { $inc: { n: 2 } }, { _id: 1, n: new Int32(3) }],
  ['$inc by a double', { _id: 1, n: 1 }, { $inc: { n: new Double(2) } }, { _id: 1, n: new Double(3) }],
  [
    '$inc over an int becomes a long',
    { _id: 1, n: 2147483647 },
    { $inc: { n: 1 } },
    { _id: 1, n: Long.fromNumber(2147483648) },
  ],
  [
    '$inc of a decimal',
    { _id: 1, n: Decimal128.fromString('0.1') },
    { $inc: { n: Decimal128.fromString('0.2') } },
    { _id: 1, n: Decimal128.fromString('0.3') },
  ],
  ['$inc of a missing field', { _id: 1 }, { $inc: { n: 5 } }, { _id: 1, n: 5 }],
  [
    '$mul of a missing field',
    { _id: 1 },
    { $mul: { n: Long.fromNumber(5) } },
    { _id: 1, n: Long.fromNumber(0) },
  ],
  ['$min', { _id: 1, n: 5 }, { $min: { n: 3 } }, { _id: 1, n: 3 }],
  [
    '$max keeps the type of an equal value',
    { _id: 1, n: 5 },
    { $max: { n: new Double(5) } },
    { _id: 1, n: new Int32(5) },
  ],
  ['$rename moves to the end', { _id: 1, a: 1, b: 2 }, { $rename: { a: 'c' } }, { _id: 1, b: 2, c: 1 }],
  [
    '$rename onto a field that is there keeps its place',
    { _id: 1, a: 1, b: 2, c: 3 },
    { $rename: { c: 'a' } },
    { _id: 1, a: 3, b: 2 },
  ],
  [
    '$push sorts by a whole array in a field, and what has no field as null',
    { _id: 1, a: [{ x: [1] }, { x: 2 }, { y: 1 }] },
    { $push: { a: { $each: [], $sort: { x: 1 } } } },
    { _id: 1, a: [{ y: 1 }, { x: 2 }, { x: [1] }] },
  ],
  ['$setOnInsert when updating', { _id: 1 }, { $setOnInsert: { a: 1 } }, { _id: 1 }],
  [
    '$setOnInsert when inserting',
    { _id: 1 },
    { $setOnInsert: { a: 1 } },
    { _id: 1, a: 1 },
    { inserting: true },
  ],
  ['$push', { _id: 1, a: [1] }, { $push: { a: [2] } }, { _id: 1, a: [1, [2]] }],
  [
    '$push with everything',
    { _id: 1, a: [5, 1] },
    { $push: { a: { $each: [3, 9], $sort: -1, $slice: 3 } } },
    { _id: 1, a: [9, 5, 3] },
  ],
  [
    '$push at a position',
    { _id: 1, a: [1, 2] },
    { $push: { a: { $each: [7], $position: 1 } } },
    { _id: 1, a: [1, 7, 2] },
  ],
  [
    '$push at a position from the end',
    { _id: 1, a: [1, 2] },
    { $push: { a: { $each: [7], $position: -1 } } },
    { _id: 1, a: [1, 7, 2] },
  ],
  [
    '$push sorted by field',
    { _id: 1, a: [{ n: 2 }] },
    { $push: { a: { $each: [{ n: 1 }], $sort: { n: 1 } } } },
    { _id: 1, a: [{ n: 1 }, { n: 2 }] },
  ],
  [
    '$addToSet knows equal numbers',
    { _id: 1, a: [1] },
    { $addToSet: { a: { $each: [new Double(1), 2] } } },
    { _id: 1, a: [1, 2] },
  ],
  ['$pull by condition', { _id: 1, a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { _id: 1, a: [1] }],
  [
    '$pull by fields',
    { _id: 1, a: [{ x: 1, y: 1 }, { x: 2 }] },
    { $pull: { a: { x: 1 } } },
    { _id: 1, a: [{ x: 2 }] },
  ],
  ['$pull a value', { _id: 1, a: ['x', 'y'] }, { $pull: { a: 'x' } }, { _id: 1, a: ['y'] }],
  ['$pullAll', { _id: 1, a: [1, 2, 3, 1] }, { $pullAll: { a: [1, 3] } }, { _id: 1, a: [2] }],
  ['$pop first', { _id: 1, a: [1, 2] }, { $pop: { a: -1 } }, { _id: 1, a: [2] }],
  ['$bit', { _id: 1, n: 13 }, { $bit: { n: { and: new Int32(10) } } }, { _id: 1, n: 8 }],
  [
    'positional',
    { _id: 1, a: [{ k: 1 }, { k: 2 }] },
    { $set: { 'a.$.v': 5 } },
    { _id: 1, a: [{ k: 1 }, { k: 2, v: 5 }] },
    { filter: { 'a.k': 2 } },
  ],
  [
    'positional through elemMatch',
    { _id: 1, a: [{ k: 1 }, { k: 2 }] },
    { $set: { 'a.$': 0 } },
    { _id: 1, a: [{ k: 1 }, 0] },
    { filter: { a: { $elemMatch: { k: 2 } } } },
  ],
  [
    'every element',
    { _id: 1, a: [{ n: 1 }, { n: 2 }] },
    { $inc: { 'a.$[].n': 1 } },
    { _id: 1, a: [{ n: 2 }, { n: 3 }] },
  ],
  [
    'filtered elements',
    { _id: 1, a: [{ n: 1 }, { n: 5 }] },
    { $set: { 'a.$[big].ok': true } },
    { _id: 1, a: [{ n: 1 }, { n: 5, ok: true }] },
    { arrayFilters: [{ 'big.n': { $gt: 3 } }] },
  ],
  [
    'nested filters',
    { _id: 1, a: [{ b: [1, 5] }] },
    { $set: { 'a.$[].b.$[x]': 0 } },
    { _id: 1, a: [{ b: [1, 0] }] },
    { arrayFilters: [{ x: { $gt: 3 } }] },
  ],
  ['replacement keeps _id', { _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
  [
    'pipeline',
    { _id: 1, a: 1, b: 2 },
    [{ $set: { c: { $add: ['$a', '$b'] } } }, { $unset: 'a' }],
    { _id: 1, b: 2, c: 3 },
  ],
  ['pipeline replacing', { _id: 1, a: { x: 1 } }, [{ $replaceWith: '$a' }], { _id: 1, x: 1 }],
];

const refusals: [string, object, unknown, number, Options?][] = [
  ['changing _id', { _id: 1 }, { $set: { _id: 2 } }, 66],
  ['conflicting paths', { _id: 1 }, { $set: { a: 1, 'a.b': 2 } }, 40],
  ['an unknown modifier', { _id: 1 }, { $foo: { a: 1 } }, 9],
  ['$inc of text', { _id: 1, a: 'x' }, { $inc: { a: 1 } }, 14],
  ['$inc beyond a long', { _id: 1, a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
  ['$push on a scalar', { _id: 1, a: 1 }, { $push: { a: 1 } }, 2],
  ['a field inside a scalar', { _id: 1, a: 1 }, { $set: { 'a.b': 1 } }, 28],
  ['positional without a match', { _id: 1, a: [1] }, { $set: { 'a.$': 2 } }, 2],
  ['an unused array filter', { _id: 1 }, { $set: { a: 1 } }, 9, { arrayFilters: [{ x: 1 }] }],
  ['an array filter nobody gave', { _id: 1, a: [1] }, { $set: { 'a.$[x]': 1 } }, 2],
  ['an empty path part', { _id: 1 }, { $set: { 'a..b': 1 } }, 56],
  ['a stage not allowed in an update', { _id: 1 }, [{ $group: { _id: 1 } }], 72],
];

describe('embedded store: updates', () => {
  for (const [name, document, update, expected, options] of cases) {
    it(name, () => {
      expect(updated(document, update, options)).to.deep.equal(canonical(expected));
    });
  }
  for (const [name, document, update, code, options] of refusals) {
    it(`refuses ${name}`, () => {
      let error: unknown;
      try {
        updated(document, update, options);
      } catch (caught) {
        error = caught;
      }
      expect(error).to.be.instanceOf(CommandError);
      expect((error as CommandError).code).to.equal(code);
    });
  }

  it('an upsert starts from what the query says by equality', () => {
    const update = compileUpdate(typedValue({ $set: { c: 3 }, $setOnInsert: { d: 4 } }), undefined, false);
    const query = { _id: 7, a: 1, 'n.m': { $eq: 2 }, x: { $gt: 5 }, $and: [{ e: 5 }] };
    expect(shown(upsertDocument(typed(query), update))).to.deep.equal(
      canonical({ _id: 7, a: 1, n: { m: 2 }, e: 5, c: 3, d: 4 }),
    );
  });

  it('an upsert by replacement takes only _id from the query', () => {
    const update = compileUpdate(typedValue({ b: 2 }), undefined, false);
    expect(shown(upsertDocument(typed({ _id: 7, a: 1 }), update))).to.deep.equal(canonical({ _id: 7, b: 2 }));
  });

  it('adds new fields in the order of their names, numbers by value', () => {
    const update = compileUpdate(
      typedValue({ $set: { b: 1, 'x.10': 1, 'x.9': 1 }, $inc: { a: 1 }, $rename: { z: 'aa' } }),
      undefined,
      false,
    );
    const after = update.apply(typed({ _id: 1, z: 1, x: {} }), { position: undefined, inserting: false });
    expect([...after.keys()]).to.deep.equal(['_id', 'x', 'a', 'aa', 'b']);
    expect([...(after.get('x') as Map<string, unknown>).keys()]).to.deep.equal(['9', '10']);
  });

  it('an upsert takes the only value of $in, and refuses paths that contradict each other', () => {
    const update = compileUpdate(typedValue({ $set: { z: 1 } }), undefined, false);
    const made = upsertDocument(typed({ a: { $in: [5, 5] }, b: { $in: [1, 2] }, _id: 1 }), update);
    expect(shown(made)).to.deep.equal(canonical({ _id: 1, a: 5, z: 1 }));
    for (const query of [{ 'x.a': 1, x: { b: 1 } }, { x: { $all: [1, 2] } }]) {
      expect(() => upsertDocument(typed(query), update))
        .to.throw(CommandError)
        .with.property('code', 54);
    }
  });

  it('writes very many values and fields without comparing all with all', () => {
    const length = 60_000;
    const list = Array.from({ length }, (_, n) => n);
    const added = updated({ list }, { $addToSet: { list: { $each: list.map((n) => new Double(n + 5)) } } });
    expect((added as { list: unknown[] }).list).to.have.length(length + 5);
    const left = updated({ list }, { $pullAll: { list: list.slice(3).map((n) => Long.fromNumber(n)) } });
    expect(left).to.deep.equal(canonical({ list: [0, 1, 2] }));
    const wide = Object.fromEntries(list.map((n) => [`field${n}`, n]));
    expect(Object.keys(updated({}, { $set: wide }) as object)).to.have.length(length);
  });

  it('takes -0 for another value than 0', () => {
    expect(identicalValues(0, -0)).to.equal(false);
    expect(identicalValues(typed({ a: new Double(0) }), typed({ a: new Double(-0) }))).to.equal(false);
  });

  for (const filter of [{ $or: [{ a: 6 }, { b: 1 }] }, { 'a.1': 6 }]) {
    it(`finds no element for $ through ${JSON.stringify(filter)}`, () => {
      expect(() => updated({ _id: 1, a: [5, 6] }, { $set: { 'a.$': 9 } }, { filter }))
        .to.throw(CommandError)
        .with.property('code', 2);
    });
  }

  for (const [name, document, update, code] of [
    ['two operators that meet in one element', { a: [1] }, { $set: { 'a.0': 5, 'a.$[]': 6 } }, 40],
    ['two positions in one path', { a: [1] }, { $set: { 'a.$.b.$': 1 } }, 2],
    ['an array filter nobody gave, whatever the document', {}, { $set: { 'a.$[x]': 1 } }, 2],
    ['elements by marker and by field in one update', { a: [] }, { $set: { 'a.b': 5, 'a.$[].c': 6 } }, 40],
    ['$pull out of a scalar', { a: 1 }, { $pull: { 'a.b': 1 } }, 28],
    ['$pop out of a scalar', { a: 1 }, { $pop: { 'a.b': 1 } }, 28],
    ['$bit of null', { a: null }, { $bit: { a: { or: 1 } } }, 2],
    ['a wrong path, even of $setOnInsert', {}, { $setOnInsert: { 'a.$[]': 1 } }, 2],
    ['$rename out of a scalar', { a: 1 }, { $rename: { 'a.b': 'c' } }, 28],
    ['$rename into itself', { a: {} }, { $rename: { a: 'a.b' } }, 2],
    ['$pop by two', { a: [1] }, { $pop: { a: 2 } }, 9],
  ] as const) {
    it(`refuses ${name}`, () => {
      const run = () =>
        compileUpdate(typedValue(update), undefined, false).apply(typed({ _id: 1, ...document }), {
          position: undefined,
          inserting: false,
        });
      expect(run).to.throw(CommandError).with.property('code', code);
    });
  }
});
