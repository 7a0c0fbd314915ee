import type { Forecast } from '@relecture/shared/reviews/schema.js';

/** Fewer past readings than this say nothing of the next one. */
export const FEWEST_KNOWN = 5;

/** From this chance on, a reading is shown as probably late: it will be so more often than not. */
const PROBABLE = 0.5;

export interface ForecastFacts {
  /** Working days from the giving to the signature of past readings like this one. */
  readonly known: readonly number[];
  /** Working days since it was given to its reader; 0 while nobody has it. */
  readonly waited: number;
  /** Working days until it is due. */
  readonly left: number;
  /** Readings of the same reader that are due before it. */
  readonly ahead: number;
  /** Readings that its reader signs in a working day; null when too few are known, or nobody has it. */
  readonly perDay: number | null;
}

const round = (value: number): number => Math.round(value * 100) / 100;

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
}

/**
 * Will it be late? From history: of past readings that had waited as long as this one, how many went on beyond what is
 * left; when none had waited as long, it needs what a reading usually takes. From load: what its reader has to read
 * before it, at the pace they sign. Either is enough. Pure.
 */
export function forecastBreach({ known, waited, left, ahead, perDay }: ForecastFacts): Forecast {
  const enough = known.length >= FEWEST_KNOWN;
  const asLong = enough ? known.filter((days) => days > waited) : [];
  const chance =
    asLong.length === 0 ? null : asLong.filter((days) => days > waited + left).length / asLong.length;
  const beyond = enough && asLong.length === 0 && left < medianOf(known);
  const queueDays = perDay === null ? null : (ahead + 1) / perDay;
  return {
    late: beyond || (chance !== null && chance >= PROBABLE) || (queueDays !== null && queueDays > left),
    chance: chance === null ? null : round(chance),
    beyond,
    ahead,
    queueDays: queueDays === null ? null : round(queueDays),
    left: round(left),
  };
}
