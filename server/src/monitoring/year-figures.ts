import { SMALLEST_GROUP } from '@relecture/shared/monitoring/schema.js';
import { percentile } from './board.js';

/** A reading that was opened in the year; no text, no identity. */
export interface OpenedFact {
  readonly month: string;
  readonly level: 2 | 3;
  readonly intent: 'systematic' | 'advice';
  readonly urgent: boolean;
  readonly ended: 'signed' | 'cancelled' | null;
}

/** A reading that was signed in the year. */
export interface SignedYearFact {
  readonly month: string;
  readonly level: 2 | 3;
  readonly intent: 'systematic' | 'advice';
  /** Of the sender. */
  readonly region: string;
  /** The reader's house. */
  readonly centre: string;
  /** The reader's diagnosis, or the sender's where it was not kept. */
  readonly morphology: string | null;
  readonly agreement: string | null;
  readonly types: readonly string[];
  readonly impact: string | null;
  /** Working days from the first diagnosis to the sending; null: not dated. */
  readonly sending: number | null;
  /** Working days from the sending to the signature. */
  readonly reading: number;
  readonly onTime: boolean | null;
  readonly asked: boolean;
  readonly molecular: boolean;
  readonly session: 'listed' | 'discussed' | null;
}

export interface Delay {
  readonly count: number;
  readonly median: number | null;
  readonly p90: number | null;
}
export interface Share {
  readonly count: number;
  readonly of: number;
}
export interface Line {
  readonly key: string;
  readonly count: number;
}
/** Those too small to be shown are put together. */
export interface Breakdown {
  readonly lines: readonly Line[];
  readonly others: number;
}

const round = (days: number): number => Math.round(days * 10) / 10;

function delayOf(values: readonly number[]): Delay {
  const rounded = values.map(round);
  return { count: values.length, median: percentile(rounded, 0.5), p90: percentile(rounded, 0.9) };
}

function count<T>(facts: readonly T[], keyOf: (fact: T) => string): Line[] {
  const counts = new Map<string, number>();
  for (const fact of facts) counts.set(keyOf(fact), (counts.get(keyOf(fact)) ?? 0) + 1);
  return [...counts]
    .map(([key, number]) => ({ key, count: number }))
    .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}

const SHOWN = 25;

function breakDown<T>(facts: readonly T[], keyOf: (fact: T) => string): Breakdown {
  const all = count(facts, keyOf);
  const lines = all.filter((line) => line.count >= SMALLEST_GROUP && line.key !== '').slice(0, SHOWN);
  const shown = lines.reduce((total, line) => total + line.count, 0);
  return { lines, others: facts.length - shown };
}

export type YearFigures = ReturnType<typeof figuresOfYear>;

/** The indicators of a network's year (domain.md 1.6), from what was opened and what was signed in it. Pure. */
export function figuresOfYear(
  months: readonly string[],
  opened: readonly OpenedFact[],
  signed: readonly SignedYearFact[],
) {
  const second = opened.filter(({ level }) => level === 2);
  const meant = second.filter(({ ended }) => ended !== 'cancelled');
  const share = <T>(facts: readonly T[], is: (fact: T) => boolean): Share => ({
    count: facts.filter(is).length,
    of: facts.length,
  });
  const judged = signed.filter(({ impact }) => impact === 'none' || impact === 'minor' || impact === 'major');
  const timed = signed.filter(({ onTime }) => onTime !== null);
  return {
    opened: second.length,
    third: opened.length - second.length,
    signed: signed.length,
    cancelled: opened.filter(({ ended }) => ended === 'cancelled').length,
    systematic: share(second, ({ intent }) => intent === 'systematic'),
    urgent: share(second, ({ urgent }) => urgent),
    doubleRead: share(meant, ({ ended }) => ended === 'signed'),
    sending: delayOf(
      signed.flatMap(({ sending, level }) => (sending === null || level === 3 ? [] : [sending])),
    ),
    reading: delayOf(signed.map(({ reading }) => reading)),
    readingBy: (['systematic', 'advice'] as const).map((intent) => ({
      intent,
      ...delayOf(signed.filter((fact) => fact.intent === intent).map(({ reading }) => reading)),
    })),
    onTime: share(timed, ({ onTime }) => onTime === true),
    asked: share(signed, ({ asked }) => asked),
    molecular: share(
      signed.filter(({ level }) => level === 2),
      ({ molecular }) => molecular,
    ),
    sessions: {
      listed: signed.filter(({ session }) => session !== null).length,
      discussed: signed.filter(({ session }) => session === 'discussed').length,
    },
    months: months.map((month) => {
      const own = signed.filter((fact) => fact.month === month);
      return {
        month,
        opened: opened.filter((fact) => fact.month === month).length,
        ...delayOf(own.map(({ reading }) => reading)),
      };
    }),
    concordance: (['systematic', 'advice'] as const).map((intent) => {
      const own = signed.filter((fact) => fact.intent === intent);
      return {
        intent,
        signed: own.length,
        agreement: Object.fromEntries(
          count(own, ({ agreement }) => agreement ?? '').map((line) => [line.key, line.count]),
        ),
      };
    }),
    types: count(
      signed.flatMap(({ types }) => types),
      (type) => type,
    ),
    major: share(judged, ({ impact }) => impact === 'major'),
    minor: share(judged, ({ impact }) => impact === 'minor'),
    toAssess: signed.filter(({ impact }) => impact === 'to_assess').length,
    byEntity: breakDown(signed, ({ morphology }) => morphology ?? ''),
    byRegion: breakDown(signed, ({ region }) => region),
    byCentre: breakDown(signed, ({ centre }) => centre),
  };
}
