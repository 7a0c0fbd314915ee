import { addWorkingDays, isWorkingDay, workingDaysBetween } from '@relecture/server/assignments/index.js';
import { calendarDay } from '@relecture/server/platform/clock.js';
import { expect } from 'chai';
import fc from 'fast-check';

const paris = (at: Date) =>
  new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Paris',
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(at);

describe('working calendar', () => {
  it('skips the weekend', () => {
    expect(paris(addWorkingDays(new Date('2026-11-20T10:00:00Z'), 1))).to.equal('2026-11-23 18:00');
  });

  it('skips French public holidays, Easter Monday too', () => {
    expect(paris(addWorkingDays(new Date('2026-12-24T10:00:00Z'), 1))).to.equal('2026-12-28 18:00');
    expect(paris(addWorkingDays(new Date('2026-04-03T10:00:00Z'), 1))).to.equal('2026-04-07 18:00');
    expect(paris(addWorkingDays(new Date('2026-04-30T10:00:00Z'), 1))).to.equal('2026-05-04 18:00');
  });

  it('knows the eleven public holidays of a French year, and no other day', () => {
    const days = Array.from({ length: 365 }, (_, index) => new Date(Date.UTC(2026, 0, 1 + index)));
    const weekdays = days
      .filter((day) => day.getUTCDay() % 6 !== 0)
      .map((day) => day.toISOString().slice(0, 10));
    // Of 2026's eleven, All Saints' and Assumption fall on a weekend.
    expect(weekdays.filter((day) => !isWorkingDay(day))).to.deep.equal([
      '2026-01-01',
      '2026-04-06',
      '2026-05-01',
      '2026-05-08',
      '2026-05-14',
      '2026-05-25',
      '2026-07-14',
      '2026-11-11',
      '2026-12-25',
    ]);
    expect(isWorkingDay('2027-11-01')).to.equal(false);
    expect(isWorkingDay('2028-08-15')).to.equal(false);
  });

  it('begins its days at midnight in Paris, in winter and in summer', () => {
    expect(calendarDay(new Date('2026-01-14T22:59:59Z'))).to.equal('2026-01-14');
    expect(calendarDay(new Date('2026-01-14T23:00:00Z'))).to.equal('2026-01-15');
    expect(calendarDay(new Date('2026-07-14T21:59:59Z'))).to.equal('2026-07-14');
    expect(calendarDay(new Date('2026-07-14T22:00:00Z'))).to.equal('2026-07-15');
  });

  it('counts a due date from the day it is in Paris, across the change of the clocks', () => {
    // Friday 27 March, 00:30 in Paris; the clocks change on Sunday.
    expect(paris(addWorkingDays(new Date('2026-03-26T23:30:00Z'), 1))).to.equal('2026-03-30 18:00');
    // Saturday 24 October, 00:15 in Paris; the clocks change back on Sunday.
    expect(paris(addWorkingDays(new Date('2026-10-23T22:15:00Z'), 1))).to.equal('2026-10-26 18:00');
  });

  it('counts nothing over a weekend and a whole day over a day', () => {
    expect(workingDaysBetween(new Date('2026-11-20T23:00:00Z'), new Date('2026-11-22T23:00:00Z'))).to.equal(
      0,
    );
    expect(workingDaysBetween(new Date('2026-11-22T23:00:00Z'), new Date('2026-11-23T23:00:00Z'))).to.equal(
      1,
    );
  });

  it('does not lose or invent a day when the clocks change', () => {
    expect(workingDaysBetween(new Date('2026-10-22T22:00:00Z'), new Date('2026-10-26T23:00:00Z'))).to.equal(
      2,
    );
  });

  it('adds up: two stretches of time count as much as the whole', () => {
    const instant = fc.date({
      min: new Date('2025-01-01'),
      max: new Date('2027-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, instant, instant, (a, b, c) => {
        const [first, middle, last] = [a, b, c].toSorted((x, y) => x.getTime() - y.getTime()) as [
          Date,
          Date,
          Date,
        ];
        const sum = workingDaysBetween(first, middle) + workingDaysBetween(middle, last);
        expect(sum).to.be.closeTo(workingDaysBetween(first, last), 1e-9);
      }),
    );
  });
});
