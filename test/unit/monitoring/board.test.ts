import {
  chartsOf,
  dayOfWork,
  groupsOf,
  lastMonths,
  percentile,
  turnaroundSince,
} from '@relecture/server/monitoring/board.js';
import { calendarDay, dayAfter, startOfDay } from '@relecture/server/platform/clock.js';
import type { SignedFact } from '@relecture/server/reviews/index.js';
import { expect } from 'chai';
import fc from 'fast-check';

const fact = (overrides: Partial<SignedFact> = {}): SignedFact => ({
  intent: 'systematic',
  submittedAt: new Date('2026-11-02T09:00:00Z'),
  signedAt: new Date('2026-11-04T09:00:00Z'),
  agreement: 'concordant',
  region: 'Bretagne',
  site: 'C77.3',
  reviewerId: 'a',
  asked: false,
  ...overrides,
});
const day = (facts: SignedFact[], at = '2026-11-04') => dayOfWork(at, 0, facts);

describe('board', () => {
  it('says nothing of groups under five: chance, and people, would show', () => {
    expect(percentile([1, 2, 3, 4], 0.5)).to.equal(null);
    expect(turnaroundSince([day([fact(), fact()])], '2026-11-01').medianDays).to.equal(null);
  });

  it('gives a percentile that is one of the values, at or above the share asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 5 }),
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
    const days = [
      day([fact(), fact(), fact(), fact()]),
      day([fact()], '2026-11-05'),
      day([fact()], '2026-10-31'),
    ];
    expect(turnaroundSince(days, '2026-11-01')).to.deep.equal({
      count: 5,
      medianDays: 2,
      p90Days: 2,
    });
  });

  it('splits discordance by intent', () => {
    const facts = [
      fact({ agreement: 'discordant', intent: 'advice' }),
      fact({ agreement: 'partial', intent: 'advice' }),
      fact(),
    ];
    expect(
      chartsOf([day(facts.slice(0, 1)), day(facts.slice(1), '2026-11-05')], ['2026-11']).discordance,
    ).to.deep.equal([
      { intent: 'systematic', signed: 1, partial: 0, discordant: 0 },
      { intent: 'advice', signed: 2, partial: 1, discordant: 1 },
    ]);
  });

  it('tells regions and sites apart, and only counts those too small to be shown', () => {
    const facts = [
      ...Array.from({ length: 4 }, () => fact()),
      fact({ site: 'C77.0', asked: true, agreement: 'discordant' }),
      fact({ site: 'C44.5', region: 'Corse' }),
    ];
    const { groups } = day(facts);
    const bySite = groupsOf(groups.site);
    expect(bySite.few).to.equal(1);
    expect(bySite.groups).to.deep.equal([
      {
        key: 'C77',
        label: '',
        signed: 5,
        medianDays: 2,
        p90Days: 2,
        asked: 1,
        systematic: { signed: 5, partial: 0, discordant: 1 },
        advice: null,
      },
    ]);
    expect(groupsOf(groups.region).groups.map(({ key, signed }) => [key, signed])).to.deep.equal([
      ['Bretagne', 5],
    ]);
    expect(groupsOf([])).to.deep.equal({ groups: [], few: 0 });
  });

  it('names the last months of Paris, over a change of year', () => {
    expect(lastMonths(calendarDay(new Date('2026-01-31T23:30:00Z')), 3)).to.deep.equal([
      '2025-12',
      '2026-01',
      '2026-02',
    ]);
  });

  it('says of days put together what it says of their readings', () => {
    const signed = fc.record({
      intent: fc.constantFrom('systematic' as const, 'advice' as const),
      agreement: fc.constantFrom('concordant', 'partial', 'discordant', null),
      submittedAt: fc.date({ min: new Date('2026-08-01'), max: new Date('2026-09-01'), noInvalidDate: true }),
      signedAt: fc.date({ min: new Date('2026-10-02'), max: new Date('2026-10-30'), noInvalidDate: true }),
      region: fc.constantFrom('Bretagne', 'Occitanie', 'Corse'),
      site: fc.constantFrom('C77.3', 'C77.0', 'C44.5', null),
      reviewerId: fc.constantFrom('a', 'b', null),
      asked: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(signed), (facts) => {
        const on = (at: SignedFact) => calendarDay(at.signedAt);
        const days = [...new Set(facts.map(on))].map((at) =>
          day(
            facts.filter((each) => on(each) === at),
            at,
          ),
        );
        const whole = day(facts, '2026-10-01');
        expect(chartsOf(days, ['2026-10'])).to.deep.equal(chartsOf([whole], ['2026-10']));
        for (const by of ['region', 'site', 'reviewer'] as const)
          expect(groupsOf(days.flatMap(({ groups }) => groups[by]))).to.deep.equal(
            groupsOf(whole.groups[by]),
          );
      }),
    );
  });

  it('begins a day where the one before it ends, when the clocks change too', () => {
    for (let at = '2026-01-01'; at < '2027-01-01'; at = dayAfter(at)) {
      expect(calendarDay(startOfDay(at))).to.equal(at);
      expect(calendarDay(new Date(startOfDay(dayAfter(at)).getTime() - 1))).to.equal(at);
    }
  });
});
