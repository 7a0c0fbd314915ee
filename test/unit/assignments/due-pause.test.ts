import { pauseDue, resumeDue } from '@relecture/server/assignments/due-pause.js';
import {
  addWorkingDays,
  isWorkingDay,
  workingDaysBetween,
  workingDaysUntil,
} from '@relecture/server/assignments/working-calendar.js';
import { expect } from 'chai';
import fc from 'fast-check';

const paris = (text: string) => new Date(`${text}+01:00`);
const instants = fc.date({
  min: new Date('2025-01-01T00:00:00Z'),
  max: new Date('2030-12-31T00:00:00Z'),
  noInvalidDate: true,
});
const free = { dueAt: null, pausedDue: null };

describe('a due date that stands still', () => {
  it('is as many working days later as nobody could read', () => {
    const dueAt = paris('2026-12-04T18:00:00');
    const paused = { ...free, ...pauseDue({ ...free, dueAt }, paris('2026-11-24T10:00:00')) };
    expect(paused.dueAt).to.equal(null);
    expect(resumeDue(paused, paris('2026-11-24T17:00:00'))).to.deep.equal({ dueAt, pausedDue: null });
    // Tuesday to Monday: four working days.
    expect(resumeDue(paused, paris('2026-11-30T09:00:00')).dueAt).to.deep.equal(paris('2026-12-10T18:00:00'));
  });

  it('leaves alone what has no due date, and what does not stand still', () => {
    expect(pauseDue(free)).to.deep.equal({});
    expect(resumeDue({ ...free, dueAt: paris('2026-12-04T18:00:00') })).to.deep.equal({});
  });

  it('leaves as many whole working days as there were, whenever it stops and goes on', () => {
    fc.assert(
      fc.property(instants, fc.nat(20), fc.nat(60 * 24), fc.nat(90 * 24), (start, days, stop, gone) => {
        const dueAt = addWorkingDays(start, days + 1);
        const stopped = new Date(start.getTime() + stop * 3_600_000);
        const goes = new Date(stopped.getTime() + gone * 3_600_000);
        const after = resumeDue({ ...free, ...pauseDue({ ...free, dueAt }, stopped) }, goes).dueAt ?? dueAt;
        expect(workingDaysUntil(goes, after)).to.equal(workingDaysUntil(stopped, dueAt));
        expect(after.getTime()).to.be.at.least(dueAt.getTime());
      }),
    );
  });

  it('counts days as adding them does', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 60 }), (from, days) => {
        const due = addWorkingDays(from, days);
        expect(workingDaysUntil(from, due)).to.equal(days);
        expect(isWorkingDay(due.toISOString().slice(0, 10))).to.equal(true);
        expect(workingDaysBetween(from, due)).to.be.within(days - 1, days + 1);
      }),
    );
  });
});
