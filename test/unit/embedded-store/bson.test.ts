import { readDocument } from '@relecture/embedded-store/bson/read.js';
import { RawDocument } from '@relecture/embedded-store/bson/values.js';
import { writeDocument } from '@relecture/embedded-store/bson/write.js';
import { CommandError } from '@relecture/embedded-store/errors.js';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { mongo } from 'mongoose';
import { anyValue } from './arbitraries.js';

const { BSON } = mongo;

describe('embedded store: BSON', () => {
  it('writes back every document byte for byte', () => {
    return fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        const bytes = Buffer.from(BSON.serialize({ a, nested: { b, list: [a, b] } }));
        expect(writeDocument(readDocument(bytes)).equals(bytes)).to.equal(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('writes back documents of every size, whatever its buffer held before', () => {
    const garbage = BSON.serialize({ noise: Array.from({ length: 5000 }, (_, at) => `noise ${at}`) });
    return fc.assert(
      fc.property(fc.array(fc.nat(70_000), { minLength: 1, maxLength: 12 }), anyValue, (sizes, value) => {
        writeDocument(readDocument(Buffer.from(garbage)));
        const document = { parts: sizes.map((size) => ({ text: 'x'.repeat(size), value })), value };
        const bytes = Buffer.from(BSON.serialize(document));
        expect(writeDocument(readDocument(bytes)).equals(bytes)).to.equal(true);
        const raw = new Map(
          sizes.map((size, at) => [
            String(at),
            new RawDocument(Buffer.from(BSON.serialize({ t: 'y'.repeat(size) }))),
          ]),
        );
        const reply = writeDocument(raw);
        expect(BSON.deserialize(reply)).to.deep.equal(
          Object.fromEntries(sizes.map((size, at) => [String(at), { t: 'y'.repeat(size) }])),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('reads some fields as it reads them all', () => {
    return fc.assert(
      fc.property(anyValue, anyValue, anyValue, (a, b, c) => {
        const bytes = Buffer.from(BSON.serialize({ a, ab: b, b: c }));
        const some = readDocument(bytes, 0, new Set(['b', 'a', 'missing']));
        const all = readDocument(bytes);
        all.delete('ab');
        expect(writeDocument(some).equals(writeDocument(all))).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the order of fields whose names look like numbers', () => {
    const bytes = Buffer.from(
      BSON.serialize(
        new Map([
          ['b', 1],
          ['10', 2],
          ['2', 3],
          ['__proto__', 4],
        ]),
      ),
    );
    expect([...readDocument(bytes).keys()]).to.deep.equal(['b', '10', '2', '__proto__']);
  });

  it('answers damaged bytes with an error of its own, never anything else', () => {
    return fc.assert(
      fc.property(anyValue, fc.nat(), fc.nat(255), fc.nat(), (value, at, byte, cut) => {
        const bytes = Buffer.from(BSON.serialize({ value, tail: [value] }));
        bytes[at % bytes.length] = byte;
        const damaged = bytes.subarray(0, 5 + (cut % bytes.length));
        try {
          readDocument(damaged);
        } catch (error) {
          expect(error).to.be.instanceOf(CommandError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses what it would give back otherwise: text that is not UTF-8, a name that occurs twice', () => {
    const text = Buffer.from(BSON.serialize({ v: 'aé'.repeat(20), w: 'é', x: '\ufffd' }));
    expect([...readDocument(text).values()]).to.include('\ufffd');
    for (const at of [text.indexOf('é') + 1, text.lastIndexOf('é') + 1]) {
      const damaged = Buffer.from(text);
      damaged[at] = 0x61;
      expect(() => readDocument(damaged)).to.throw(CommandError, 'UTF-8');
    }
    const twice = Buffer.from(BSON.serialize({ a: 1, b: 2 }));
    twice[twice.indexOf('b')] = 0x61;
    expect(() => readDocument(twice)).to.throw(CommandError, 'twice');
  });

  it('refuses nesting without end', () => {
    let nested: Buffer = Buffer.from(BSON.serialize({}));
    for (let depth = 0; depth < 300; depth += 1) {
      const outer = Buffer.alloc(nested.length + 8);
      outer.writeInt32LE(outer.length, 0);
      outer[4] = 3;
      outer.write('a', 5);
      nested.copy(outer, 7);
      nested = outer;
    }
    expect(() => readDocument(nested)).to.throw(CommandError, 'nesting');
  });
});
