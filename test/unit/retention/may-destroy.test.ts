import { lastSignOut, monthsAfter, type RetentionFacts } from '@relecture/server/retention/may-destroy.js';
import { reviewStatus } from '@relecture/shared/events/status.js';
import { expect } from 'chai';
import fc from 'fast-check';

const day = (text: string) => new Date(`${text}T10:00:00Z`);
const signed = (text: string): RetentionFacts['reviews'][number] => ({
  status: 'signed',
  signedAt: day(text),
});

describe('when the rule of an organisation may apply to a case', () => {
  it('counts from the last signature', () => {
    const reviews = [
      signed('2026-01-05'),
      signed('2026-03-01'),
      { status: 'cancelled' as const, signedAt: null },
    ];
    expect(lastSignOut({ isCompleted: true, isHeld: false, reviews })).to.deep.equal(day('2026-03-01'));
  });

  it('never before every reading is signed, never without a signature, never while it is held', () => {
    const status = fc.constantFrom(...reviewStatus.options);
    const review = status.map((each) => ({
      status: each,
      signedAt: each === 'signed' || each === 'preliminary' ? day('2020-01-01') : null,
    }));
    fc.assert(
      fc.property(fc.array(review, { maxLength: 4 }), fc.boolean(), fc.boolean(), (reviews, done, held) => {
        const may = lastSignOut({ isCompleted: done, isHeld: held, reviews }) !== null;
        const allEnded = reviews.every((each) => ['signed', 'cancelled'].includes(each.status));
        const anySigned = reviews.some((each) => each.status === 'signed');
        expect(may).to.equal(done && !held && allEnded && anySigned);
      }),
    );
  });

  it('counts months by the calendar', () => {
    expect(monthsAfter(day('2026-01-31'), 1)).to.deep.equal(day('2026-02-28'));
    expect(monthsAfter(day('2026-11-15'), 3)).to.deep.equal(day('2027-02-15'));
    expect(monthsAfter(day('2024-02-29'), 12)).to.deep.equal(day('2025-02-28'));
  });
});
