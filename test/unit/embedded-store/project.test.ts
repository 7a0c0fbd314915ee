import { CommandError } from '@relecture/embedded-store/errors.js';
import { compileProjection } from '@relecture/embedded-store/query/project.js';
import { expect } from 'chai';
import { canonical, shown, typed } from './documents.js';

const document = {
  _id: 1,
  a: 1,
  b: { c: 2, d: [1, 2, 3, 4] },
  e: [{ f: 1, g: 1 }, { f: 2, g: 2 }, 3],
};

const cases: [string, object, object][] = [
  ['inclusion', { a: 1 }, { _id: 1, a: 1 }],
  ['inclusion without _id', { a: 1, _id: 0 }, { a: 1 }],
  ['inclusion keeps the order of the document', { b: 1, a: 1 }, { _id: 1, a: 1, b: document.b }],
  ['dotted inclusion', { 'b.c': 1 }, { _id: 1, b: { c: 2 } }],
  ['nested inclusion', { b: { c: 1 } }, { _id: 1, b: { c: 2 } }],
  ['inclusion inside an array drops scalars', { 'e.f': 1 }, { _id: 1, e: [{ f: 1 }, { f: 2 }] }],
  ['exclusion', { b: 0, e: 0 }, { _id: 1, a: 1 }],
  ['exclusion inside an array', { 'e.f': 0, b: 0 }, { _id: 1, a: 1, e: [{ g: 1 }, { g: 2 }, 3] }],
  ['only _id', { _id: 1 }, { _id: 1 }],
  ['everything but _id', { _id: 0 }, { a: 1, b: document.b, e: document.e }],
  ['slice', { 'b.d': { $slice: 2 }, e: 0 }, { _id: 1, a: 1, b: { c: 2, d: [1, 2] } }],
  ['slice from the end', { 'b.d': { $slice: -1 }, e: 0 }, { _id: 1, a: 1, b: { c: 2, d: [4] } }],
  ['slice with skip', { 'b.d': { $slice: [1, 2] }, e: 0 }, { _id: 1, a: 1, b: { c: 2, d: [2, 3] } }],
  ['elemMatch', { e: { $elemMatch: { f: 2 } } }, { _id: 1, e: [{ f: 2, g: 2 }] }],
  [
    'elemMatch comes after what is kept',
    { e: { $elemMatch: { f: 2 } }, a: 1 },
    { _id: 1, a: 1, e: [{ f: 2, g: 2 }] },
  ],
  ['elemMatch of nothing', { e: { $elemMatch: { f: 9 } } }, { _id: 1 }],
  [
    'slice and elemMatch keep the rest',
    { 'b.d': { $slice: 1 }, e: { $elemMatch: { f: 9 } } },
    { _id: 1, a: 1, b: { c: 2, d: [1] } },
  ],
  ['computed', { x: { $add: ['$a', 1] } }, { _id: 1, x: 2 }],
  ['renamed', { x: '$b.c' }, { _id: 1, x: 2 }],
];

describe('embedded store: projections', () => {
  for (const [name, spec, expected] of cases) {
    it(name, () => {
      const projection = compileProjection(typed(spec), { find: true });
      expect(shown(projection.apply(typed(document)))).to.deep.equal(canonical(expected));
    });
  }

  it('the positional operator shows the element that matched', () => {
    const projection = compileProjection(typed({ 'e.$': 1 }), { find: true });
    expect(shown(projection.apply(typed(document), { index: 1 }))).to.deep.equal(
      canonical({ _id: 1, e: [{ f: 2, g: 2 }] }),
    );
  });

  it('the positional operator keeps the element of the first array on its path', () => {
    const projection = compileProjection(typed({ 'e.f.$': 1 }), { find: true });
    expect(shown(projection.apply(typed(document), { index: 1 }))).to.deep.equal(
      canonical({ _id: 1, e: [{ f: 2 }] }),
    );
  });

  for (const [name, spec, code] of [
    ['inclusion and exclusion together', { a: 1, b: 0 }, 31254],
    ['exclusion and inclusion together', { a: 0, b: 1 }, 31253],
    ['a path and its own part', { b: 1, 'b.c': 1 }, 31249],
    ['an empty part', { a: {} }, 51270],
    ['elemMatch below a field', { 'b.d': { $elemMatch: { $gt: 1 } } }, 31275],
    ['$meta', { a: { $meta: 'textScore' } }, 115],
    ['two positional operators', { 'e.$': 1, 'b.$': 1 }, 31276],
  ] as const) {
    it(`refuses ${name}`, () => {
      expect(() => compileProjection(typed(spec), { find: true }))
        .to.throw(CommandError)
        .with.property('code', code);
    });
  }
});
