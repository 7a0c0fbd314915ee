import { type CheckFacts, checkSlide } from '@relecture/shared/slides/checks.js';
import { expect } from 'chai';

const GOOD: CheckFacts = {
  checked: true,
  label: 'agrees',
  hasScale: true,
  tissueShare: 0.3,
  blackShare: 0,
  looked: 100,
  blurred: 0,
};
const outcomes = (facts: Partial<CheckFacts>) =>
  Object.fromEntries(checkSlide({ ...GOOD, ...facts }).map(({ check, outcome }) => [check, outcome]));

describe('what a slide is checked for', () => {
  it('passes a good one', () => {
    expect(Object.values(outcomes({}))).to.deep.equal(['passes', 'passes', 'passes', 'passes', 'passes']);
  });
  it('holds a label that differs, warns of one nobody compared', () => {
    expect(outcomes({ label: 'differs' }).identity).to.equal('holds');
    expect(outcomes({ label: 'differs', checked: false }).identity).to.equal('holds');
    expect(outcomes({ label: 'not_compared' }).identity).to.equal('warns');
    expect(outcomes({ label: 'not_compared', checked: false }).identity).to.equal('pending');
  });
  it('warns of an unknown scale', () => {
    expect(outcomes({ hasScale: false }).scale).to.equal('warns');
  });
  it('holds a slide without tissue, and does not call it sharp or blurred', () => {
    expect(outcomes({ tissueShare: 0.0005, looked: 0 })).to.include({ tissue: 'holds', focus: 'passes' });
    expect(outcomes({ tissueShare: null }).tissue).to.equal('warns');
  });
  it('warns of black parts and holds a black slide', () => {
    expect(outcomes({ blackShare: 0.06 }).black).to.equal('warns');
    expect(outcomes({ blackShare: 0.5 }).black).to.equal('holds');
  });
  it('warns of blurred zones and holds a blurred slide', () => {
    expect(outcomes({ blurred: 9 }).focus).to.equal('passes');
    expect(outcomes({ blurred: 10 }).focus).to.equal('warns');
    expect(outcomes({ blurred: 50 }).focus).to.equal('holds');
    expect(outcomes({ looked: 3, blurred: 3 }).focus).to.equal('passes');
  });
  it('says of nothing that it passed before it was looked at', () => {
    const early = outcomes({ checked: false });
    expect([early.tissue, early.black, early.focus]).to.deep.equal(['pending', 'pending', 'pending']);
  });
});
