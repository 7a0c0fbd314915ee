import { addWorkingDays, workingDaysBetween } from '@relecture/server/assignments/index.js';
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
