import type { EventName } from '@relecture/shared/events/catalog.js';
import { transition } from '../events/index.js';
import { now } from '../platform/clock.js';
import { ProblemError } from '../platform/problem.js';
import { type ReviewRecord, reviewsDueBefore } from '../reviews/index.js';
import { addWorkingDays } from './working-calendar.js';

/**
 * Says it once for each reader, on the review's own timeline: whoever is told, and after whatever crash, it is told
 * once. By the order of the entries, not by their dates, which two machines may see differently.
 */
async function say(review: ReviewRecord, event: EventName): Promise<number> {
  const given = review.timeline.findLastIndex(
    (entry) => entry.event === 'review.assigned' || entry.event === 'review.reassigned',
  );
  if (review.timeline.findLastIndex((entry) => entry.event === event) > given) return 0;
  try {
    await transition<ReviewRecord>({
      kind: 'review',
      id: review._id,
      event,
      from: [review.status],
      to: 'same',
      party: 'same',
      by: null,
      version: review.version,
    });
    return 1;
  } catch (error) {
    // It moved on while we looked; if it is still due, the next round says so.
    if (error instanceof ProblemError) return 0;
    throw error;
  }
}

/** Reviews whose due date has passed, or comes by the end of the next working day. Answers how many were said. */
export async function watchDueDates(): Promise<number> {
  const at = now();
  let said = 0;
  for await (const review of reviewsDueBefore(addWorkingDays(at, 1))) {
    if (!review.dueAt) continue;
    if (review.dueAt < at) said += await say(review, 'review.overdue');
    // While the sender is asked for material, nobody has to hurry the reader.
    else if (['assigned', 'in_review'].includes(review.status)) said += await say(review, 'review.due-soon');
  }
  return said;
}
