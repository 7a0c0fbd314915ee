import { type DueFacts, warningAt } from '@relecture/server/assignments/due-warnings.js';
import {
  addWorkingDays,
  workingDaysBetween,
  workingTimeBefore,
} from '@relecture/server/assignments/working-calendar.js';
import { CALENDARS, calendarOf } from '@relecture/shared/assignments/calendars.js';
import { expect } from 'chai';
import fc from 'fast-check';

const paris = (text: string) => new Date(`${text}+01:00`);
const instants = fc.date({
  min: new Date('2025-01-01T00:00:00Z'),
  max: new Date('2030-12-31T00:00:00Z'),
  noInvalidDate: true,
});
const calendars = fc.constantFrom(...CALENDARS);

describe('the warnings before a due date', () => {
  // Ten working days, from Monday 16 to Monday 30 November 2026.
  const facts: DueFacts = { dueAt: paris('2026-11-30T18:00:00'), days: 10, calendar: 'FR' };

  it('come at a half, four fifths and all of the time, and say when the next one comes', () => {
    expect(warningAt(facts, paris('2026-11-23T17:59:59'))).to.deep.equal({
      warning: null,
      next: paris('2026-11-23T18:00:00'),
    });
    expect(warningAt(facts, paris('2026-11-23T18:00:00'))).to.deep.equal({
      warning: 'review.half-elapsed',
      next: paris('2026-11-26T18:00:00'),
    });
    expect(warningAt(facts, paris('2026-11-26T18:00:00'))).to.deep.equal({
      warning: 'review.due-soon',
      next: facts.dueAt,
    });
    expect(warningAt(facts, paris('2027-06-01T08:00:00'))).to.deep.equal({
      warning: 'review.overdue',
      next: null,
    });
  });

  it('follow each other at the instants they announce, whatever the calendar, the year and the time of the day', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 30 }), calendars, (from, days, calendar) => {
        const due: DueFacts = { dueAt: addWorkingDays(from, days, calendar), days, calendar };
        const said: Array<string | null> = [];
        let at: Date | null = new Date(from.getTime() - 1);
        for (let round = 0; at && round < 6; round++) {
          const { warning, next } = warningAt(due, at);
          said.push(warning);
          if (next) expect(next.getTime()).to.be.above(at.getTime());
          at = next;
        }
        expect(said.filter(Boolean)).to.deep.equal([
          'review.half-elapsed',
          'review.due-soon',
          'review.overdue',
        ]);
      }),
      { numRuns: 60 },
    );
  });

  it('are counted in working time: what is left is what was asked, through nights and changes of the clocks', () => {
    fc.assert(
      fc.property(
        instants,
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        calendars,
        (to, days, calendar) => {
          const from = workingTimeBefore(to, days, calendar);
          expect(workingDaysBetween(from, to, calendar)).to.be.closeTo(days, 1e-6);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the public holidays of a house', () => {
  const due = (day: string, calendar: (typeof CALENDARS)[number]) =>
    addWorkingDays(paris(`${day}T10:00:00`), 1, calendar)
      .toISOString()
      .slice(0, 10);

  it('are those of its department', () => {
    const at = (postcode: string) => calendarOf({ region: 'Grand Est', address: { postcode } });
    expect(['67000', '68100', '57000', '54000', '51100'].map(at)).to.deep.equal([
      '57',
      '57',
      '57',
      'FR',
      'FR',
    ]);
    expect(['97110', '97150', '97133', '97200', '97300', '97400', '97600'].map(at)).to.deep.equal([
      'GP',
      'MF',
      'BL',
      'MQ',
      'GF',
      'RE',
      'YT',
    ]);
    expect(calendarOf({ region: 'La Réunion', address: null })).to.equal('RE');
    expect(calendarOf({ region: 'Grand Est' })).to.equal('FR');
  });

  it('add Good Friday and Saint Stephen in Alsace-Moselle, and the abolition of slavery overseas', () => {
    expect([due('2026-04-02', 'FR'), due('2026-04-02', '57')]).to.deep.equal(['2026-04-03', '2026-04-07']);
    expect([due('2025-12-25', 'FR'), due('2025-12-25', '57')]).to.deep.equal(['2025-12-26', '2025-12-29']);
    // 22 May in Martinique, 27 May in Guadeloupe, 10 June in Guyane, 27 April in Mayotte.
    expect(due('2026-05-21', 'MQ')).to.equal('2026-05-26');
    expect(due('2026-05-26', 'GP')).to.equal('2026-05-28');
    expect(due('2026-06-09', 'GF')).to.equal('2026-06-11');
    expect(due('2026-04-24', 'YT')).to.equal('2026-04-28');
    expect(due('2029-12-19', 'RE')).to.equal('2029-12-21');
  });
});
