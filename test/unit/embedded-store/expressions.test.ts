import { CommandError } from '@relecture/embedded-store/errors.js';
import { compileExpression } from '@relecture/embedded-store/expressions/compile.js';
import { expect } from 'chai';
import { mongo } from 'mongoose';
import { canonical, shown, typed, typedValue } from './documents.js';

const { Decimal128, Double, Long, ObjectId } = mongo;

function evaluated(expression: unknown, document: object = {}): unknown {
  const root = typed(document);
  const value = compileExpression(typedValue(expression)).evaluate({ root, current: root });
  return value === undefined ? undefined : shown(new Map([['v', value]]));
}

const summer = new Date('2026-07-14T22:30:15.250Z');
const winter = new Date('2026-01-05T23:30:00Z');
const paris = 'Europe/Paris';

const cases: [string, unknown, unknown, object?][] = [
  [
    '$multiply rounds at every step',
    { $multiply: [Long.fromNumber(-7), Long.fromString('9007199254740993'), 0.1] },
    new Double(-6305039478318695),
  ],
  [
    '$dateFromParts of an ISO week',
    { $dateFromParts: { isoWeekYear: 2020, isoWeek: 53, isoDayOfWeek: 7 } },
    new Date('2021-01-03'),
  ],
  [
    '$dateFromParts of an ISO week and hour in a time zone',
    { $dateFromParts: { isoWeekYear: 2020, isoWeek: 3, hour: 5, timezone: 'Europe/Paris' } },
    new Date('2020-01-13T04:00:00Z'),
  ],
  [
    '$zip with defaults',
    {
      $zip: {
        inputs: [
          [1, null],
          [2, 3, 4],
        ],
        useLongestLength: true,
        defaults: ['$x', 9],
      },
    },
    [
      [1, 2],
      [null, 3],
      [7, 4],
    ],
    { x: 7 },
  ],
  ['$toDouble of a word', { $toDouble: '-inf' }, -Infinity],
  ['$pow of one', { $pow: [new Double(-1), Infinity] }, new Double(1)],
  ['$toUpper of infinity', { $toUpper: Infinity }, 'INF'],
  ['$indexOfCP of nothing at the end', { $indexOfCP: ['ab', '', 2] }, -1],
  [
    '$setIntersection keeps what the smaller set has',
    { $setIntersection: [[1, 2], [new Double(2)]] },
    [new Double(2)],
  ],
  ['$add ints', { $add: [1, 2] }, 3],
  ['$add mixes up', { $add: [1, Long.fromNumber(2)] }, Long.fromNumber(3)],
  ['$add with a decimal', { $add: [1, Decimal128.fromString('0.10')] }, Decimal128.fromString('1.10')],
  ['$add to a date', { $add: [new Date(1000), 500] }, new Date(1500)],
  ['$add after a date rounds each number', { $add: [new Date(1000), 0.6, 0.6] }, new Date(1002)],
  ['$add before a date does not', { $add: [0.6, 0.6, new Date(1000)] }, new Date(1001)],
  ['$subtract of half a millisecond', { $subtract: [new Date(1000), 1.5] }, new Date(998)],
  [
    '$subtract of a decimal half',
    { $subtract: [new Date(1000), Decimal128.fromString('2.5')] },
    new Date(998),
  ],
  ['$ceil writes a decimal out', { $ceil: Decimal128.fromString('1E+3') }, Decimal128.fromString('1000')],
  ['$round to a place', { $round: [Decimal128.fromString('-0'), 1] }, Decimal128.fromString('-0.0')],
  [
    '$multiply keeps the sign of zero',
    { $multiply: [Decimal128.fromString('-0.0'), 5] },
    Decimal128.fromString('-0.0'),
  ],
  ['$mod keeps the sign of zero', { $mod: [Decimal128.fromString('-0'), 3] }, Decimal128.fromString('-0')],
  [
    '$setUnion keeps the first of equals',
    { $setUnion: [[new Double(-0)], [new Double(0)]] },
    [new Double(-0)],
  ],
  [
    '$regexFindAll ends with the text',
    { $map: { input: { $regexFindAll: { input: 'baa', regex: 'a*' } }, in: '$$this.idx' } },
    [0, 1],
  ],
  ['$year of an ObjectId after 2038', { $year: new ObjectId('ffffffffffffffffffffffff') }, 1969],
  [
    '$dateFromString with Z and UTC',
    { $dateFromString: { dateString: '2020-01-15T10:20:30Z', timezone: 'UTC' } },
    new Date('2020-01-15T10:20:30Z'),
  ],
  ['$sum of doubles does not drift', { $sum: [0.1, 0.2, 0.3] }, new Double(0.6)],
  [
    '$sum of a decimal and a double',
    { $sum: [Decimal128.fromString('1.5'), 0.5, 2] },
    Decimal128.fromString('4.0'),
  ],
  [
    '$add of a double to a decimal has fifteen digits',
    { $add: [new Double(2), Decimal128.fromString('1')] },
    Decimal128.fromString('3.00000000000000'),
  ],
  ['$round at a missing place', { $round: [new Double(2.5), '$missing'] }, null],
  ['$dateFromParts of a missing part', { $dateFromParts: { year: 2026, month: '$missing' } }, null],
  ['$dateToString in a missing zone', { $dateToString: { date: summer, timezone: '$missing' } }, null],
  ['$pow of one', { $pow: [1, -2] }, 1],
  ['$toString of a double', { $toString: 1234.56 }, '1234.56'],
  ['$toString of a whole double', { $toString: new Double(100000) }, '100000'],
  ['$toString of a small double', { $toString: 0.00001 }, '1e-05'],
  ['$add of null', { $add: [1, null] }, null],
  ['$subtract dates', { $subtract: [new Date(1500), new Date(1000)] }, Long.fromNumber(500)],
  ['$multiply overflowing an int', { $multiply: [2 ** 30, 4] }, Long.fromNumber(2 ** 32)],
  ['$divide', { $divide: [1, 2] }, new Double(0.5)],
  [
    '$divide decimals',
    { $divide: [Decimal128.fromString('1'), Decimal128.fromString('3')] },
    Decimal128.fromString('0.3333333333333333333333333333333333'),
  ],
  ['$mod', { $mod: [-7, 3] }, -1],
  ['$round half to even', { $round: [new Double(2.5), 0] }, new Double(2)],
  ['$round at a place', { $round: [new Double(1.005), 2] }, new Double(1)],
  ['$round of a whole number', { $round: [1250, -2] }, 1200],
  ['$trunc', { $trunc: [new Double(-2.7), 0] }, new Double(-2)],
  ['$floor of a decimal', { $floor: Decimal128.fromString('-1.5') }, Decimal128.fromString('-2')],
  ['$abs', { $abs: -5 }, 5],
  ['$cmp across types', { $cmp: ['a', 5] }, 1],
  ['$cond', { $cond: [{ $gt: ['$a', 3] }, 'yes', 'no'] }, 'yes', { a: 5 }],
  ['$ifNull', { $ifNull: ['$missing', '$a'] }, 5, { a: 5 }],
  [
    '$switch',
    {
      $switch: {
        branches: [
          Object.fromEntries([
            ['case', { $eq: ['$a', 1] }],
            ['then', 'one'],
          ]),
        ],
        default: 'other',
      },
    },
    'other',
    { a: 5 },
  ],
  ['path over an array', '$a.b', [1, 2], { a: [{ b: 1 }, { c: 3 }, { b: 2 }] }],
  ['array literal with missing', ['$missing'], [null]],
  ['$literal', { $literal: '$a' }, '$a'],
  ['$size', { $size: '$a' }, 2, { a: [1, 2] }],
  ['$filter', { $filter: { input: '$a', as: 'n', cond: { $gt: ['$$n', 1] } } }, [2, 3], { a: [1, 2, 3] }],
  ['$map', { $map: { input: '$a', in: { $multiply: ['$$this', 2] } } }, [2, 4], { a: [1, 2] }],
  [
    '$reduce',
    { $reduce: { input: '$a', initialValue: 0, in: { $add: ['$$value', '$$this'] } } },
    6,
    { a: [1, 2, 3] },
  ],
  ['$let', { $let: { vars: { x: 2 }, in: { $add: ['$$x', '$a'] } } }, 7, { a: 5 }],
  ['$arrayElemAt from the end', { $arrayElemAt: ['$a', -1] }, 3, { a: [1, 2, 3] }],
  ['$slice', { $slice: ['$a', 1, 2] }, [2, 3], { a: [1, 2, 3, 4] }],
  ['$in', { $in: [2, '$a'] }, true, { a: [1, 2] }],
  ['$concatArrays', { $concatArrays: ['$a', [9]] }, [1, 9], { a: [1] }],
  [
    '$setUnion',
    {
      $setUnion: [
        [2, 1],
        [2, 3],
      ],
    },
    [1, 2, 3],
  ],
  [
    '$sortArray',
    { $sortArray: { input: '$a', sortBy: { n: -1 } } },
    [{ n: 2 }, { n: 1 }],
    { a: [{ n: 1 }, { n: 2 }] },
  ],
  ['$objectToArray', { $objectToArray: '$a' }, [{ k: 'x', v: 1 }], { a: { x: 1 } }],
  ['$arrayToObject', { $arrayToObject: [[['x', 1]]] }, { x: 1 }],
  ['$mergeObjects', { $mergeObjects: ['$a', { y: 2 }] }, { x: 1, y: 2 }, { a: { x: 1 } }],
  ['$sum of a list', { $sum: '$a' }, new Double(3.5), { a: [1, new Double(2.5), 'x'] }],
  ['$avg of nothing', { $avg: '$a' }, null, { a: [] }],
  ['$max', { $max: ['$a', 7] }, 7, { a: 5 }],
  ['$median', { $median: { input: '$a', method: 'approximate' } }, new Double(2), { a: [3, 1, 2] }],
  ['$concat', { $concat: ['a', '$b'] }, 'ab', { b: 'b' }],
  ['$toUpper is ASCII', { $toUpper: 'abé' }, 'ABé'],
  ['$substrCP', { $substrCP: ['a😀bc', 1, 2] }, '😀b'],
  ['$strLenBytes', { $strLenBytes: 'é' }, 2],
  ['$split', { $split: ['a-b', '-'] }, ['a', 'b']],
  ['$trim', { $trim: { input: '  a ' } }, 'a'],
  ['$replaceAll', { $replaceAll: { input: 'a.a', find: '.', replacement: { $literal: '$&' } } }, 'a$&a'],
  ['$regexMatch', { $regexMatch: { input: 'Sarcome', regex: '^sar', options: 'i' } }, true],
  ['$indexOfCP', { $indexOfCP: ['a😀b', 'b'] }, 2],
  ['$toString', { $toString: new Double(1.5) }, '1.5'],
  ['$toInt', { $toInt: '42' }, 42],
  [
    '$toDate of an id',
    { $toDate: new ObjectId('65920080ffffffffffffffff') },
    new Date('2024-01-01T00:00:00Z'),
  ],
  ['$convert with onError', { $convert: { input: 'x', to: 'int', onError: -1 } }, -1],
  ['$type', { $type: '$missing' }, 'missing'],
  [
    '$year in a zone',
    { $year: { date: '$d', timezone: paris } },
    2026,
    { d: new Date('2025-12-31T23:30:00Z') },
  ],
  ['$hour in summer', { $hour: { date: '$d', timezone: paris } }, 0, { d: summer }],
  ['$dayOfYear', { $dayOfYear: '$d' }, 195, { d: summer }],
  ['$isoWeek', { $isoWeek: '$d' }, 53, { d: new Date('2027-01-02T00:00:00Z') }],
  [
    '$dateToString',
    { $dateToString: { date: '$d', format: '%d/%m/%Y %H:%M %z', timezone: paris } },
    '15/07/2026 00:30 +0200',
    { d: summer },
  ],
  ['$dateToString by default', { $dateToString: { date: '$d' } }, '2026-07-14T22:30:15.250Z', { d: summer }],
  [
    '$dateTrunc day in a zone',
    { $dateTrunc: { date: '$d', unit: 'day', timezone: paris } },
    new Date('2026-07-14T22:00:00Z'),
    { d: summer },
  ],
  [
    '$dateTrunc week on Monday',
    { $dateTrunc: { date: '$d', unit: 'week', startOfWeek: 'monday' } },
    new Date('2026-07-13T00:00:00Z'),
    { d: summer },
  ],
  [
    '$dateTrunc month',
    { $dateTrunc: { date: '$d', unit: 'month', timezone: paris } },
    new Date('2025-12-31T23:00:00Z'),
    { d: winter },
  ],
  [
    '$dateTrunc quarter',
    { $dateTrunc: { date: '$d', unit: 'quarter' } },
    new Date('2026-07-01T00:00:00Z'),
    { d: summer },
  ],
  [
    '$dateDiff in days of a zone',
    {
      $dateDiff: { startDate: '$d', endDate: new Date('2026-01-06T00:30:00Z'), unit: 'day', timezone: paris },
    },
    Long.fromNumber(0),
    { d: winter },
  ],
  [
    '$dateDiff in months',
    { $dateDiff: { startDate: '$d', endDate: summer, unit: 'month' } },
    Long.fromNumber(6),
    { d: winter },
  ],
  [
    '$dateAdd a month at its end',
    { $dateAdd: { startDate: new Date('2026-01-31T10:00:00Z'), unit: 'month', amount: 1 } },
    new Date('2026-02-28T10:00:00Z'),
  ],
  [
    '$dateAdd a day over a clock change',
    { $dateAdd: { startDate: new Date('2026-03-28T11:00:00Z'), unit: 'day', amount: 1, timezone: paris } },
    new Date('2026-03-29T10:00:00Z'),
  ],
  [
    '$dateFromString',
    { $dateFromString: { dateString: '2026-07-14T10:00:00', timezone: paris } },
    new Date('2026-07-14T08:00:00Z'),
  ],
  ['$dateFromParts', { $dateFromParts: { year: 2026, month: 14, day: 1 } }, new Date('2027-02-01T00:00:00Z')],
  [
    '$getField with a dot',
    { $getField: { field: { $literal: 'a.b' }, input: '$x' } },
    1,
    { x: { 'a.b': 1 } },
  ],
];

const refusals: [string, unknown, number, object?][] = [
  ['a double whose text depends on the server', { $toString: 1234567.5 }, 115],
  ['a date beyond all dates', { $add: [new Date(0), Infinity] }, 15],
  ['a year beyond four digits', { $dateFromParts: { year: 10000 } }, 40523],
  ['a date whose year has five digits', { $dateToString: { date: new Date('+010000-01-01') } }, 18537],
  ['a month beyond a short', { $dateFromParts: { year: 2020, month: 40000 } }, 31034],
  ['an ISO year of none', { $dateFromParts: { isoWeekYear: 0 } }, 31095],
  ['defaults without use', { $zip: { inputs: [[1]], defaults: [2] } }, 34466],
  ['too few defaults', { $zip: { inputs: [[1], [2]], useLongestLength: true, defaults: [2] } }, 34467],
  ['text beyond a double', { $toDouble: '1e400' }, 241],
  ['text too small for a double', { $toDouble: '1e-400' }, 241],
  ['an index beyond an int', { $arrayElemAt: [[1], 2147483648] }, 28691],
  ['a number that is no date', { $toDate: 1e300 }, 241],
  ['an unknown operator', { $foo: 1 }, 168],
  ['an unknown variable', '$$nobody', 17276],
  ['two operators in one object', { $add: [1], $abs: 1 }, 15983],
  ['a wrong number of arguments', { $subtract: [1] }, 16020],
  ['an unknown named argument', { $trim: { input: 'a', what: 1 } }, 9],
  ['division by zero', { $divide: [1, 0] }, 2],
  ['an unknown time zone', { $year: { date: new Date(0), timezone: 'Mars/Base' } }, 40485],
  ['text in arithmetic', { $add: ['a', 1] }, 14],
  ['$sqrt of a decimal', { $sqrt: Decimal128.fromString('2') }, 115],
];

describe('embedded store: expressions', () => {
  for (const [name, expression, expected, document] of cases) {
    it(name, () => {
      expect(evaluated(expression, document)).to.deep.equal(canonical({ v: expected }));
    });
  }
  for (const [name, expression, code, document] of refusals) {
    it(`refuses ${name}`, () => {
      let error: unknown;
      try {
        evaluated(expression, document);
      } catch (caught) {
        error = caught;
      }
      expect(error).to.be.instanceOf(CommandError);
      expect((error as CommandError).code).to.equal(code);
    });
  }
});
