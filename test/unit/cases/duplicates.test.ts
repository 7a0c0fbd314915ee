import { type DuplicateFacts, signsOfDuplicate } from '@relecture/shared/cases/duplicates.js';
import { expect } from 'chai';

const facts = (overrides: Partial<DuplicateFacts> = {}): DuplicateFacts => ({
  examNumber: '26H04512',
  sampledOn: ['2026-11-02'],
  site: 'C77.3',
  morphology: '9690/3',
  submittedAt: new Date('2026-11-06T09:00:00Z'),
  ...overrides,
});
/** Nothing in common but what is said. */
const other = (overrides: Partial<DuplicateFacts> = {}) =>
  facts({ examNumber: 'B-77', sampledOn: ['2026-10-01'], site: 'C44.5', morphology: '8000/3', ...overrides });

describe('signs of a duplicate', () => {
  it('are the exam number and the day of the sample, however they are written', () => {
    expect(signsOfDuplicate(facts(), other({ examNumber: '26h-045 12' }))).to.deep.equal(['same_exam']);
    expect(signsOfDuplicate(facts(), other({ sampledOn: ['2026-09-01', '2026-11-02'] }))).to.deep.equal([
      'same_sampling',
    ]);
  });

  it('are the site within half a year; further apart it is a relapse', () => {
    const same = { site: 'C77.0', morphology: '9690/1' };
    expect(signsOfDuplicate(facts(), other(same))).to.deep.equal(['same_site', 'same_morphology']);
    const late = new Date('2027-11-06T09:00:00Z');
    expect(signsOfDuplicate(facts(), other({ ...same, submittedAt: late }))).to.deep.equal([]);
    expect(signsOfDuplicate(facts(), facts({ submittedAt: late }))).to.include('same_exam');
  });

  it('are none from what is missing, nor from the diagnosis alone', () => {
    expect(signsOfDuplicate(facts(), other({ morphology: '9690/3' }))).to.deep.equal([]);
    const empty = { examNumber: null, sampledOn: [], site: null, morphology: null };
    expect(signsOfDuplicate(facts(empty), facts(empty))).to.deep.equal([]);
    expect(
      signsOfDuplicate(facts({ ...empty, examNumber: '--' }), facts({ ...empty, examNumber: '' })),
    ).to.deep.equal([]);
  });

  it('do not depend on which of the two comes first', () => {
    const pairs = [
      [facts(), other({ site: 'C77.1' })],
      [facts(), other({ sampledOn: ['2026-11-02'] })],
      [other(), other({ examNumber: 'x' })],
    ] as const;
    for (const [a, b] of pairs) expect(signsOfDuplicate(a, b)).to.deep.equal(signsOfDuplicate(b, a));
  });
});
