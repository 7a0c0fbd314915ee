import { typeName } from '../bson/types.js';
import { DateTime, int, isDoc, type Maybe, ObjectId, Timestamp, type Value } from '../bson/values.js';
import { isNumber } from '../codec/exact.js';
import { CommandError, isConversionFailure } from '../errors.js';
import {
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

const dateFromParts = withNames(
  ['year'],
  ['month', 'day', 'hour', 'minute', 'second', 'millisecond', 'timezone'],
  (args) => {
    const zone = zoneFrom(args.timezone);
    if (zone === null || Object.values(args).some((value) => value === null)) return null;
    const year = whole(args.year, 'year', 1970);
    if (year < 1 || year > 9999)
      throw new CommandError(
        40523,
        `'year' must evaluate to an integer in the range 1 to 9999, found ${year}`,
      );
    const local = fromFields(
      year,
      whole(args.month, 'month', 1),
      whole(args.day, 'day', 1),
      whole(args.hour, 'hour', 0),
      whole(args.minute, 'minute', 0),
      whole(args.second, 'second', 0),
      whole(args.millisecond, 'millisecond', 0),
    );
    return new DateTime(instantOf(local, zone));
  },
);

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
