import { findClashes, mergeSection, same, valueAt, withValue } from '@relecture/shared/cases/merge.js';
import { expect } from 'chai';
import fc from 'fast-check';

const NAMES = ['birthName', 'firstName', 'ins', 'sex'];
const fields = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.oneof(fc.constantFrom('a', 'b', 'c d'), fc.constant(null)),
);
const specimen = (id: string, site: string, note = '') => ({ id, site, note });

describe('two people in one section', () => {
  it('loses nothing: what each wrote alone stands, what both wrote differently is told', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, mine, theirs) => {
        const merged = mergeSection(base, mine, theirs);
        const clashes = new Map(
          findClashes(base, mine, theirs, 'patient').map((clash) => [clash.path, clash]),
        );
        for (const name of NAMES) {
          const [was, here, there] = [base[name], mine[name], theirs[name]];
          const now = valueAt(merged, name);
          if (same(here, was)) expect(now, name).to.equal(there);
          else if (same(there, was)) expect(now, name).to.equal(here);
          else if (!same(now, there) && typeof there === 'string' && !String(now).includes(there))
            expect(clashes.get(`patient.${name}`), name).to.deep.include({ theirs: there });
        }
      }),
    );
  });

  it('asks about nothing when only one of them wrote, or both wrote the same', () => {
    fc.assert(
      fc.property(fields, fields, (base, other) => {
        expect(findClashes(base, other, base, 'patient')).to.deep.equal([]);
        expect(findClashes(base, base, other, 'patient')).to.deep.equal([]);
        expect(findClashes(base, other, other, 'patient')).to.deep.equal([]);
      }),
    );
  });

  it('tells the field of the one specimen that both changed, and keeps the other', () => {
    const base = [specimen('1', 'C77.0'), specimen('2', 'C50.9')];
    const mine = [specimen('1', 'C44.3'), specimen('2', 'C50.9')];
    const theirs = [specimen('1', 'C49.1'), specimen('2', 'C50.9', 'two blocks')];
    expect(findClashes(base, mine, theirs, 'specimens')).to.deep.equal([
      { path: 'specimens.1.site', mine: 'C44.3', theirs: 'C49.1' },
    ]);
    expect(mergeSection(base, mine, theirs)).to.deep.equal([
      specimen('1', 'C44.3'),
      specimen('2', 'C50.9', 'two blocks'),
    ]);
  });

  it('asks about a whole list when its things differ', () => {
    const base = [specimen('1', 'C77.0')];
    const mine = [...base, specimen('2', 'C50.9')];
    const theirs = [...base, specimen('3', 'C49.1')];
    expect(findClashes(base, mine, theirs, 'specimens').map(({ path }) => path)).to.deep.equal(['specimens']);
  });

  it('does not ask about a text that contains the other', () => {
    expect(findClashes('', 'one\ntwo', 'one', 'question')).to.deep.equal([]);
  });

  it('finds and puts a value by its path', () => {
    const content = { question: 'q', specimens: [specimen('1', 'C77.0'), specimen('2', 'C50.9')] };
    const put = withValue(content, 'specimens.2.site', 'C49.1');
    expect(valueAt(put, 'specimens.2.site')).to.equal('C49.1');
    expect(valueAt(put, 'specimens.1.site')).to.equal('C77.0');
    expect(valueAt(put, 'question')).to.equal('q');
  });
});
