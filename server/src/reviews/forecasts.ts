import { isDeepStrictEqual } from 'node:util';
import type { Forecast } from '@relecture/shared/reviews/schema.js';
import { Types } from 'mongoose';
import { ReviewModel, type ReviewRecord } from './model.js';

/** Their reader's time runs, or somebody has to be found for them. */
const RUNNING = ['admitted', 'assigned', 'in_review', 'preliminary'] as const;

type ToForecast = Pick<
  ReviewRecord,
  '_id' | 'networkId' | 'level' | 'urgency' | 'assignment' | 'dueAt' | 'calendar' | 'version' | 'forecast'
>;

/** Readings whose time runs, what is due first first, whoever reads them. */
export async function* reviewsToForecast(): AsyncGenerator<ToForecast> {
  const fields = {
    networkId: 1,
    level: 1,
    urgency: 1,
    'assignment.reviewerId': 1,
    'assignment.assignedAt': 1,
    dueAt: 1,
    calendar: 1,
    version: 1,
    forecast: 1,
  };
  // One list for each status, already in order: the earliest of their heads is the next.
  const lists = RUNNING.map((status) =>
    ReviewModel.find({ status, dueAt: { $ne: null } }, fields)
      .sort({ dueAt: 1, _id: 1 })
      .lean<ToForecast[]>()
      .cursor({ batchSize: 500 }),
  );
  const heads = await Promise.all(lists.map(async (list) => (await list.next()) as ToForecast | null));
  for (;;) {
    let first = -1;
    for (const [index, head] of heads.entries()) {
      const best = heads[first];
      if (head && (!best || Number(head.dueAt) < Number(best.dueAt))) first = index;
    }
    const found = heads[first];
    if (!found) return;
    yield found;
    heads[first] = ((await lists[first]?.next()) ?? null) as ToForecast | null;
  }
}

const LATEST = 500;

/** From the giving to the signature, of the readings that a network signed last. */
export async function readingTimes(
  networkId: string,
  since: Date,
): Promise<Array<{ level: 2 | 3; urgency: ReviewRecord['urgency']; assignedAt: Date; signedAt: Date }>> {
  const found = await ReviewModel.find(
    { networkId, signedAt: { $gte: since } },
    { level: 1, urgency: 1, signedAt: 1, 'assignment.assignedAt': 1 },
  )
    .sort({ signedAt: -1, _id: -1 })
    .limit(LATEST)
    .lean<ReviewRecord[]>();
  return found.flatMap(({ level, urgency, signedAt, assignment }) =>
    assignment && signedAt ? [{ level, urgency, signedAt, assignedAt: assignment.assignedAt }] : [],
  );
}

/** How many readings a person signed since then. */
export const signedSince = (readerId: string, since: Date): Promise<number> =>
  ReviewModel.countDocuments({
    'assignment.reviewerId': new Types.ObjectId(readerId),
    status: 'signed',
    signedAt: { $gte: since },
  }).exec();

/**
 * Beside the status, for lists; of the reading as it was looked at. Nothing is kept of what will be in time: most readings
 * are, and are looked at all day. True when it says something else than before.
 */
export async function setForecast(review: ToForecast, looked: Forecast): Promise<boolean> {
  const forecast = looked.late ? looked : null;
  if (isDeepStrictEqual(review.forecast ?? null, forecast)) return false;
  const { _id, version } = review;
  const { modifiedCount } = await ReviewModel.updateOne({ _id, version }, { $set: { forecast } });
  return modifiedCount > 0 && Boolean(review.forecast) !== looked.late;
}

/** What was said of those that have ended, stand still or are late by now is not said any more. */
export async function forgetForecasts(at: Date): Promise<number> {
  const over: Types.ObjectId[] = [];
  // By due date: the index holds those that were said to be late, and nothing else.
  for (const dueAt of [null, { $gt: new Date(0) }]) {
    const said = ReviewModel.find({ 'forecast.late': true, dueAt }, { status: 1, dueAt: 1 })
      .lean<Array<Pick<ReviewRecord, '_id' | 'status' | 'dueAt'>>>()
      .cursor({ batchSize: 500 });
    for await (const { _id, status, dueAt: due } of said)
      if (!due || due <= at || !(RUNNING as readonly string[]).includes(status)) over.push(_id);
  }
  if (over.length === 0) return 0;
  const { modifiedCount } = await ReviewModel.updateMany(
    { _id: { $in: over } },
    { $set: { forecast: null } },
  );
  return modifiedCount;
}
