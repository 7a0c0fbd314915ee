import { typeName } from '../bson/types.js';
import { DateTime, int, isDoc, type Maybe, ObjectId, Timestamp, type Value } from '../bson/values.js';
import { isNumber } from '../codec/exact.js';
import { CommandError, isConversionFailure } from '../errors.js';
import {
  dayMs,
  dayOfYear,
  fromFields,
  instantOf,
  isoDay,
  isoWeek,
  localDate,
  parseDate,
  utc,
  weekOfYear,
  type Zone,
  zoneOf,
} from './calendar.js';
import { formatDate } from './date-format.js';
import { dateDifference, shiftDate, truncateDate } from './date-units.js';
import { toDouble } from './numbers.js';
import { withNames } from './operator.js';
import { isNullish } from './truth.js';
import type { OperatorCompiler } from './types.js';

export function instant(value: Maybe, name: string): number {
  if (value instanceof DateTime) return value.ms;
  if (value instanceof Timestamp) return Number(value.value >> 32n) * 1000;
  if (value instanceof ObjectId) return Buffer.from(value.bytes).readInt32BE(0) * 1000;
  throw new CommandError(16006, `can't convert from BSON type ${typeName(value)} to Date in ${name}`);
}

/** Undefined: use UTC. Null: the whole result is null. */
function zoneFrom(value: Maybe): Zone | null {
  if (value === undefined) return utc;
  if (value === null) return null;
  if (typeof value !== 'string')
    throw new CommandError(40517, `timezone must evaluate to a string, found ${typeName(value)}`);
  return zoneOf(value);
}

/** `{$year: date}` or `{$year: {date, timezone}}`. */
function dateField(read: (local: Date) => Value): OperatorCompiler {
  const named = withNames(['date'], ['timezone'], ({ date, timezone }) => {
    const zone = zoneFrom(timezone);
    if (isNullish(date) || zone === null) return null;
    return read(localDate(instant(date, 'a date expression'), zone));
  });
  return (operand, compile, name) => {
    if (isDoc(operand) && operand.has('date')) return named(operand, compile, name);
    const single = Array.isArray(operand) && operand.length === 1 ? (operand[0] as Value) : operand;
    return named(new Map([['date', single]]), compile, name);
  };
}

function whole(value: Maybe, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  const number = isNumber(value) ? toDouble(value) : Number.NaN;
  if (!Number.isInteger(number))
    throw new CommandError(40515, `'${name}' must evaluate to an integer, found ${typeName(value)}`);
  return number;
}

const dateToString = withNames(['date'], ['format', 'timezone', 'onNull'], (args) => {
  const { date, format, timezone } = args;
  const zone = zoneFrom(timezone);
  if (isNullish(date)) return 'onNull' in args ? args.onNull : null;
  if (zone === null || format === null) return null;
  if (format !== undefined && typeof format !== 'string') {
    throw new CommandError(
      18533,
      `$dateToString requires that 'format' be a string, found: ${typeName(format)}`,
    );
  }
  return formatDate(
    instant(date, '$dateToString'),
    format ?? (zone === utc ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L'),
    zone,
  );
});

const dateFromString = withNames(['dateString'], ['timezone', 'onNull', 'onError'], (args) => {
  const { dateString, timezone } = args;
  if (isNullish(dateString)) return 'onNull' in args ? args.onNull : null;
  try {
    if (typeof dateString !== 'string') {
      throw new CommandError(
        241,
        `$dateFromString requires that 'dateString' be a string, found: ${typeName(dateString)}`,
      );
    }
    const zone = zoneFrom(timezone);
    return zone === null ? null : parseDate(dateString, timezone === undefined ? undefined : zone);
  } catch (error) {
    if ('onError' in args && isConversionFailure(error)) return args.onError;
    throw error;
  }
});

const time = ['hour', 'minute', 'second', 'millisecond', 'timezone'];

function partsToDate(
  args: Record<string, Maybe>,
  day: (part: (name: string, fallback: number) => number) => number,
) {
  const zone = zoneFrom(args.timezone);
  if (zone === null || Object.values(args).some((value) => value === null)) return null;
  const part = (name: string, fallback: number): number => {
    const value = whole(args[name], name, fallback);
    const narrow = name !== 'second' && name !== 'millisecond';
    if (narrow && (value < -32768 || value > 32767))
      throw new CommandError(
        31034,
        `'${name}' must evaluate to a value in the range [-32768, 32767]; value ${value} is not in range`,
      );
    return value;
  };
  const clock = ((part('hour', 0) * 60 + part('minute', 0)) * 60 + part('second', 0)) * 1000;
  const ms = instantOf(day(part) + clock + part('millisecond', 0), zone);
  if (!Number.isSafeInteger(ms)) throw new CommandError(15, 'date overflow');
  return new DateTime(ms);
}

function yearIn(args: Record<string, Maybe>, name: string, code: number): number {
  const year = whole(args[name], name, 1970);
  if (year >= 1 && year <= 9999) return year;
  throw new CommandError(code, `'${name}' must evaluate to an integer in the range 1 to 9999, found ${year}`);
}

const fromDays = withNames(['year'], ['month', 'day', ...time], (args) =>
  partsToDate(args, (part) => fromFields(yearIn(args, 'year', 40523), part('month', 1), part('day', 1))),
);

/** The Monday of a year's first ISO week, which holds the fourth of January, and so many days on. */
const fromWeeks = withNames(['isoWeekYear'], ['isoWeek', 'isoDayOfWeek', ...time], (args) =>
  partsToDate(args, (part) => {
    const fourth = fromFields(yearIn(args, 'isoWeekYear', 31095), 1, 4);
    const monday = fourth - (isoDay(new Date(fourth)) - 1) * dayMs;
    return monday + ((part('isoWeek', 1) - 1) * 7 + part('isoDayOfWeek', 1) - 1) * dayMs;
  }),
);

const dateFromParts: OperatorCompiler = (operand, compile, name) =>
  (isDoc(operand) && operand.has('isoWeekYear') ? fromWeeks : fromDays)(operand, compile, name);

const dateToParts = withNames(['date'], ['timezone', 'iso8601'], ({ date, timezone, iso8601 }) => {
  const zone = zoneFrom(timezone);
  if (isNullish(date) || zone === null) return null;
  const local = localDate(instant(date, '$dateToParts'), zone);
  const time: [string, Value][] = [
    ['hour', int(local.getUTCHours())],
    ['minute', int(local.getUTCMinutes())],
    ['second', int(local.getUTCSeconds())],
    ['millisecond', int(local.getUTCMilliseconds())],
  ];
  if (iso8601 === true) {
    const { week, year } = isoWeek(local);
    return new Map<string, Value>([
      ['isoWeekYear', int(year)],
      ['isoWeek', int(week)],
      ['isoDayOfWeek', int(isoDay(local))],
      ...time,
    ]);
  }
  return new Map<string, Value>([
    ['year', int(local.getUTCFullYear())],
    ['month', int(local.getUTCMonth() + 1)],
    ['day', int(local.getUTCDate())],
    ...time,
  ]);
});

function shift(sign: number, name: string): OperatorCompiler {
  return withNames(['startDate', 'unit', 'amount'], ['timezone'], ({ startDate, unit, amount, timezone }) => {
    const zone = zoneFrom(timezone);
    if (isNullish(startDate) || isNullish(unit) || isNullish(amount) || zone === null) return null;
    const result = shiftDate(instant(startDate, name), unit, sign * whole(amount, 'amount', 0), zone);
    if (!Number.isSafeInteger(result)) throw new CommandError(5166406, `${name} overflowed`);
    return new DateTime(result);
  });
}

const dateDiff = withNames(['startDate', 'endDate', 'unit'], ['timezone', 'startOfWeek'], (args) => {
  const zone = zoneFrom(args.timezone);
  if (isNullish(args.startDate) || isNullish(args.endDate) || isNullish(args.unit) || zone === null)
    return null;
  if (args.unit === 'week' && args.startOfWeek === null) return null;
  const [start, end] = [instant(args.startDate, '$dateDiff'), instant(args.endDate, '$dateDiff')];
  return BigInt(dateDifference(start, end, args.unit, zone, args.startOfWeek));
});

const dateTrunc = withNames(['date', 'unit'], ['binSize', 'timezone', 'startOfWeek'], (args) => {
  const zone = zoneFrom(args.timezone);
  if (isNullish(args.date) || isNullish(args.unit) || zone === null || args.binSize === null) return null;
  if (args.unit === 'week' && args.startOfWeek === null) return null;
  const bin = whole(args.binSize, 'binSize', 1);
  if (bin <= 0) throw new CommandError(5439017, '$dateTrunc requires a positive binSize');
  return new DateTime(truncateDate(instant(args.date, '$dateTrunc'), args.unit, bin, zone, args.startOfWeek));
});

export const dates: Record<string, OperatorCompiler> = {
  $year: dateField((date) => int(date.getUTCFullYear())),
  $month: dateField((date) => int(date.getUTCMonth() + 1)),
  $dayOfMonth: dateField((date) => int(date.getUTCDate())),
  $dayOfYear: dateField((date) => int(dayOfYear(date))),
  $dayOfWeek: dateField((date) => int(date.getUTCDay() + 1)),
  $week: dateField((date) => int(weekOfYear(date))),
  $isoWeek: dateField((date) => int(isoWeek(date).week)),
  $isoWeekYear: dateField((date) => BigInt(isoWeek(date).year)),
  $isoDayOfWeek: dateField((date) => int(isoDay(date))),
  $hour: dateField((date) => int(date.getUTCHours())),
  $minute: dateField((date) => int(date.getUTCMinutes())),
  $second: dateField((date) => int(date.getUTCSeconds())),
  $millisecond: dateField((date) => int(date.getUTCMilliseconds())),
  $dateToString: dateToString,
  $dateFromString: dateFromString,
  $dateFromParts: dateFromParts,
  $dateToParts: dateToParts,
  $dateAdd: shift(1, '$dateAdd'),
  $dateSubtract: shift(-1, '$dateSubtract'),
  $dateDiff: dateDiff,
  $dateTrunc: dateTrunc,
};
