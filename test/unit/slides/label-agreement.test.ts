import { compareLabel } from '@relecture/shared/slides/label-agreement.js';
import { expect } from 'chai';
import fc from 'fast-check';

const compare = (says: string, block: string, examNumber = '') => compareLabel({ says, block, examNumber });

describe('the label of the glass against what was typed', () => {
  for (const [says, block, examNumber] of [
    ['26H01234-A1', 'A1', '26H01234'],
    ['26H01234A1', 'A1', '26H01234'],
    ['26H01234;A01;HES', 'A1', '26H01234'],
    ['26-H-01234 bloc A1', 'A1', '26H01234'],
    ['A1', 'A1', '26H01234'],
    ['a 1', 'A1', ''],
    ['26H01234-A1-2', '26H01234 A1', '26H01234'],
    ['26H01234 B', 'b', '26H01234'],
  ] as const) {
    it(`« ${says} » agrees with « ${block} » of ${examNumber || 'an unknown examination'}`, () => {
      expect(compare(says, block, examNumber)).to.equal('agrees');
    });
  }

  for (const [says, block, examNumber] of [
    ['26H01234-A2', 'A1', '26H01234'],
    ['26H01234-A11', 'A1', '26H01234'],
    ['26H99999-A1', 'A1', '26H01234'],
    ['26H99999', 'A1', '26H01234'],
    ['B', 'A', ''],
  ] as const) {
    it(`« ${says} » differs from « ${block} » of ${examNumber || 'an unknown examination'}`, () => {
      expect(compare(says, block, examNumber)).to.equal('differs');
    });
  }

  it('says nothing of what cannot be compared', () => {
    expect(compare('000123456789', 'A1', '26H01234')).to.equal('unknown');
    expect(compare('26H01234-A1', '', '26H01234')).to.equal('unknown');
    expect(compare('26H01234', 'A1', '26H01234')).to.equal('unknown');
    expect(compare('', 'A1', '26H01234')).to.equal('unknown');
  });

  it('never lets another block of the examination pass, however both are written', () => {
    const block = fc.tuple(fc.constantFrom('A', 'B', 'C', 'AB'), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(block, block, fc.constantFrom('-', ' ', ';', '', '_'), ([a, n], [b, m], between) => {
        const result = compare(`26H01234${between}${a}${n}`, `${b}${String(m).padStart(2, '0')}`, '26H01234');
        expect(result).to.equal(a === b && n === m ? 'agrees' : 'differs');
      }),
    );
  });
});
