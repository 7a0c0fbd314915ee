import { typeName } from '../bson/types.js';
import type { Maybe } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { addMonths, dayMs, fromFields, instantOf, localDate, type Zone } from './calendar.js';

const fixedUnits: Record<string, number> = { millisecond: 1, second: 1000, minute: 60_000, hour: 3_600_000 };
const monthUnits: Record<string, number> = { month: 1, quarter: 3, year: 12 };
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

function unitName(unit: Maybe): string {
  const known = [...Object.keys(fixedUnits), ...Object.keys(monthUnits), 'day', 'week'];
  if (typeof unit !== 'string' || !known.includes(unit)) {
    throw new CommandError(9, `unknown time unit value: ${typeof unit === 'string' ? unit : typeName(unit)}`);
  }
  return unit;
}

function weekStart(value: Maybe): number {
  if (value === undefined) return 0;
  const name = typeof value === 'string' ? value.toLowerCase() : '';
  const day = weekdays.findIndex((weekday) => weekday === name || weekday.slice(0, 3) === name);
  if (day === -1) throw new CommandError(9, 'unknown day of week value for startOfWeek');
  return day;
}

const floorDiv = (value: number, by: number): number => Math.floor(value / by);

function localDay(ms: number, zone: Zone): number {
  return floorDiv(localDate(ms, zone).getTime(), dayMs);
}

function monthIndex(ms: number, zone: Zone): number {
  const date = localDate(ms, zone);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Day 0 (1 January 1970) was a Thursday. */
function weekIndex(day: number, startOfWeek: number): number {
  return floorDiv(day + 4 - startOfWeek, 7);
}

export function shiftDate(ms: number, unitValue: Maybe, amount: number, zone: Zone): number {
  const unit = unitName(unitValue);
  const fixed = fixedUnits[unit];
  if (fixed !== undefined) return ms + amount * fixed;
  const local = localDate(ms, zone).getTime();
  const months = monthUnits[unit];
  if (months !== undefined) return instantOf(addMonths(local, amount * months), zone);
  return instantOf(local + amount * dayMs * (unit === 'week' ? 7 : 1), zone);
}

/** How many boundaries of the unit lie between the two. */
export function dateDifference(
  start: number,
  end: number,
  unitValue: Maybe,
  zone: Zone,
  startOfWeek: Maybe,
): number {
  const unit = unitName(unitValue);
  const months = monthUnits[unit];
  if (months !== undefined)
    return floorDiv(monthIndex(end, zone), months) - floorDiv(monthIndex(start, zone), months);
  if (unit === 'day') return localDay(end, zone) - localDay(start, zone);
  if (unit === 'week') {
    const first = weekStart(startOfWeek);
    return weekIndex(localDay(end, zone), first) - weekIndex(localDay(start, zone), first);
  }
  const fixed = fixedUnits[unit] as number;
  // Hours and below count elapsed boundaries of the zone's clock; offsets of whole quarters only matter for hours.
  const offset = zone.offsetAt(start);
  return floorDiv(end + offset, fixed) - floorDiv(start + offset, fixed);
}

/** Bins are counted from the first of January 2000 in the zone; weeks from the first start of a week in it. */
export function truncateDate(
  ms: number,
  unitValue: Maybe,
  bin: number,
  zone: Zone,
  startOfWeek: Maybe,
): number {
  const unit = unitName(unitValue);
  const fixed = fixedUnits[unit];
  if (fixed !== undefined) {
    const reference = instantOf(fromFields(2000, 1, 1), zone);
    const size = fixed * bin;
    return reference + floorDiv(ms - reference, size) * size;
  }
  const months = monthUnits[unit];
  if (months !== undefined) {
    const size = months * bin;
    const reference = 2000 * 12;
    const index = reference + floorDiv(monthIndex(ms, zone) - reference, size) * size;
    return instantOf(fromFields(floorDiv(index, 12), (index % 12) + 1, 1), zone);
  }
  const firstDay = fromFields(2000, 1, 1) / dayMs;
  const first = weekStart(startOfWeek);
  // 1 January 2000 was a Saturday.
  const reference = unit === 'day' ? firstDay : firstDay + ((first - 6 + 7) % 7);
  const size = (unit === 'day' ? 1 : 7) * bin;
  const day = reference + floorDiv(localDay(ms, zone) - reference, size) * size;
  return instantOf(day * dayMs, zone);
}
