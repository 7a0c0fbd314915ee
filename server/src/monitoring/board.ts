import type { Board } from '@relecture/shared/monitoring/schema.js';
import { workingDaysBetween } from '../assignments/index.js';
import type { ReviewFact } from '../reviews/index.js';

/** Below this many, a median says more about chance than about a network; and a person could be told from it. */
export const SMALLEST_GROUP = 3;

/** `share` of the sorted values lie at or under the answer (nearest rank, no interpolation); null for small groups. */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length < SMALLEST_GROUP) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return Math.round(value * 10) / 10;
}

const monthInParis = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Paris',
  year: 'numeric',
  month: '2-digit',
});
const monthOf = (at: Date): string => monthInParis.format(at).slice(0, 7);

/** Working days from the submission to the signature: reassignments do not restart it. */
const turnaroundOf = (fact: ReviewFact): number =>
  fact.signedAt ? workingDaysBetween(fact.submittedAt, fact.signedAt) : 0;

export function chartsOf(
  facts: readonly ReviewFact[],
  months: readonly string[],
): Pick<Board, 'perMonth' | 'discordance'> {
  const perMonth = months.map((month) => {
    const signed = facts.filter((fact) => fact.signedAt && monthOf(fact.signedAt) === month);
    const days = signed.map(turnaroundOf);
    return {
      month,
      opened: facts.filter((fact) => monthOf(fact.createdAt) === month).length,
      signed: signed.length,
      medianDays: percentile(days, 0.5),
      p90Days: percentile(days, 0.9),
    };
  });
  const discordance = (['systematic', 'advice'] as const).map((intent) => {
    const signed = facts.filter((fact) => fact.intent === intent && fact.signedAt);
    return {
      intent,
      signed: signed.length,
      partial: signed.filter((fact) => fact.agreement === 'partial').length,
      discordant: signed.filter((fact) => fact.agreement === 'discordant').length,
    };
  });
  return { perMonth, discordance };
}

export function turnaroundSince(facts: readonly ReviewFact[], since: Date): Board['turnaround'] {
  const days = facts.filter((fact) => fact.signedAt && fact.signedAt >= since).map(turnaroundOf);
  return { count: days.length, medianDays: percentile(days, 0.5), p90Days: percentile(days, 0.9) };
}

export function ageingOf(open: readonly ReviewFact[], at: Date): Board['ageing'] {
  const rows = new Map<ReviewFact['status'], Board['ageing'][number]>();
  for (const status of ['routed', 'admitted', 'assigned', 'in_review', 'on_hold', 'preliminary'] as const) {
    rows.set(status, { status, under3: 0, under7: 0, under14: 0, over14: 0 });
  }
  for (const fact of open) {
    const row = rows.get(fact.status);
    if (!row) continue;
    const days = (at.getTime() - fact.submittedAt.getTime()) / 86_400_000;
    row[days < 3 ? 'under3' : days < 7 ? 'under7' : days < 14 ? 'under14' : 'over14'] += 1;
  }
  return [...rows.values()];
}

/** The last `count` months, oldest first, as `YYYY-MM`. */
export function lastMonths(at: Date, count: number): string[] {
  const [year, month] = monthOf(at).split('-').map(Number);
  return Array.from({ length: count }, (_, index) => {
    const date = new Date(Date.UTC(year ?? 0, (month ?? 1) - count + index, 15));
    return date.toISOString().slice(0, 7);
  });
}
