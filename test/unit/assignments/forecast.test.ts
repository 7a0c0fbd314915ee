import { type ForecastFacts, forecastBreach } from '@relecture/server/assignments/forecast.js';
import { expect } from 'chai';
import fc from 'fast-check';

const KNOWN = [2, 3, 4, 5, 6, 8, 9, 12];
const facts = (overrides: Partial<ForecastFacts> = {}): ForecastFacts => ({
  known: KNOWN,
  waited: 0,
  left: 10,
  ahead: 0,
  perDay: 1,
  ...overrides,
});

describe('the forecast of a breach', () => {
  it('compares with past readings that had waited as long', () => {
    expect(forecastBreach(facts())).to.deep.equal({
      late: false,
      chance: 0.13,
      beyond: false,
      ahead: 0,
      queueDays: 1,
      left: 10,
    });
    // Of 6, 8, 9 and 12, which had waited five days, all but one took more than two more.
    expect(forecastBreach(facts({ waited: 5, left: 2 }))).to.include({ late: true, chance: 0.75 });
  });

  it('says of one that waited longer than any what a reading usually takes', () => {
    expect(forecastBreach(facts({ waited: 13, left: 4 }))).to.include({
      late: true,
      chance: null,
      beyond: true,
    });
    expect(forecastBreach(facts({ waited: 13, left: 20 }))).to.include({ late: false, beyond: false });
  });

  it('counts what its reader has to read before it, at their pace', () => {
    const queue = { known: [], left: 4, perDay: 0.5 };
    expect(forecastBreach(facts({ ...queue, ahead: 0 }))).to.include({ late: false, queueDays: 2 });
    expect(forecastBreach(facts({ ...queue, ahead: 2 }))).to.include({ late: true, queueDays: 6 });
  });

  it('says nothing from too few readings, nor of a pace that is not known', () => {
    expect(forecastBreach(facts({ known: [40, 40, 40, 40], perDay: null, left: 1 }))).to.include({
      late: false,
      chance: null,
      queueDays: null,
    });
  });

  it('never gets better with less time left, nor with more to read before', () => {
    const days = fc.double({ min: 0, max: 60, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(days, { maxLength: 40 }),
        days,
        days,
        days,
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 10 }),
        fc.option(fc.double({ min: 0.05, max: 5, noNaN: true })),
        (known, waited, left, less, ahead, more, perDay) => {
          const now = forecastBreach({ known, waited, left, ahead, perDay });
          const pressed = { known, waited, left: Math.max(0, left - less), ahead: ahead + more, perDay };
          if (now.late) expect(forecastBreach(pressed).late).to.equal(true);
        },
      ),
    );
  });
});
