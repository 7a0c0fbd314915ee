import {
  ageingOf,
  chartsOf,
  lastMonths,
  percentile,
  turnaroundSince,
} from '@relecture/server/monitoring/board.js';
import type { ReviewFact } from '@relecture/server/reviews/index.js';
import { expect } from 'chai';
import fc from 'fast-check';

const fact = (overrides: Partial<ReviewFact> = {}): ReviewFact => ({
  status: 'signed',
  intent: 'systematic',
  createdAt: new Date('2026-11-02T09:00:00Z'),
  submittedAt: new Date('2026-11-02T09:00:00Z'),
  signedAt: new Date('2026-11-04T09:00:00Z'),
  dueAt: null,
  agreement: 'concordant',
  ...overrides,
});

describe('board', () => {
  it('says nothing of groups under three: chance, and people, would show', () => {
    expect(percentile([1, 2], 0.5)).to.equal(null);
    expect(turnaroundSince([fact(), fact()], new Date('2026-11-01')).medianDays).to.equal(null);
  });

  it('gives a percentile that is one of the values, at or above the share asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 3 }),
        fc.constantFrom(0.5, 0.9),
        (values, share) => {
          const answer = percentile(values, share) ?? -1;
          expect(values).to.include(answer);
          expect(values.filter((value) => value <= answer).length).to.be.at.least(
            Math.ceil(share * values.length),
          );
        },
      ),
    );
  });

  it('counts working days from the submission to the signature', () => {
    const facts = [fact(), fact(), fact()];
    expect(turnaroundSince(facts, new Date('2026-11-01'))).to.deep.equal({
      count: 3,
      medianDays: 2,
      p90Days: 2,
    });
  });

  it('splits discordance by intent', () => {
    const facts = [
      fact({ agreement: 'discordant', intent: 'advice' }),
      fact({ agreement: 'partial', intent: 'advice' }),
      fact(),
      fact({ signedAt: null, status: 'in_review', intent: 'advice' }),
    ];
    expect(chartsOf(facts, ['2026-11']).discordance).to.deep.equal([
      { intent: 'systematic', signed: 1, partial: 0, discordant: 0 },
      { intent: 'advice', signed: 2, partial: 1, discordant: 1 },
    ]);
  });

  it('names the last months of Paris, over a change of year', () => {
    expect(lastMonths(new Date('2026-01-31T23:30:00Z'), 3)).to.deep.equal(['2025-12', '2026-01', '2026-02']);
  });

  it('puts each open review in one age', () => {
    const at = new Date('2026-11-20T00:00:00Z');
    const open = [1, 4, 8, 30].map((days) =>
      fact({ status: 'in_review', signedAt: null, submittedAt: new Date(at.getTime() - days * 86_400_000) }),
    );
    const row = ageingOf(open, at).find(({ status }) => status === 'in_review');
    expect(row).to.deep.equal({ status: 'in_review', under3: 1, under7: 1, under14: 1, over14: 1 });
  });
});
