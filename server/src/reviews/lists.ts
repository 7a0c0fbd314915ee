import type { ReviewStatus } from '@relecture/shared/events/status.js';
import { COUNT_MAX } from '@relecture/shared/http/page.js';
import { FIGURE_MAX } from '@relecture/shared/monitoring/schema.js';
import type { listReviewsQuery } from '@relecture/shared/reviews/schema.js';
import { Types } from 'mongoose';
import type { z } from 'zod';
import { dayAfter, now, startOfDay } from '../platform/clock.js';
import { decodeDateCursor, encodeCursor } from '../platform/cursor.js';
import { hasRole, type Principal } from '../platform/principal.js';
import { listReadersOf } from '../users/index.js';
import { ReviewModel, type ReviewRecord } from './model.js';
import { ENDED } from './policy.js';

export type ReviewListFilter = Omit<z.output<typeof listReviewsQuery>, 'after' | 'limit'>;

const OPEN_STATUSES: ReviewStatus[] = [
  'routed',
  'admitted',
  'assigned',
  'in_review',
  'on_hold',
  'preliminary',
];

/** Reviews without a due date come last: they sort as the far future. */
const FAR = new Date('9999-12-31T00:00:00Z');

interface ReviewList {
  items: ReviewRecord[];
  next: string | null;
  total: number | null;
}
type Query = Record<string, unknown>;

/** Which reviews a list may show; null when there are none by right. */
async function queryOf(filter: ReviewListFilter, principal: Principal): Promise<Query | null> {
  const query: Query = {};
  const own = principal.networks
    .filter(({ as }) => filter.scope !== 'network' || as === 'coordinator')
    .map(({ networkId }) => networkId);
  const networks = filter.networkId ? own.filter((networkId) => networkId === filter.networkId) : own;
  const statuses = filter.status ? [filter.status] : filter.open === 'false' ? [...ENDED] : OPEN_STATUSES;

  if (filter.scope === 'mine') {
    // A preparer's worklist is that of the experts of the house: they see what those see.
    query['assignment.reviewerId'] =
      hasRole(principal, 'reviewer') || !hasRole(principal, 'preparer')
        ? new Types.ObjectId(principal.id)
        : { $in: await listReadersOf(principal.organisationId) };
    if (filter.networkId) query.networkId = filter.networkId;
  } else {
    if (networks.length === 0 && !(filter.scope === 'network' && principal.national)) return null;
    if (filter.scope === 'network' && principal.national) {
      if (filter.networkId) query.networkId = filter.networkId;
    } else query.networkId = { $in: networks };
    if (filter.reviewerId) query['assignment.reviewerId'] = new Types.ObjectId(filter.reviewerId);
  }
  query.status = filter.scope === 'unassigned' ? 'admitted' : { $in: statuses };
  if (filter.scope === 'unassigned') {
    const home = new Types.ObjectId(principal.organisationId);
    query.organisationId = { $ne: home };
    // Given to a centre, it is free for the readers of that centre alone.
    query['centre.organisationId'] = { $in: [null, home] };
  }
  if (filter.overdue) query.dueAt = { $lt: now(), $ne: null };
  if (filter.risk) {
    query['forecast.late'] = true;
    query.dueAt = { $gt: now() };
  }
  if (filter.session) {
    query.status = 'signed';
    query['ladder.session'] = true;
    query.discussed = filter.session === 'discussed' ? { $ne: null } : null;
  }
  // Of those opened then, ended or not.
  if ((filter.openedFrom || filter.openedTo) && !filter.status) delete query.status;
  return { ...query, ...factsOf(filter) };
}

const DAY_MS = 86_400_000;

/** Both days included; null: without that end. */
const days = (first: string | undefined, last: string | undefined): Stretch => ({
  from: first ? startOfDay(first) : null,
  to: last ? startOfDay(dayAfter(last)) : null,
});

/** What a figure was made of: where it leads. */
function factsOf(filter: ReviewListFilter): Query {
  const query: Query = {};
  if (filter.intent) query.intent = filter.intent;
  if (filter.agreement) query['outcome.agreement'] = filter.agreement;
  if (filter.region) query.region = filter.region;
  if (filter.site) query['summary.primarySite'] = { $gte: filter.site, $lt: `${filter.site}~` };
  if (filter.asked) query['timeline.event'] = 'review.material-asked';
  if (filter.ageFrom !== undefined || filter.ageTo !== undefined) {
    const ago = (count: number) => new Date(now().getTime() - count * DAY_MS);
    query.submittedAt = within({
      from: filter.ageTo === undefined ? null : ago(filter.ageTo),
      to: filter.ageFrom ? ago(filter.ageFrom) : null,
    });
  }
  if (filter.signedFrom || filter.signedTo) {
    query.status = 'signed';
    query.signedAt = { $ne: null, ...within(days(filter.signedFrom, filter.signedTo)) };
  }
  if (filter.openedFrom || filter.openedTo) {
    query.createdAt = within(days(filter.openedFrom, filter.openedTo));
  }
  return query;
}

/** The latest first, by a date that each of them has: what figures over months are made of. */
async function latestFirst(
  field: 'signedAt' | 'createdAt',
  query: Query,
  after: string | undefined,
  limit: number,
): Promise<ReviewRecord[]> {
  const from = after ? decodeDateCursor(after) : null;
  return await ReviewModel.find({
    ...query,
    ...(from
      ? { $or: [{ [field]: { $lt: from.date } }, { [field]: from.date, _id: { $lt: from.last } }] }
      : {}),
  })
    .sort({ [field]: -1, _id: -1 })
    .limit(limit)
    .lean<ReviewRecord[]>();
}

async function oldestFirst(query: Query, after: string | undefined, limit: number): Promise<ReviewRecord[]> {
  const from = after ? decodeDateCursor(after) : null;
  return await ReviewModel.find({
    ...query,
    ...(from
      ? { $or: [{ submittedAt: { $gt: from.date } }, { submittedAt: from.date, _id: { $gt: from.last } }] }
      : {}),
  })
    .sort({ submittedAt: 1, _id: 1 })
    .limit(limit)
    .lean<ReviewRecord[]>();
}

/** Null sorts first in MongoDB: the few reviews without a due date are fetched after the dated ones. */
async function dueFirst(query: Query, after: string | undefined, limit: number): Promise<ReviewRecord[]> {
  const onlyDated = 'dueAt' in query;
  const rest = { ...query };
  if (after) {
    const { date, last } = decodeDateCursor(after);
    rest.$or =
      date.getTime() === FAR.getTime()
        ? [{ dueAt: null, _id: { $gt: last } }]
        : [{ dueAt: { $gt: date } }, { dueAt: date, _id: { $gt: last } }, { dueAt: null }];
  }
  const dated = await ReviewModel.find({ ...rest, ...(onlyDated ? {} : { dueAt: { $ne: null } }) })
    .sort({ dueAt: 1, _id: 1 })
    .limit(limit)
    .lean<ReviewRecord[]>();
  const room = limit - dated.length;
  if (room === 0 || onlyDated) return dated;
  const undated = await ReviewModel.find({ ...rest, dueAt: null })
    .sort({ _id: 1 })
    .limit(room)
    .lean<ReviewRecord[]>();
  return [...dated, ...undated];
}

const orderOf = (filter: ReviewListFilter) =>
  filter.signedFrom || filter.signedTo
    ? 'signedAt'
    : filter.openedFrom || filter.openedTo
      ? 'createdAt'
      : filter.sort === 'age'
        ? 'submittedAt'
        : 'dueAt';

/**
 * Sorted by what is due first, or by age: how long the patient has waited, whatever the level. `mine` is the worklist, `unassigned` the network's admitted reviews nobody
 * has, `network` everything a coordinator (or reader) of the network may see. The total comes with the first page.
 */
export async function listReviews(
  filter: ReviewListFilter,
  principal: Principal,
  after: string | undefined,
  limit: number,
): Promise<ReviewList> {
  const query = await queryOf(filter, principal);
  if (query === null) return { items: [], next: null, total: 0 };
  const order = orderOf(filter);
  const [found, total] = await Promise.all([
    order === 'dueAt'
      ? dueFirst(query, after, limit + 1)
      : order === 'submittedAt'
        ? oldestFirst(query, after, limit + 1)
        : latestFirst(order, query, after, limit + 1),
    after ? null : ReviewModel.countDocuments(query, { limit: COUNT_MAX + 1 }),
  ]);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const at = last && (last[order] ?? FAR);
  const next = found.length > limit && last && at ? encodeCursor([at.toISOString(), String(last._id)]) : null;
  return { items, next, total };
}

/** Open reviews whose next warning has come, and those never looked at since they were given. */
export async function* reviewsToWarn(at: Date): AsyncGenerator<ReviewRecord> {
  for (const status of OPEN_STATUSES) {
    for (const warnAt of [null, { $lte: at }]) {
      yield* ReviewModel.find({ status, warnAt, dueAt: { $ne: null } })
        .lean<ReviewRecord[]>()
        .cursor({ batchSize: 100 }) as AsyncIterable<ReviewRecord>;
    }
  }
}

/** Given, and not opened by the day it should have been. */
export async function* reviewsToOpen(at: Date): AsyncGenerator<ReviewRecord> {
  yield* ReviewModel.find({ status: 'assigned', openBy: { $lte: at } })
    .lean<ReviewRecord[]>()
    .cursor({ batchSize: 100 }) as AsyncIterable<ReviewRecord>;
}

/** When to look at its due date again, unless it moved on meanwhile. */
export async function lookAgainAt({ _id, version }: ReviewRecord, warnAt: Date): Promise<void> {
  await ReviewModel.updateOne({ _id, version }, { $set: { warnAt } });
}

/** Given to a centre whose readers have not chosen by the day they should have. */
export async function* reviewsOfCentresToTake(at: Date): AsyncGenerator<ReviewRecord> {
  yield* ReviewModel.find({ status: 'admitted', openBy: { $lte: at } })
    .lean<ReviewRecord[]>()
    .cursor({ batchSize: 100 }) as AsyncIterable<ReviewRecord>;
}

/** What a person has to read now, what is due first first; of these networks, or of all. */
export async function openReviewsOf(
  reviewerId: string,
  networkIds: readonly string[] | null,
  limit: number,
): Promise<ReviewRecord[]> {
  return await ReviewModel.find({
    'assignment.reviewerId': new Types.ObjectId(reviewerId),
    status: { $in: ['assigned', 'in_review', 'on_hold', 'preliminary'] },
    ...(networkIds ? { networkId: { $in: networkIds } } : {}),
  })
    .sort({ dueAt: 1, _id: 1 })
    .limit(limit)
    .lean<ReviewRecord[]>();
}

/** Open reviews each person has now; an urgent one weighs two. */
export async function openLoads(reviewerIds: readonly Types.ObjectId[]): Promise<Map<string, number>> {
  const rows = await ReviewModel.aggregate<{ _id: Types.ObjectId; load: number }>([
    {
      $match: {
        'assignment.reviewerId': { $in: [...reviewerIds] },
        status: { $in: ['assigned', 'in_review', 'on_hold', 'preliminary'] },
      },
    },
    {
      $group: {
        _id: '$assignment.reviewerId',
        load: { $sum: { $cond: [{ $eq: ['$urgency', 'urgent'] }, 2, 1] } },
      },
    },
  ]);
  return new Map(rows.map(({ _id, load }) => [String(_id), load]));
}

/** Who read, or reads, these cases for a network. */
export async function readersOfCases(
  caseIds: readonly Types.ObjectId[],
  networkId: string,
): Promise<Set<string>> {
  if (caseIds.length === 0) return new Set();
  const found = await ReviewModel.find(
    { caseId: { $in: caseIds }, networkId, assignment: { $ne: null }, status: { $ne: 'cancelled' } },
    { 'assignment.reviewerId': 1 },
  )
    .limit(100)
    .lean<ReviewRecord[]>();
  return new Set(found.map(({ assignment }) => String(assignment?.reviewerId)));
}

const LATEST_SIGNED = 200;

/** Who signed last for an organisation in a network. */
export async function readersForOrganisation(
  { organisationId, networkId }: Pick<ReviewRecord, 'organisationId' | 'networkId'>,
  since: Date,
): Promise<Set<string>> {
  const found = await ReviewModel.find(
    { organisationId, networkId, signedAt: { $gte: since } },
    { 'assignment.reviewerId': 1 },
  )
    .sort({ signedAt: -1 })
    .limit(LATEST_SIGNED)
    .lean<ReviewRecord[]>();
  return new Set(found.flatMap(({ assignment }) => (assignment ? [String(assignment.reviewerId)] : [])));
}

/** Every reading of a network opened within a stretch of time, oldest first; null: without an end. */
export async function* reviewsOpenedBetween(
  networkId: string,
  from: Date | null,
  to: Date | null,
  batchSize: number,
): AsyncGenerator<ReviewRecord> {
  const createdAt = { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) };
  yield* ReviewModel.find({ networkId, ...(from || to ? { createdAt } : {}) })
    .sort({ createdAt: 1 })
    .lean<ReviewRecord[]>()
    .cursor({ batchSize });
}

/** Every reading that a network signed within a stretch of time, in the order of their signatures. */
export async function* reviewsSignedBetween(
  networkId: string,
  from: Date,
  to: Date,
  batchSize: number,
): AsyncGenerator<ReviewRecord> {
  yield* ReviewModel.find({ networkId, signedAt: { $gte: from, $lt: to } })
    .sort({ signedAt: 1, _id: 1 })
    .lean<ReviewRecord[]>()
    .cursor({ batchSize });
}

/** Open readings of these networks, of one status, submitted within a stretch of time; 10,001 for any number above 10,000. */
export const countOpen = (
  networkIds: readonly string[],
  {
    status,
    dueBefore,
    probablyLateAt,
    submitted,
  }: { status?: ReviewStatus; dueBefore?: Date; probablyLateAt?: Date; submitted?: Stretch },
): Promise<number> =>
  ReviewModel.countDocuments(
    {
      networkId: { $in: [...networkIds] },
      status: status ?? { $in: OPEN_STATUSES },
      ...(dueBefore ? { dueAt: { $lt: dueBefore, $ne: null } } : {}),
      ...(probablyLateAt ? { 'forecast.late': true, dueAt: { $gt: probablyLateAt } } : {}),
      ...(submitted ? { submittedAt: within(submitted) } : {}),
    },
    { limit: FIGURE_MAX + 1 },
  ).exec();

/** From an instant to another, that one not included; either may be missing. */
interface Stretch {
  from?: Date | null;
  to?: Date | null;
}

const within = ({ from, to }: Stretch) => ({ ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) });

export const countOpenedBetween = (networkId: string, from: Date, to: Date): Promise<number> =>
  ReviewModel.countDocuments({ networkId, createdAt: within({ from, to }) }).exec();

export const countReviews = (): Promise<number> => ReviewModel.estimatedDocumentCount().exec();

/** When each reading of a network was opened. */
export async function* openedSince(networkId: string, from: Date): AsyncGenerator<Date> {
  const found = ReviewModel.find({ networkId, createdAt: { $gte: from } }, { createdAt: 1, _id: 0 })
    .lean<ReviewRecord[]>()
    .cursor({ batchSize: 1000 });
  for await (const { createdAt } of found) yield createdAt;
}

/** What figures are made of: no text, no identity. */
export interface SignedFact {
  readonly intent: ReviewRecord['intent'];
  readonly submittedAt: Date;
  readonly signedAt: Date;
  readonly agreement: string | null;
  /** Of the sender. */
  readonly region: string;
  readonly site: string | null;
  readonly reviewerId: string | null;
  /** Material was asked of the sender at least once. */
  readonly asked: boolean;
}

const FACTS = {
  intent: 1,
  submittedAt: 1,
  signedAt: 1,
  outcome: 1,
  region: 1,
  'summary.primarySite': 1,
  'assignment.reviewerId': 1,
  'timeline.event': 1,
  _id: 0,
} as const;

/** In the order of their signatures; without an end when `to` is null. */
export async function* signedBetween(
  networkId: string,
  from: Date,
  to: Date | null,
): AsyncGenerator<SignedFact> {
  const found = ReviewModel.find({ networkId, signedAt: within({ from, to }) }, FACTS)
    .sort({ signedAt: 1 })
    .lean<(ReviewRecord & { signedAt: Date })[]>()
    .cursor({ batchSize: 1000 });
  for await (const review of found) {
    const { intent, submittedAt, signedAt, region } = review;
    yield {
      intent,
      submittedAt,
      signedAt,
      agreement: review.outcome?.agreement ?? null,
      region,
      site: review.summary?.primarySite ?? null,
      reviewerId: review.assignment ? String(review.assignment.reviewerId) : null,
      asked: (review.timeline ?? []).some(({ event }) => event === 'review.material-asked'),
    };
  }
}
