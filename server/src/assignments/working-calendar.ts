import Holidays from 'date-holidays';
import { DateTime } from 'luxon';

/**
 * Working days in France: Monday to Friday without public holidays (Code du travail, L3133-1; date-holidays, FR).
 * Days are those of Europe/Paris.
 */
const holidays = new Holidays('FR', { types: ['public'] });
export const ZONE = 'Europe/Paris';

const holidayCache = new Map<number, Set<string>>();
function holidaysOf(year: number): Set<string> {
  const known = holidayCache.get(year);
  if (known) return known;
  const days = new Set(holidays.getHolidays(year).map((day) => day.date.slice(0, 10)));
  holidayCache.set(year, days);
  return days;
}

/** Of a calendar day, YYYY-MM-DD: a day has no zone, so that nobody can ask in the wrong one. */
export function isWorkingDay(day: string): boolean {
  const { weekday, year } = DateTime.fromISO(day, { zone: 'utc' });
  return weekday <= 5 && !holidaysOf(year).has(day);
}

const dayOf = (at: DateTime): string => at.toFormat('yyyy-MM-dd');

/** The end (18:00 in Paris) of the `days`-th working day after `from`; the day of `from` itself does not count. */
export function addWorkingDays(from: Date, days: number): Date {
  let day = DateTime.fromJSDate(from, { zone: ZONE }).startOf('day');
  for (let left = days; left > 0; ) {
    day = day.plus({ days: 1 });
    if (isWorkingDay(dayOf(day))) left -= 1;
  }
  return day.set({ hour: 18 }).toJSDate();
}

/** Whole working days after the day of `from`, up to the day of `to`: what `addWorkingDays` would count from one to the other. */
export function workingDaysUntil(from: Date, to: Date): number {
  const first = dayNumberOf(DateTime.fromJSDate(from, { zone: ZONE }));
  const last = dayNumberOf(DateTime.fromJSDate(to, { zone: ZONE }));
  return last <= first ? 0 : workingDaysBefore(last + 1) - workingDaysBefore(first + 1);
}

const dayNumberOf = ({ year, month, day }: DateTime): number => Date.UTC(year, month - 1, day) / 86_400_000;

/** Working days before each calendar day, counted from 2000-01-01; grown as later days are asked for. */
const ORIGIN = Date.UTC(2000, 0, 1) / 86_400_000;
const before: number[] = [0];

function workingDaysBefore(dayNumber: number): number {
  for (let index = before.length; index <= dayNumber - ORIGIN; index++) {
    const yesterday = DateTime.fromMillis((ORIGIN + index - 1) * 86_400_000, { zone: 'utc' });
    before.push((before[index - 1] ?? 0) + (isWorkingDay(dayOf(yesterday)) ? 1 : 0));
  }
  return before[Math.max(0, dayNumber - ORIGIN)] ?? 0;
}

/** How far into working time an instant is: whole days before it, and its share of its own day when that is worked. */
function positionOf(at: Date): number {
  const local = DateTime.fromJSDate(at, { zone: ZONE });
  const start = local.startOf('day');
  const dayNumber = dayNumberOf(local);
  if (!isWorkingDay(dayOf(local))) return workingDaysBefore(dayNumber);
  // 23 or 25 hours when the clocks change: a day is a day.
  const length = start.plus({ days: 1 }).toMillis() - start.toMillis();
  return workingDaysBefore(dayNumber) + (local.toMillis() - start.toMillis()) / length;
}

/** Whole and part working days between two instants, in days; weekends and holidays count nothing. */
export function workingDaysBetween(from: Date, to: Date): number {
  return to <= from ? 0 : positionOf(to) - positionOf(from);
}
