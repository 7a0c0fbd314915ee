import { now } from '../platform/clock.js';
import {
  forgetForecasts,
  type ReviewRecord,
  readingTimes,
  reviewsToForecast,
  setForecast,
  signedSince,
} from '../reviews/index.js';
import { FEWEST_KNOWN, forecastBreach } from './forecast.js';
import { workingDaysBetween } from './working-calendar.js';

const DAY_MS = 86_400_000;
/** As far back as ways of working are still those of today. */
const KNOWN_DAYS = 180;
/** A reader's pace is that of the last weeks. */
const PACE_DAYS = 60;

type Likeness = Pick<ReviewRecord, 'networkId' | 'level' | 'urgency'>;

/** How long readings took since then, by what makes them alike; where too few are, those of the network at that level. */
async function createHistory(since: Date) {
  const networks = new Map<string, Awaited<ReturnType<typeof readingTimes>>>();
  return async ({ networkId, level, urgency }: Likeness): Promise<number[]> => {
    let times = networks.get(networkId);
    if (!times) {
      times = await readingTimes(networkId, since);
      networks.set(networkId, times);
    }
    const days = (found: typeof times) =>
      found.map(({ assignedAt, signedAt }) => workingDaysBetween(assignedAt, signedAt));
    const level_ = times.filter((time) => time.level === level);
    const alike = level_.filter((time) => time.urgency === urgency);
    return days(alike.length >= FEWEST_KNOWN ? alike : level_);
  };
}

/**
 * Says of each open reading whether it will probably be late, so that coordinators act before it is. Looked at anew each
 * time: a reader who signs, or is given more, changes what is said of the others. Answers how many answers changed.
 */
export async function watchForecasts(): Promise<number> {
  const at = now();
  const historyOf = await createHistory(new Date(at.getTime() - KNOWN_DAYS * DAY_MS));
  const paceFrom = new Date(at.getTime() - PACE_DAYS * DAY_MS);
  const paceDays = workingDaysBetween(paceFrom, at);
  const paces = new Map<string, number | null>();
  const paceOf = async (readerId: string): Promise<number | null> => {
    const known = paces.get(readerId);
    if (known !== undefined) return known;
    const signed = await signedSince(readerId, paceFrom);
    const pace = signed < FEWEST_KNOWN ? null : signed / paceDays;
    paces.set(readerId, pace);
    return pace;
  };
  // Those due first come first: what a reader has before each is what was counted so far.
  const before = new Map<string, number>();
  let changed = await forgetForecasts(at);
  for await (const review of reviewsToForecast()) {
    const readerId = review.assignment ? String(review.assignment.reviewerId) : null;
    const ahead = readerId ? (before.get(readerId) ?? 0) : 0;
    if (readerId) before.set(readerId, ahead + 1);
    if (!review.dueAt || review.dueAt <= at) continue;
    const calendar = review.calendar ?? 'FR';
    const forecast = forecastBreach({
      known: await historyOf(review),
      waited: review.assignment ? workingDaysBetween(review.assignment.assignedAt, at, calendar) : 0,
      left: workingDaysBetween(at, review.dueAt, calendar),
      ahead,
      perDay: readerId ? await paceOf(readerId) : null,
    });
    if (await setForecast(review, forecast)) changed += 1;
  }
  return changed;
}
