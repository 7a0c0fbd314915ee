import Holidays from 'date-holidays';
import { DateTime } from 'luxon';

/**
 * Working days in France: Monday to Friday without public holidays (Code du travail, L3133-1; date-holidays, FR).
 * Days are those of Europe/Paris.
 */
const holidays = new Holidays('FR', { types: ['public'] });
const ZONE = 'Europe/Paris';

const holidayCache = new Map<number, Set<string>>();
function holidaysOf(year: number): Set<string> {
  const known = holidayCache.get(year);
  if (known) return known;
  const days = new Set(holidays.getHolidays(year).map((day) => day.date.slice(0, 10)));
  holidayCache.set(year, days);
  return days;
}

export function isWorkingDay(day: DateTime): boolean {
  return day.weekday <= 5 && !holidaysOf(day.year).has(day.toISODate() ?? '');
}

/** The end (18:00 in Paris) of the `days`-th working day after `from`; the day of `from` itself does not count. */
export function addWorkingDays(from: Date, days: number): Date {
  let day = DateTime.fromJSDate(from, { zone: ZONE }).startOf('day');
  for (let left = days; left > 0; ) {
    day = day.plus({ days: 1 });
    if (isWorkingDay(day)) left -= 1;
  }
  return day.set({ hour: 18 }).toJSDate();
}

/** Whole and part working days between two instants, in days; weekends and holidays count nothing. */
export function workingDaysBetween(from: Date, to: Date): number {
  if (to <= from) return 0;
  const end = DateTime.fromJSDate(to, { zone: ZONE });
  let day = DateTime.fromJSDate(from, { zone: ZONE });
  let total = 0;
  while (day < end) {
    const midnight = day.plus({ days: 1 }).startOf('day');
    const until = DateTime.min(midnight, end);
    if (isWorkingDay(day)) {
      const length = day.startOf('day').plus({ days: 1 }).diff(day.startOf('day')).toMillis();
      total += until.diff(day).toMillis() / length;
    }
    day = midnight;
  }
  return total;
}
