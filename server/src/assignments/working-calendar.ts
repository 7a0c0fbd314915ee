import type { CalendarId } from '@relecture/shared/assignments/calendars.js';
import Holidays from 'date-holidays';
import { DateTime } from 'luxon';

/**
 * Working days in France: Monday to Friday without public holidays (Code du travail, L3133-1; date-holidays, FR), and
 * without those that only Alsace-Moselle or an overseas department has. Days are those of Europe/Paris for everybody:
 * a due date is one instant, whoever looks at it.
 */
export const ZONE = 'Europe/Paris';
interface Calendar {
  readonly holidays: Holidays;
  readonly years: Map<number, Set<string>>;
  /** Working days before each calendar day, counted from 2000-01-01; grown as later days are asked for. */
  readonly before: number[];
}
const calendars = new Map<CalendarId, Calendar>();

function calendar(id: CalendarId): Calendar {
  const known = calendars.get(id);
  if (known) return known;
  const options = { types: ['public' as const] };
  const made: Calendar = {
    holidays: id === 'FR' ? new Holidays('FR', options) : new Holidays('FR', id, options),
    years: new Map(),
    before: [0],
  };
  calendars.set(id, made);
  return made;
}

function holidaysOf(year: number, id: CalendarId): Set<string> {
  const { holidays, years } = calendar(id);
  const known = years.get(year);
  if (known) return known;
  const days = new Set(holidays.getHolidays(year).map((day) => day.date.slice(0, 10)));
  years.set(year, days);
  return days;
}

/** Of a calendar day, YYYY-MM-DD: a day has no zone, so that nobody can ask in the wrong one. */
export function isWorkingDay(day: string, id: CalendarId = 'FR'): boolean {
  const { weekday, year } = DateTime.fromISO(day, { zone: 'utc' });
  return weekday <= 5 && !holidaysOf(year, id).has(day);
}

const dayOf = (at: DateTime): string => at.toFormat('yyyy-MM-dd');

/** The end (18:00 in Paris) of the `days`-th working day after `from`; the day of `from` itself does not count. */
export function addWorkingDays(from: Date, days: number, id: CalendarId = 'FR'): Date {
  let day = DateTime.fromJSDate(from, { zone: ZONE }).startOf('day');
  for (let left = days; left > 0; ) {
    day = day.plus({ days: 1 });
    if (isWorkingDay(dayOf(day), id)) left -= 1;
  }
  return day.set({ hour: 18 }).toJSDate();
}

/** Whole working days after the day of `from`, up to the day of `to`: what `addWorkingDays` would count from one to the other. */
export function workingDaysUntil(from: Date, to: Date, id: CalendarId = 'FR'): number {
  const first = dayNumberOf(DateTime.fromJSDate(from, { zone: ZONE }));
  const last = dayNumberOf(DateTime.fromJSDate(to, { zone: ZONE }));
  return last <= first ? 0 : workingDaysBefore(last + 1, id) - workingDaysBefore(first + 1, id);
}

const dayNumberOf = ({ year, month, day }: DateTime): number => Date.UTC(year, month - 1, day) / 86_400_000;

const ORIGIN = Date.UTC(2000, 0, 1) / 86_400_000;

function workingDaysBefore(dayNumber: number, id: CalendarId): number {
  const { before } = calendar(id);
  for (let index = before.length; index <= dayNumber - ORIGIN; index++) {
    const yesterday = DateTime.fromMillis((ORIGIN + index - 1) * 86_400_000, { zone: 'utc' });
    before.push((before[index - 1] ?? 0) + (isWorkingDay(dayOf(yesterday), id) ? 1 : 0));
  }
  return before[Math.max(0, dayNumber - ORIGIN)] ?? 0;
}

/** How far into working time an instant is: whole days before it, and its share of its own day when that is worked. */
function positionOf(at: Date, id: CalendarId): number {
  const local = DateTime.fromJSDate(at, { zone: ZONE });
  const start = local.startOf('day');
  const dayNumber = dayNumberOf(local);
  if (!isWorkingDay(dayOf(local), id)) return workingDaysBefore(dayNumber, id);
  // 23 or 25 hours when the clocks change: a day is a day.
  const length = start.plus({ days: 1 }).toMillis() - start.toMillis();
  return workingDaysBefore(dayNumber, id) + (local.toMillis() - start.toMillis()) / length;
}

/** Whole and part working days between two instants, in days; weekends and holidays count nothing. */
export function workingDaysBetween(from: Date, to: Date, id: CalendarId = 'FR'): number {
  return to <= from ? 0 : positionOf(to, id) - positionOf(from, id);
}

/** The instant from which `days` of working time are left until `to`. */
export function workingTimeBefore(to: Date, days: number, id: CalendarId = 'FR'): Date {
  const target = positionOf(to, id) - days;
  let start = DateTime.fromJSDate(to, { zone: ZONE }).startOf('day');
  while (workingDaysBefore(dayNumberOf(start), id) > target) start = start.minus({ days: 1 });
  const length = start.plus({ days: 1 }).toMillis() - start.toMillis();
  return new Date(start.toMillis() + (target - workingDaysBefore(dayNumberOf(start), id)) * length);
}
