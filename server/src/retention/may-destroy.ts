import type { ReviewStatus } from '@relecture/shared/events/status.js';

/** What decides whether the rule of an organisation applies to a case; a pure function, so that it can be replayed. */
export interface RetentionFacts {
  readonly isCompleted: boolean;
  readonly isHeld: boolean;
  readonly reviews: ReadonlyArray<{ readonly status: ReviewStatus; readonly signedAt: Date | null }>;
}

/**
 * When the last reading of the case was signed; null while one is open, none was signed, or somebody asked that
 * everything be kept. Before that day nothing is ever destroyed.
 */
export function lastSignOut({ isCompleted, isHeld, reviews }: RetentionFacts): Date | null {
  if (!isCompleted || isHeld) return null;
  if (reviews.some(({ status }) => status !== 'signed' && status !== 'cancelled')) return null;
  const signed = reviews.flatMap(({ status, signedAt }) =>
    status === 'signed' && signedAt ? [signedAt] : [],
  );
  return signed.reduce<Date | null>((last, at) => (last === null || at > last ? at : last), null);
}

/** So many months later, on the same day or the month's last. */
export function monthsAfter(from: Date, months: number): Date {
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(from.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return to;
}
