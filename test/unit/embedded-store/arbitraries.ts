import * as fc from 'fast-check';
import { mongo } from 'mongoose';

const { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } = mongo;

const edgeNumbers = [
  0,
  1,
  -1,
  2 ** 31,
  2 ** 53,
  2 ** 53 - 1,
  -(2 ** 53),
  1e300,
  -1e300,
  0.1,
  Number.NaN,
  Infinity,
  -Infinity,
  -0,
];
const edgeLongs = [0n, 1n, -1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)];
const edgeDecimals = [
  '0',
  '0.1',
  '1',
  '1.0',
  '9007199254740993',
  '-9007199254740993',
  '1E+6000',
  '-1E+6000',
  '1E-6000',
  'NaN',
  'Infinity',
  '-Infinity',
  '0.1000000000000000055511151231257827',
];

export const anyNumber: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer().map((value) => new Int32(value)),
  fc.double().map((value) => new Double(value)),
  fc.constantFrom(...edgeNumbers).map((value) => new Double(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  fc.constantFrom(...edgeLongs).map((value) => Long.fromBigInt(value)),
  fc.constantFrom(...edgeDecimals).map((value) => Decimal128.fromString(value)),
  fc
    .tuple(fc.integer(), fc.integer({ min: -40, max: 40 }))
    .map(([digits, power]) => Decimal128.fromString(`${digits}E${power}`)),
);

const scalar: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: anyNumber },
  fc.string({ unit: 'binary', maxLength: 6 }).map((text) => Buffer.from(text).toString()),
  fc.constantFrom('', '\0', '\0\0', 'a', 'a\0', 'a\0b', 'é', '\uffff', '😀'),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => new Binary(bytes, bytes.length % 3)),
  fc.constantFrom(
    new MinKey(),
    new MaxKey(),
    new BSONRegExp('a', ''),
    new BSONRegExp('a', 'i'),
    new BSONRegExp('b', ''),
  ),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => new Timestamp(value)),
);

/** Any BSON value, nested a little, with the awkward neighbours of every type. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'bson' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'ab', '1', ''), tie('value')), {
        maxLength: 3,
        selector: ([name]) => name,
      })
      .map((pairs) => new Map(pairs)),
  ),
})).value;
