import { examsOf, readName } from '@relecture/server/arrivals/read-name.js';
import { expect } from 'chai';
import fc from 'fast-check';

describe('what the name of a slide says', () => {
  it('finds a number in one word or in several, and one block', () => {
    expect(readName('MARTIN_26-H-04512_A1_HES.svs', '').exams).to.include('26H04512');
    expect(readName('26H04512.ndpi', '').exams).to.deep.equal(['26H04512']);
    expect(readName('26H04512_A1.svs', '').block).to.equal('A1');
    expect(readName('26H04512_A1_B2.svs', '').block).to.equal('');
    expect(examsOf('lame de contrôle')).to.deep.equal([]);
  });

  it('follows the pattern of the house, and finds nothing where it does not fit', () => {
    const pattern = '{exam}_{block}_{stain}';
    expect(readName('26H1_A1_Ki-67.svs', pattern)).to.deep.equal({
      exams: ['26H1'],
      block: 'A1',
      stain: 'Ki-67',
    });
    expect(readName('26H1.svs', pattern)).to.deep.equal({ exams: [], block: '', stain: '' });
    expect(readName('LAME(1)+26H1.svs', 'LAME(1)+{exam}').exams).to.deep.equal(['26H1']);
    expect(readName('NOM PRENOM 26H1 x.svs', '* {exam} *').exams).to.have.length(1);
    expect(readName('serie/26H1_A1_HES.svs', pattern).exams).to.deep.equal(['26H1']);
    expect(readName('valueOf26H1.svs', 'valueOf{exam}').exams).to.deep.equal(['26H1']);
  });

  it('reads any name by any pattern, with a bounded number of candidates', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 255, unit: 'grapheme' }),
        fc.string({ maxLength: 40 }),
        (name, pattern) => {
          const found = readName(name, pattern === '' ? '' : `${pattern}{exam}`);
          expect(found.exams.length).to.be.at.most(60);
          expect(readName(name, '').exams.every((exam) => exam.length <= 30)).to.equal(true);
        },
      ),
    );
  });
});
