import { transition } from '../events/index.js';
import { findNetwork } from '../networks/index.js';
import { now } from '../platform/clock.js';
import { ProblemError } from '../platform/problem.js';
import { lookAgainAt, type ReviewRecord, reviewsToWarn } from '../reviews/index.js';
import { type Warning, warningAt } from './due-warnings.js';

const DEFAULT_DAYS = { routine: 10, urgent: 3 };

/** Working days that the network gives, by level and urgency. */
export function dueDaysOf({ networkId, urgency, level }: ReviewRecord): number {
  const network = findNetwork(networkId);
  const days = (level === 3 ? network?.thirdDueDays : undefined) ?? network?.dueDays ?? DEFAULT_DAYS;
  return urgency === 'urgent' ? days.urgent : days.routine;
}

/** Far enough to be never looked at again, near enough for every store. */
const NEVER = new Date('9999-12-31T00:00:00Z');

/** Once for each reader. By the order of the entries, not by their dates, which two machines may see differently. */
function wasSaid({ timeline }: ReviewRecord, warning: Warning): boolean {
  const given = timeline.findLastIndex(({ event }) =>
    ['review.assigned', 'review.reassigned'].includes(event),
  );
  return timeline.findLastIndex(({ event }) => event === warning) > given;
}

/**
 * Said on the review's own timeline, in the write that says when to look again: whoever is told, and after whatever
 * crash, it is told once.
 */
async function warn(review: ReviewRecord, dueAt: Date, at: Date): Promise<number> {
  const facts = { dueAt, days: dueDaysOf(review), calendar: review.calendar ?? 'FR' };
  const { warning, next } = warningAt(facts, at);
  const warnAt = next ?? NEVER;
  if (!warning || wasSaid(review, warning)) {
    await lookAgainAt(review, warnAt);
    return 0;
  }
  try {
    await transition<ReviewRecord>({
      kind: 'review',
      id: review._id,
      event: warning,
      from: [review.status],
      to: 'same',
      party: 'same',
      by: null,
      set: { warnAt },
      version: review.version,
    });
    return 1;
  } catch (error) {
    // It moved on while we looked; if there is still something to say, the next round says so.
    if (error instanceof ProblemError) return 0;
    throw error;
  }
}

/** Says of each open review what of its time has passed. Answers how many were said. */
export async function watchDueDates(): Promise<number> {
  const at = now();
  let said = 0;
  for await (const review of reviewsToWarn(at)) {
    if (review.dueAt) said += await warn(review, review.dueAt, at);
  }
  return said;
}
