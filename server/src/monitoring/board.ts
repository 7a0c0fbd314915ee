import {
  type Board,
  type BoardGroups,
  type GroupedBy,
  SMALLEST_GROUP,
} from '@relecture/shared/monitoring/schema.js';
import { workingDaysBetween } from '../assignments/index.js';
import type { SignedFact } from '../reviews/index.js';

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
  /** Of the signed: material was asked of the sender at least once. */
  asked: number;
  /** The same, told apart. */
  groups: Record<Exclude<GroupedBy, 'network'>, Group[]>;
}

/** What one region, site or reviewer has of a day. */
export interface Group extends Pick<DayOfWork, 'tenths' | 'systematic' | 'advice' | 'asked'> {
  key: string;
}

/** Told apart by three characters of the site: below that, groups are too small to say anything. */
const siteOf = ({ site }: SignedFact): string => site?.slice(0, 3) ?? '';

function tell(signed: readonly SignedFact[]): Omit<Group, 'key'> {
  const split = (intent: SignedFact['intent']): Split => {
    const own = signed.filter((fact) => fact.intent === intent);
    return {
      signed: own.length,
      partial: own.filter(({ agreement }) => agreement === 'partial').length,
      discordant: own.filter(({ agreement }) => agreement === 'discordant').length,
    };
  };
  return {
    tenths: signed
      .map(({ submittedAt, signedAt }) => Math.round(workingDaysBetween(submittedAt, signedAt) * 10))
      .sort((a, b) => a - b),
    systematic: split('systematic'),
    advice: split('advice'),
    asked: signed.filter(({ asked }) => asked).length,
  };
}

function tellApart(signed: readonly SignedFact[], keyOf: (fact: SignedFact) => string): Group[] {
  const groups = new Map<string, SignedFact[]>();
  for (const fact of signed) groups.set(keyOf(fact), [...(groups.get(keyOf(fact)) ?? []), fact]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, own]) => ({ key, ...tell(own) }));
}

export const dayOfWork = (day: string, opened: number, signed: readonly SignedFact[]): DayOfWork => ({
  day,
  opened,
  ...tell(signed),
  groups: {
    region: tellApart(signed, ({ region }) => region),
    site: tellApart(signed, siteOf),
    reviewer: tellApart(signed, ({ reviewerId }) => reviewerId ?? ''),
  },
});

/** `share` of the sorted values lie at or under the answer (nearest rank, no interpolation); null for small groups. */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length < SMALLEST_GROUP) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

const delaysOf = (days: ReadonlyArray<Pick<DayOfWork, 'tenths'>>): Board['turnaround'] => {
  const delays = days.flatMap(({ tenths }) => tenths);
  const inDays = (tenths: number | null) => (tenths === null ? null : tenths / 10);
  return {
    count: delays.length,
    medianDays: inDays(percentile(delays, 0.5)),
    p90Days: inDays(percentile(delays, 0.9)),
  };
};

/** Without what its readings are told apart by: most figures need none of it. */
export type PlainDay = Omit<DayOfWork, 'groups'>;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const splitOf = (
  parts: ReadonlyArray<Pick<DayOfWork, 'systematic' | 'advice'>>,
  intent: 'systematic' | 'advice',
): Split => ({
  signed: sum(parts.map((each) => each[intent].signed)),
  partial: sum(parts.map((each) => each[intent].partial)),
  discordant: sum(parts.map((each) => each[intent].discordant)),
});

/**
 * What several days say of each region, site, reviewer or network, the largest first. A group under the smallest is not
 * shown: it would say more of chance, or of a person.
 */
export function groupsOf(parts: readonly Group[]): Pick<BoardGroups, 'groups' | 'few'> {
  const byKey = new Map<string, Group[]>();
  for (const part of parts) {
    const own = byKey.get(part.key);
    if (own) own.push(part);
    else byKey.set(part.key, [part]);
  }
  let few = 0;
  const groups: BoardGroups['groups'] = [];
  for (const [key, own] of byKey) {
    const { count, medianDays, p90Days } = delaysOf(own);
    if (medianDays === null || p90Days === null) {
      if (count > 0) few += 1;
      continue;
    }
    const shares = (intent: 'systematic' | 'advice') => {
      const split = splitOf(own, intent);
      return split.signed < SMALLEST_GROUP ? null : split;
    };
    groups.push({
      key,
      label: '',
      signed: count,
      medianDays,
      p90Days,
      asked: sum(own.map(({ asked }) => asked)),
      systematic: shares('systematic'),
      advice: shares('advice'),
    });
  }
  groups.sort((a, b) => b.signed - a.signed || (a.key < b.key ? -1 : 1));
  return { groups, few };
}

export function chartsOf(
  days: readonly PlainDay[],
  months: readonly string[],
): Pick<Board, 'perMonth' | 'discordance'> {
  const perMonth = months.map((month) => {
    const own = days.filter(({ day }) => day.startsWith(month));
    const { count, ...delays } = delaysOf(own);
    return {
      month,
      opened: sum(own.map(({ opened }) => opened)),
      signed: count,
      ...delays,
      asked: sum(own.map(({ asked }) => asked)),
    };
  });
  const discordance = (['systematic', 'advice'] as const).map((intent) => ({
    intent,
    ...splitOf(days, intent),
  }));
  return { perMonth, discordance };
}

/** Of readings signed on `firstDay` and after. */
export const turnaroundSince = (days: readonly PlainDay[], firstDay: string): Board['turnaround'] =>
  delaysOf(days.filter(({ day }) => day >= firstDay));

export const signedSince = (days: readonly PlainDay[], firstDay: string): number =>
  turnaroundSince(days, firstDay).count;

/** The last `count` months, oldest first, as `YYYY-MM`; `today` is YYYY-MM-DD. */
export function lastMonths(today: string, count: number): string[] {
  const [year, month] = today.split('-').map(Number);
  return Array.from({ length: count }, (_, index) => {
    const date = new Date(Date.UTC(year ?? 0, (month ?? 1) - count + index, 15));
    return date.toISOString().slice(0, 7);
  });
}
