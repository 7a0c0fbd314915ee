import { expect } from 'chai';
import { useFolder } from './fixtures.js';
import { samples } from './mutations/samples.js';
import { type Findings, MOST_MB, tryMutations } from './mutations/try-mutations.js';

/** `npm run bench:mutations` tries a thousand of each, and looks at the time. */
const COUNT = 20;
const SEED = 20_261_123;

describe('damaged copies of every format', () => {
  const folder = useFolder();
  const all: Findings[] = [];

  before(async function () {
    this.timeout(600_000);
    for await (const sample of samples(folder.path('.')))
      all.push(await tryMutations(sample, COUNT, SEED, folder.path('.')));
  });

  it('become a slide or get a code: nothing crashes, nothing is left without an answer', () => {
    expect(all.length).to.be.greaterThan(15);
    for (const { name, faults, slides, codes } of all) {
      expect(faults, name).to.deep.equal([]);
      expect(slides + Object.values(codes).reduce((sum, times) => sum + times, 0), name).to.equal(COUNT);
    }
  });

  it('take no more memory than they may', () => {
    for (const { name, worstMb } of all) expect(worstMb, name).to.be.below(MOST_MB);
  });

  it('are damaged where it hurts: both outcomes, and several codes', () => {
    const codes = new Set(all.flatMap((findings) => Object.keys(findings.codes)));
    expect(codes.size).to.be.greaterThan(4);
    expect(all.reduce((sum, { slides }) => sum + slides, 0)).to.be.greaterThan(COUNT);
  });
});
