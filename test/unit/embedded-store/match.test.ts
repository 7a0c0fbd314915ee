import { CommandError } from '@relecture/embedded-store/errors.js';
import { compileFilter } from '@relecture/embedded-store/query/match.js';
import { expect } from 'chai';
import { mongo } from 'mongoose';
import { typed } from './documents.js';

const { Binary, Decimal128, Long, Double, MaxKey, MinKey } = mongo;

function matches(document: object, filter: object): boolean {
  return compileFilter(typed(filter)).predicate(typed(document));
}

const cases: [string, object, object, boolean][] = [
  ['equal across number types', { a: 1 }, { a: Long.fromNumber(1) }, true],
  ['equal decimal', { a: new Double(0.5) }, { a: Decimal128.fromString('0.50') }, true],
  ['0.1 is not decimal 0.1', { a: new Double(0.1) }, { a: Decimal128.fromString('0.1') }, false],
  [
    'large longs apart',
    { a: Long.fromString('9007199254740993') },
    { a: new Double(9007199254740992) },
    false,
  ],
  ['null matches missing', {}, { a: null }, true],
  ['null matches null', { a: null }, { a: null }, true],
  ['null is not zero', { a: 0 }, { a: null }, false],
  ['null under a scalar', { a: 1 }, { 'a.b': null }, true],
  ['null under an empty array', { a: [] }, { 'a.b': null }, false],
  ['null in one of several', { a: [{ b: 1 }, {}] }, { 'a.b': null }, true],
  ['array element', { a: [1, 2] }, { a: 2 }, true],
  ['whole array', { a: [1, 2] }, { a: [1, 2] }, true],
  ['array order matters', { a: [1, 2] }, { a: [2, 1] }, false],
  ['nested array as element', { a: [[1, 2]] }, { a: [1, 2] }, true],
  ['documents are equal with their order', { a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, false],
  ['dotted path into array', { a: [{ b: 1 }, { b: 2 }] }, { 'a.b': 2 }, true],
  ['position in an array', { a: [5, 6] }, { 'a.1': 6 }, true],
  ['position then field', { a: [{ b: 1 }, { b: 2 }] }, { 'a.1.b': 1 }, false],
  ['position then array, whose documents are looked into', { a: [[{ b: 1 }]] }, { 'a.0.b': 1 }, true],
  ['position then array without documents', { a: [[1]] }, { 'a.0.b': null }, false],
  [
    'bits of binary data',
    { a: new Binary(Buffer.from([5, 0, 1])) },
    { a: { $bitsAllSet: [0, 2, 16] } },
    true,
  ],
  [
    'bits beyond binary data are clear',
    { a: new Binary(Buffer.from([5])) },
    { a: { $bitsAllClear: [64] } },
    true,
  ],
  ['bits named by binary data', { a: 257 }, { a: { $bitsAllSet: new Binary(Buffer.from([1, 1])) } }, true],
  ['a decimal fraction has no bits', { a: Decimal128.fromString('1.5') }, { a: { $bitsAllClear: 0 } }, false],
  ['range brackets by type', { a: 'x' }, { a: { $gt: 5 } }, false],
  ['range on array elements separately', { a: [1, 10] }, { a: { $gt: 4, $lt: 6 } }, true],
  ['elemMatch needs one element', { a: [1, 10] }, { a: { $elemMatch: { $gt: 4, $lt: 6 } } }, false],
  [
    'elemMatch on documents',
    {
      a: [
        { x: 1, y: 2 },
        { x: 2, y: 1 },
      ],
    },
    { a: { $elemMatch: { x: 1, y: 1 } } },
    false,
  ],
  ['elemMatch with or', { a: [{ x: 1 }] }, { a: { $elemMatch: { $or: [{ x: 1 }, { x: 3 }] } } }, true],
  ['elemMatch with negation', { a: [1, 2] }, { a: { $elemMatch: { $ne: 1 } } }, true],
  ['NaN equals NaN', { a: Number.NaN }, { a: Number.NaN }, true],
  ['NaN is not below', { a: Number.NaN }, { a: { $lt: 5 } }, false],
  ['gte null matches missing', {}, { a: { $gte: null } }, true],
  ['minKey bound crosses types', { a: 'x' }, { a: { $gt: new MinKey() } }, true],
  ['maxKey bound crosses types', { a: 1 }, { a: { $lt: new MaxKey() } }, true],
  ['in with regular expression', { a: 'abc' }, { a: { $in: [/^ab/, 'x'] } }, true],
  ['in with null', {}, { a: { $in: [null] } }, true],
  ['nin', { a: [1, 2] }, { a: { $nin: [2, 3] } }, false],
  ['large in', { a: 15 }, { a: { $in: Array.from({ length: 30 }, (_, at) => at) } }, true],
  ['ne on arrays', { a: [1, 2] }, { a: { $ne: 1 } }, false],
  ['not', { a: 5 }, { a: { $not: { $gt: 6 } } }, true],
  ['not with several conditions', { a: 5 }, { a: { $not: { $gt: 1, $lt: 9 } } }, false],
  ['not on missing', {}, { a: { $not: { $gt: 6 } } }, true],
  ['exists', { a: null }, { a: { $exists: true } }, true],
  ['not exists', { a: null }, { a: { $exists: false } }, false],
  ['type by name', { a: Long.fromNumber(1) }, { a: { $type: 'long' } }, true],
  ['type number', { a: new Double(1) }, { a: { $type: 'number' } }, true],
  ['type array', { a: [1] }, { a: { $type: 'array' } }, true],
  ['type of an element', { a: ['x'] }, { a: { $type: 'string' } }, true],
  ['size', { a: [1, 2] }, { a: { $size: 2 } }, true],
  ['size of a scalar', { a: 1 }, { a: { $size: 1 } }, false],
  ['all', { a: [1, 2, 3] }, { a: { $all: [1, 3] } }, true],
  ['all missing one', { a: [1, 2] }, { a: { $all: [1, 3] } }, false],
  ['all on a scalar', { a: 1 }, { a: { $all: [1] } }, true],
  ['empty all', { a: [1] }, { a: { $all: [] } }, false],
  ['mod', { a: 7 }, { a: { $mod: [4, 3] } }, true],
  ['mod of a negative', { a: -7 }, { a: { $mod: [4, -3] } }, true],
  ['regex', { a: 'Sarcome' }, { a: /^sar/i }, true],
  ['regex dollar before a newline', { a: 'abc\n' }, { a: { $regex: 'c$' } }, true],
  ['regex extended', { a: 'abc' }, { a: { $regex: 'a b # comment\n c', $options: 'x' } }, true],
  ['regex on an array', { a: ['x', 'yes'] }, { a: /^y/ }, true],
  ['and', { a: 1, b: 2 }, { $and: [{ a: 1 }, { b: 3 }] }, false],
  ['or', { a: 1, b: 2 }, { $or: [{ a: 2 }, { b: 2 }] }, true],
  ['nor', { a: 1 }, { $nor: [{ a: 2 }, { a: 3 }] }, true],
  ['expr', { a: 3, b: 2 }, { $expr: { $gt: ['$a', '$b'] } }, true],
  ['bits', { a: 54 }, { a: { $bitsAllSet: [1, 5] } }, true],
  ['bits of a negative number', { a: -1 }, { a: { $bitsAllSet: [100] } }, true],
  ['date and timestamp differ', { a: new Date(5) }, { a: { $gte: new Date(5) } }, true],
];

const refusals: [string, object, number][] = [
  ['unknown operator', { a: { $foo: 1 } }, 2],
  ['unknown top-level operator', { $foo: 1 }, 2],
  ['$where', { $where: 'true' }, 2],
  ['$text', { $text: { $search: 'x' } }, 27],
  ['$near', { a: { $near: [1, 2] } }, 115],
  ['$jsonSchema', { $jsonSchema: {} }, 115],
  ['empty $or', { $or: [] }, 2],
  ['$in without array', { a: { $in: 1 } }, 2],
  ['$all of a condition and a value', { a: { $all: [{ $elemMatch: { b: 1 } }, 2] } }, 2],
  ['$all of a value and a condition', { a: { $all: [2, { $elemMatch: { b: 1 } }] } }, 2],
  ['$size beyond an int', { a: { $size: 1e10 } }, 2],
  ['remainder beyond a long', { a: { $mod: [2, 1e300] } }, 2],
  ['a fraction of bits', { a: { $bitsAllSet: 1.5 } }, 9],
  ['$size below zero', { a: { $size: -1 } }, 2],
  ['broken regular expression', { a: { $regex: '(' } }, 51091],
  ['unknown regex option', { a: { $regex: 'a', $options: 'q' } }, 51108],
  ['unknown expression', { $expr: { $foo: 1 } }, 168],
  ['mod by zero', { a: { $mod: [0, 1] } }, 2],
];

const patterns: [string, string, string, boolean][] = [
  ['^a.b$', '', 'a\nb', false],
  ['^a.b$', '', 'a\rb', true],
  ['^a.b$', '', 'axb\n', true],
  ['^a.b$', 's', 'a\nb', true],
  ['^b', 'm', 'a\rb', false],
  ['^b', 'm', 'a\nb', true],
  ['a$', 'm', 'a\rb', false],
  ['a\\sb', '', 'a\u00a0b', false],
  ['a\\hb', '', 'a\u00a0b', true],
  ['\\ah', '', 'ah', false],
  ['a\\-b\\_{c}]', '', 'a-b_{c}]', true],
  ['\\x{1F600}.', '', '😀😀', true],
  ['(?i)É', '', 'é', true],
];

describe('embedded store: filters', () => {
  for (const [name, document, filter, expected] of cases) {
    it(name, () => {
      expect(matches(document, filter)).to.equal(expected);
    });
  }
  for (const [name, filter, code] of refusals) {
    it(`refuses ${name}`, () => {
      let error: unknown;
      try {
        compileFilter(typed(filter));
      } catch (caught) {
        error = caught;
      }
      expect(error).to.be.instanceOf(CommandError);
      expect((error as CommandError).code).to.equal(code);
    });
  }

  for (const [pattern, options, text, expected] of patterns) {
    it(`/${pattern}/${options} ${expected ? 'matches' : 'does not match'} ${JSON.stringify(text)}, as in PCRE`, () => {
      const filter = typed({ v: { $regex: pattern, $options: options } });
      expect(compileFilter(filter).predicate(typed({ v: text }))).to.equal(expected);
    });
  }

  for (const pattern of ['^(a+)+$', '^(a|aa)*$', 'a*a*a*a*a*a*a*a*a*b', '^(?:a{1,64}){1,64}$']) {
    it(`cuts /${pattern}/ off, which would go on for ever, and still answers what is quick`, () => {
      const { predicate } = compileFilter(typed({ v: { $regex: pattern } }));
      expect(predicate(typed({ v: 'c' }))).to.equal(false);
      expect(() => predicate(typed({ v: `${'a'.repeat(400)}!` })))
        .to.throw(CommandError)
        .with.property('code', 51156);
      expect(predicate(typed({ v: pattern.endsWith('b') ? 'aab' : 'aa' }))).to.equal(true);
    });
  }

  it('finds all matches of a pattern that could go on for ever', () => {
    const found = compileFilter(
      typed({
        $expr: { $eq: [{ $size: { $regexFindAll: { input: 'aab aab', regex: '(a+)+b' } } }, 2] },
      }),
    );
    expect(found.predicate(typed({}))).to.equal(true);
  });

  for (const pattern of ['\\u0041', 'a(?i)b', '[[:alpha:]]', '(?>a)', 'a++', '\\Qa\\E', '(*ACCEPT)']) {
    it(`refuses /${pattern}/, which JavaScript would read otherwise`, () => {
      expect(() => compileFilter(typed({ v: { $regex: pattern } })))
        .to.throw(CommandError)
        .with.property('code', 51091);
    });
  }
});
