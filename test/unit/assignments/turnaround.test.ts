import { type TurnaroundFacts, turnaroundOf } from '@relecture/server/assignments/turnaround.js';
import { workingDaysBetween } from '@relecture/server/assignments/working-calendar.js';
import { party } from '@relecture/shared/events/status.js';
import { expect } from 'chai';
import fc from 'fast-check';

const at = (text: string) => new Date(`${text}+01:00`);
const entry = (when: string, holder: (typeof party.options)[number], event = 'x') => ({
  at: at(when),
  event,
  party: holder,
});
const facts = (overrides: Partial<TurnaroundFacts> = {}): TurnaroundFacts => ({
  diagnosedOn: '2026-11-02',
  createdAt: at('2026-11-04T00:00:00'),
  submittedAt: at('2026-11-05T00:00:00'),
  caseTimeline: [entry('2026-11-05T00:00:00', 'admission')],
  reviewTimeline: [
    entry('2026-11-05T00:00:00', 'admission'),
    entry('2026-11-06T00:00:00', 'reviewer'),
    entry('2026-11-10T00:00:00', 'material'),
    entry('2026-11-13T00:00:00', 'reviewer'),
    entry('2026-11-17T00:00:00', 'none', 'review.signed'),
    entry('2026-11-20T00:00:00', 'none', 'review.addendum-signed'),
  ],
  ...overrides,
});

describe('turnaround by who held it', () => {
  it('is charged to the sender from the first diagnosis, then as the timelines say, until the report', () => {
    const found = turnaroundOf(facts(), at('2027-01-01T00:00:00'));
    // 11 November is a holiday; the addendum comes after the answer.
    expect(found.parts).to.deep.equal([
      { party: 'submitter', workingDays: 3 },
      { party: 'admission', workingDays: 1 },
      { party: 'reviewer', workingDays: 4 },
      { party: 'material', workingDays: 2 },
    ]);
    expect(found.workingDays).to.equal(10);
  });

  it('goes on while it is not signed, and begins with the draft when no diagnosis is dated', () => {
    const open = facts({
      diagnosedOn: null,
      reviewTimeline: [entry('2026-11-05T00:00:00', 'coordinator')],
    });
    expect(turnaroundOf(open, at('2026-11-10T00:00:00')).parts).to.deep.equal([
      { party: 'submitter', workingDays: 1 },
      { party: 'coordinator', workingDays: 3 },
    ]);
  });

  it('always adds up to the whole, whatever happened and in whatever order clocks say', () => {
    const when = fc.date({
      min: at('2026-11-05T00:00:00'),
      max: at('2027-11-05T00:00:00'),
      noInvalidDate: true,
    });
    const entries = fc.array(
      fc.record({
        at: when,
        event: fc.constantFrom('x', 'y', 'review.signed'),
        party: fc.constantFrom(...party.options),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(entries, entries, fc.boolean(), (caseTimeline, reviewTimeline, dated) => {
        const until = at('2027-12-01T00:00:00');
        const given = facts({ caseTimeline, reviewTimeline, diagnosedOn: dated ? '2026-11-02' : null });
        const { workingDays, parts } = turnaroundOf(given, until);
        const start = dated ? at('2026-11-02T00:00:00') : given.createdAt;
        const end = reviewTimeline.find(({ event }) => event === 'review.signed')?.at ?? until;
        expect(workingDays).to.be.closeTo(workingDaysBetween(start, end), 1e-6);
        expect(parts.every((part) => part.workingDays > 0 && part.party !== 'none')).to.equal(true);
        expect(new Set(parts.map((part) => part.party)).size).to.equal(parts.length);
      }),
      { numRuns: 500 },
    );
  });
});
