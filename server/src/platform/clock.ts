import { AsyncLocalStorage } from 'node:async_hooks';
import { DateTime } from 'luxon';

const injected = new AsyncLocalStorage<Date>();

/** The time every record is stamped with. Business code never calls `new Date()` for a stamp. */
export const now = (): Date => injected.getStore() ?? new Date();

/** Runs `work` as if it were `at`: the demo walks the real gate through the past; requests beside it keep real time. */
export const runAt = <T>(at: Date, work: () => Promise<T>): Promise<T> => injected.run(at, work);

const PARIS = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Paris',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The calendar day (YYYY-MM-DD) of an instant as the laboratories' calendars show it: in Paris, whatever the machine's zone. */
export const calendarDay = (at: Date): string => PARIS.format(at);

/** Midnight in Paris at the beginning of a calendar day (YYYY-MM-DD). */
export const startOfDay = (day: string): Date => DateTime.fromISO(day, { zone: 'Europe/Paris' }).toJSDate();

/** The calendar day after another. */
export const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00Z`) + 86_400_000).toISOString().slice(0, 10);
