import { DateTime } from '../bson/values.js';
import { CommandError, notBuilt } from '../errors.js';

/** Calendar arithmetic in a time zone: an Olson name or an offset such as +02:00. */
export interface Zone {
  /** Milliseconds local time is ahead of UTC at this instant. */
  offsetAt(ms: number): number;
}

export const utc: Zone = { offsetAt: () => 0 };
const zones = new Map<string, Zone>();
export const dayMs = 86_400_000;

export function zoneOf(name: string): Zone {
  if (name === 'UTC' || name === 'GMT' || name === 'Z') return utc;
  const known = zones.get(name);
  if (known) return known;
  const fixed = /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(name);
  const zone = fixed ? fixedZone(fixed) : namedZone(name);
  zones.set(name, zone);
  return zone;
}

function fixedZone(match: RegExpExecArray): Zone {
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  const offset = (match[1] === '-' ? -minutes : minutes) * 60_000;
  return { offsetAt: () => offset };
}

function namedZone(name: string): Zone {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new CommandError(40485, `unrecognized time zone identifier: "${name}"`);
  }
  // An offset holds for at least a quarter of an hour: asking the formatter once per quarter is enough.
  const cache = new Map<number, number>();
  return {
    offsetAt(ms) {
      const quarter = Math.floor(ms / 900_000);
      const found = cache.get(quarter);
      if (found !== undefined) return found;
      const start = quarter * 900_000;
      const parts: Record<string, string> = {};
      for (const { type, value } of format.formatToParts(start)) parts[type] = value;
      const year = parts.era?.startsWith('B') ? 1 - Number(parts.year) : Number(parts.year);
      const local = fromFields(
        year,
        Number(parts.month),
        Number(parts.day),
        Number(parts.hour),
        Number(parts.minute),
        Number(parts.second),
        0,
      );
      if (cache.size > 10_000) cache.clear();
      cache.set(quarter, local - start);
      return local - start;
    },
  };
}

/** Like Date.UTC, but years below 100 are themselves. */
export function fromFields(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  ms = 0,
): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, ms);
  return date.getTime();
}

/** The instant as wall-clock time, in a Date whose UTC fields are the local ones. */
export function localDate(ms: number, zone: Zone): Date {
  return new Date(ms + zone.offsetAt(ms));
}

/** The instant of a wall-clock time; one that a clock change skips is moved on by the gap. */
export function instantOf(local: number, zone: Zone): number {
  const guess = local - zone.offsetAt(local);
  return local - zone.offsetAt(guess);
}

export function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - fromFields(date.getUTCFullYear(), 1, 1)) / dayMs) + 1;
}

/** Weeks begin on Sunday; days before the first Sunday are week 0. */
export function weekOfYear(date: Date): number {
  return Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7);
}

export function isoDay(date: Date): number {
  return date.getUTCDay() === 0 ? 7 : date.getUTCDay();
}

export function isoWeek(date: Date): { week: number; year: number } {
  const thursday = new Date(Math.floor(date.getTime() / dayMs) * dayMs + (4 - isoDay(date)) * dayMs);
  return { week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1, year: thursday.getUTCFullYear() };
}

/** A month later on the same day, or on the last day of that month. */
export function addMonths(local: number, months: number): number {
  const date = new Date(local);
  const first = fromFields(date.getUTCFullYear(), date.getUTCMonth() + 1 + months, 1);
  const last = new Date(first);
  last.setUTCMonth(last.getUTCMonth() + 1);
  const days = Math.round((last.getTime() - first) / dayMs);
  const time = ((local % dayMs) + dayMs) % dayMs;
  return first + (Math.min(date.getUTCDate(), days) - 1) * dayMs + time;
}

const isoForm =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

export function parseDate(text: string, zone: Zone | undefined): DateTime {
  const match = isoForm.exec(text.trim());
  if (!match) {
    // MongoDB reads many more forms than ISO's. Only a text without a digit is no date for certain.
    if (/\d/.test(text)) throw notBuilt(`this form of a date: '${text.slice(0, 40)}'`);
    throw new CommandError(241, `Error parsing date string '${text.slice(0, 40)}'`);
  }
  const [year, month, day, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part))) as [
    number,
    number,
    number,
    number?,
    number?,
    number?,
  ];
  const ms = Math.trunc(Number(`0.${match[7] ?? '0'}`) * 1000);
  const local = fromFields(year, month, day, hour, minute, second, ms);
  const check = new Date(local);
  if (
    check.getUTCMonth() + 1 !== month ||
    check.getUTCDate() !== day ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  ) {
    throw new CommandError(241, `Error parsing date string '${text}': no such date`);
  }
  if (match[8] && zone && zone !== utc)
    throw new CommandError(
      241,
      'you cannot pass in a date/time string with time zone information together with a timezone argument',
    );
  const used = match[8] ? zoneOf(match[8].toUpperCase()) : (zone ?? utc);
  return new DateTime(instantOf(local, used));
}
