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
  const weekday = new Date(`${day}T00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidaysOf(Number(day.slice(0, 4)), id).has(day);
}

const DAY = 86_400_000;

/** The calendar day, YYYY-MM-DD, of a day counted from 1970-01-01. */
const dayOf = (dayNumber: number): string => new Date(dayNumber * DAY).toISOString().slice(0, 10);

/** Midnight in Paris of the days asked for so far: a board asks for the same ones thousands of times. */
const midnights = new Map<number, number>();

function midnightOf(dayNumber: number): number {
  const known = midnights.get(dayNumber);
  if (known !== undefined) return known;
  const midnight = DateTime.fromISO(dayOf(dayNumber), { zone: ZONE }).toMillis();
  midnights.set(dayNumber, midnight);
  return midnight;
}

/** The day an instant is in, in Paris, counted from 1970-01-01. */
function dayNumberOf(at: Date): number {
  const guess = Math.floor(at.getTime() / DAY);
  // Paris is ahead of UTC: late in the evening it is there the next day already.
  return at.getTime() >= midnightOf(guess + 1) ? guess + 1 : guess;
}

/** The end (18:00 in Paris) of the `days`-th working day after `from`; the day of `from` itself does not count. */
export function addWorkingDays(from: Date, days: number, id: CalendarId = 'FR'): Date {
  let dayNumber = dayNumberOf(from);
  for (let left = days; left > 0; ) {
    dayNumber += 1;
    if (isWorkingDay(dayOf(dayNumber), id)) left -= 1;
  }
  return DateTime.fromISO(dayOf(dayNumber), { zone: ZONE }).set({ hour: 18 }).toJSDate();
}

/** Whole working days after the day of `from`, up to the day of `to`: what `addWorkingDays` would count from one to the other. */
export function workingDaysUntil(from: Date, to: Date, id: CalendarId = 'FR'): number {
  const first = dayNumberOf(from);
  const last = dayNumberOf(to);
  return last <= first ? 0 : workingDaysBefore(last + 1, id) - workingDaysBefore(first + 1, id);
}

const ORIGIN = Date.UTC(2000, 0, 1) / DAY;

function workingDaysBefore(dayNumber: number, id: CalendarId): number {
  const { before } = calendar(id);
  for (let index = before.length; index <= dayNumber - ORIGIN; index++) {
    before.push((before[index - 1] ?? 0) + (isWorkingDay(dayOf(ORIGIN + index - 1), id) ? 1 : 0));
  }
  return before[Math.max(0, dayNumber - ORIGIN)] ?? 0;
}

/** 23 or 25 hours when the clocks change: a day is a day. */
const lengthOf = (dayNumber: number): number => midnightOf(dayNumber + 1) - midnightOf(dayNumber);

/** How far into working time an instant is: whole days before it, and its share of its own day when that is worked. */
function positionOf(at: Date, id: CalendarId): number {
  const dayNumber = dayNumberOf(at);
  const before = workingDaysBefore(dayNumber, id);
  if (!isWorkingDay(dayOf(dayNumber), id)) return before;
  return before + (at.getTime() - midnightOf(dayNumber)) / lengthOf(dayNumber);
}

/** Whole and part working days between two instants, in days; weekends and holidays count nothing. */
export function workingDaysBetween(from: Date, to: Date, id: CalendarId = 'FR'): number {
  return to <= from ? 0 : positionOf(to, id) - positionOf(from, id);
}

/** The instant from which `days` of working time are left until `to`. */
export function workingTimeBefore(to: Date, days: number, id: CalendarId = 'FR'): Date {
  const target = positionOf(to, id) - days;
  let dayNumber = dayNumberOf(to);
  while (workingDaysBefore(dayNumber, id) > target) dayNumber -= 1;
  const share = target - workingDaysBefore(dayNumber, id);
  return new Date(midnightOf(dayNumber) + share * lengthOf(dayNumber));
}
