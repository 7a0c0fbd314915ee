import { CommandError } from '../errors.js';
import { dayOfYear, isoDay, isoWeek, localDate, weekOfYear, type Zone } from './calendar.js';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** $dateToString: the format letters of MongoDB, no others. */
export function formatDate(ms: number, format: string, zone: Zone): string {
  const date = localDate(ms, zone);
  const year = date.getUTCFullYear();
  if (year < 0 || year > 9999)
    throw new CommandError(
      18537,
      `Could not convert date to string: date component was outside the supported range of 0-9999: ${year}`,
    );
  return format.replace(/%(.?)/gs, (_, letter: string) =>
    field(letter, date, Math.round(zone.offsetAt(ms) / 60_000)),
  );
}

function field(letter: string, date: Date, offsetMinutes: number): string {
  switch (letter) {
    case 'Y':
      return pad(date.getUTCFullYear(), 4);
    case 'm':
      return pad(date.getUTCMonth() + 1, 2);
    case 'd':
      return pad(date.getUTCDate(), 2);
    case 'H':
      return pad(date.getUTCHours(), 2);
    case 'M':
      return pad(date.getUTCMinutes(), 2);
    case 'S':
      return pad(date.getUTCSeconds(), 2);
    case 'L':
      return pad(date.getUTCMilliseconds(), 3);
    case 'j':
      return pad(dayOfYear(date), 3);
    case 'w':
      return String(date.getUTCDay() + 1);
    case 'u':
      return String(isoDay(date));
    case 'U':
      return pad(weekOfYear(date), 2);
    case 'V':
      return pad(isoWeek(date).week, 2);
    case 'G':
      return pad(isoWeek(date).year, 4);
    case 'b':
      return (months[date.getUTCMonth()] as string).slice(0, 3);
    case 'B':
      return months[date.getUTCMonth()] as string;
    case 'z': {
      const minutes = Math.abs(offsetMinutes);
      return `${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${pad(minutes % 60, 2)}`;
    }
    case 'Z':
      return String(offsetMinutes);
    case '%':
      return '%';
    default:
      throw new CommandError(18536, `Invalid format character '%${letter}' in format string`);
  }
}
