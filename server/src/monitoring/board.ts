import type { Board } from '@relecture/shared/monitoring/schema.js';
import { workingDaysBetween } from '../assignments/index.js';
import type { SignedFact } from '../reviews/index.js';

/** Below this many, a median says more about chance than about a network; and a person could be told from it. */
export const SMALLEST_GROUP = 3;

/** Signed readings of one intent. */
interface Split {
  signed: number;
  partial: number;
  discordant: number;
}

/** What happened on one day, Europe/Paris, in one network. */
export interface DayOfWork {
  /** YYYY-MM-DD. */
  day: string;
  opened: number;
  /**
   * Of each reading signed on the day: tenths of working days from the submission to the signature, reassignments do
   * not restart it; ascending.
   */
  tenths: number[];
  systematic: Split;
  advice: Split;
}

export function dayOfWork(day: string, opened: number, signed: readonly SignedFact[]): DayOfWork {
  const split = (intent: SignedFact['intent']): Split => {
    const own = signed.filter((fact) => fact.intent === intent);
    return {
      signed: own.length,
      partial: own.filter(({ agreement }) => agreement === 'partial').length,
      discordant: own.filter(({ agreement }) => agreement === 'discordant').length,
    };
  };
  return {
    day,
    opened,
    tenths: signed
      .map(({ submittedAt, signedAt }) => Math.round(workingDaysBetween(submittedAt, signedAt) * 10))
      .sort((a, b) => a - b),
    systematic: split('systematic'),
    advice: split('advice'),
  };
}

/** `share` of the sorted values lie at or under the answer (nearest rank, no interpolation); null for small groups. */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length < SMALLEST_GROUP) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

const delaysOf = (days: readonly DayOfWork[]): Board['turnaround'] => {
  const delays = days.flatMap(({ tenths }) => tenths);
  const inDays = (tenths: number | null) => (tenths === null ? null : tenths / 10);
  return {
    count: delays.length,
    medianDays: inDays(percentile(delays, 0.5)),
    p90Days: inDays(percentile(delays, 0.9)),
  };
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export function chartsOf(
  days: readonly DayOfWork[],
  months: readonly string[],
): Pick<Board, 'perMonth' | 'discordance'> {
  const perMonth = months.map((month) => {
    const own = days.filter(({ day }) => day.startsWith(month));
    const { count, ...delays } = delaysOf(own);
    return { month, opened: sum(own.map(({ opened }) => opened)), signed: count, ...delays };
  });
  const discordance = (['systematic', 'advice'] as const).map((intent) => ({
    intent,
    signed: sum(days.map((each) => each[intent].signed)),
    partial: sum(days.map((each) => each[intent].partial)),
    discordant: sum(days.map((each) => each[intent].discordant)),
  }));
  return { perMonth, discordance };
}

/** Of readings signed on `firstDay` and after. */
export const turnaroundSince = (days: readonly DayOfWork[], firstDay: string): Board['turnaround'] =>
  delaysOf(days.filter(({ day }) => day >= firstDay));

export const signedSince = (days: readonly DayOfWork[], firstDay: string): number =>
  turnaroundSince(days, firstDay).count;

/** The last `count` months, oldest first, as `YYYY-MM`; `today` is YYYY-MM-DD. */
export function lastMonths(today: string, count: number): string[] {
  const [year, month] = today.split('-').map(Number);
  return Array.from({ length: count }, (_, index) => {
    const date = new Date(Date.UTC(year ?? 0, (month ?? 1) - count + index, 15));
    return date.toISOString().slice(0, 7);
  });
}
