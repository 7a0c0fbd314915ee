import { compareValues } from '@relecture/embedded-store/codec/compare.js';
import { afterPrefix, encodeField, encodeValue, orderedPrefix } from '@relecture/embedded-store/codec/key.js';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { anyNumber, anyValue } from './arbitraries.js';
import { typedValue } from './documents.js';

const value = anyValue.map(typedValue);
const number = anyNumber.map(typedValue);

describe('embedded store: key order', () => {
  for (const [name, arbitrary] of [
    ['any value', value],
    ['numbers of every type', number],
  ] as const) {
    it(`gives the bytes of ${name} the order of the values, and equal bytes to equal values`, () => {
      return fc.assert(
        fc.property(arbitrary, arbitrary, (a, b) => {
          const order = Math.sign(compareValues(a, b));
          expect(Math.sign(Buffer.compare(encodeValue(a), encodeValue(b)))).to.equal(order);
        }),
        { numRuns: 3000 },
      );
    });
  }

  it('orders values transitively', () => {
    return fc.assert(
      fc.property(fc.array(value, { minLength: 3, maxLength: 3 }), (values) => {
        const [a, b, c] = [...values].sort(compareValues);
        expect(compareValues(a, b)).to.be.at.most(0);
        expect(compareValues(b, c)).to.be.at.most(0);
        expect(compareValues(a, c)).to.be.at.most(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('reverses the order for a descending field', () => {
    return fc.assert(
      fc.property(value, value, (a, b) => {
        const order = Buffer.compare(encodeField(a, true, 700).bytes, encodeField(b, true, 700).bytes);
        expect(Math.sign(order)).to.equal(-Math.sign(compareValues(a, b)) + 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps the order of compound keys: no value is a prefix of another', () => {
    return fc.assert(
      fc.property(value, value, value, value, (a1, a2, b1, b2) => {
        const key = (...values: (typeof a1)[]) => Buffer.concat(values.map(encodeValue));
        const order = compareValues(a1, b1) || compareValues(a2, b2);
        expect(Math.sign(Buffer.compare(key(a1, a2), key(b1, b2)))).to.equal(Math.sign(order));
      }),
      { numRuns: 2000 },
    );
  });

  it('shortens long values to a prefix and a hash that still tells them apart and lies within its bounds', () => {
    const long = fc.string({ minLength: 80, maxLength: 200 });
    return fc.assert(
      fc.property(long, long, (a, b) => {
        const first = encodeField(a, false, 80);
        expect(first.truncated).to.equal(true);
        expect(first.bytes.length).to.equal(80);
        expect(first.bytes.equals(encodeField(b, false, 80).bytes)).to.equal(a === b);
        const low = orderedPrefix(a, false, 80).bytes;
        expect(Buffer.compare(low, first.bytes)).to.be.at.most(0);
        expect(Buffer.compare(first.bytes, afterPrefix(low))).to.be.below(0);
      }),
    );
  });
});
