import { isDeepStrictEqual } from 'node:util';
import { listen } from '../events/index.js';
import { listNetworks } from '../networks/index.js';
import { calendarDay, dayAfter, startOfDay } from '../platform/clock.js';
import type { Logger } from '../platform/log.js';
import {
  countOpenedBetween,
  countReviews,
  getReview,
  openedSince,
  type SignedFact,
  signedBetween,
} from '../reviews/index.js';
import { ActivityModel, type ActivityRecord, GroupsModel, type GroupsRecord } from './activity-model.js';
import { type DayOfWork, dayOfWork, type Group } from './board.js';

/** How far back the nightly comparison looks: what a board, and a year's report beside it, are made of. */
const COMPARED_DAYS = 400;
const DAY_MS = 86_400_000;
/** Raised whenever the records hold something more: then all of them are made again. */
const FORM = 3;

export function listenToMonitoringEvents(): void {
  listen(
    'monitoring.activity',
    ['review.routed', 'review.signed', 'review.correction-signed'],
    async ({ entry, recordId }) => {
      const { networkId, createdAt, signedAt } = await getReview(recordId);
      const at = entry.event === 'review.routed' ? createdAt : signedAt;
      if (at) await readDay(networkId, calendarDay(at));
    },
  );
}

/** Looked at anew, not counted on: an event that is heard twice, or late, gives the same figures. */
async function readDay(networkId: string, day: string): Promise<void> {
  const readAt = new Date();
  const from = startOfDay(day);
  const to = startOfDay(dayAfter(day));
  const opened = await countOpenedBetween(networkId, from, to);
  const signed: SignedFact[] = [];
  for await (const fact of signedBetween(networkId, from, to)) signed.push(fact);
  await keep({ networkId, readAt, ...dayOfWork(day, opened, signed) });
}

interface Looked extends DayOfWork {
  networkId: string;
  readAt: Date;
}

/** What is told apart first: the day itself says that both are there. */
async function keep({ groups, ...plain }: Looked): Promise<void> {
  const { networkId, day, readAt } = plain;
  await unlessLater(() =>
    GroupsModel.replaceOne(
      { networkId, day, readAt: { $lte: readAt } },
      { networkId, day, readAt, groups },
      { upsert: true },
    ).exec(),
  );
  await unlessLater(() =>
    ActivityModel.replaceOne(
      { networkId, day, readAt: { $lte: readAt } },
      { ...plain, form: FORM },
      { upsert: true },
    ).exec(),
  );
}

async function unlessLater(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    // Somebody looked later and has written already: theirs holds all that ours does.
    if ((error as { code?: unknown }).code !== 11000) throw error;
  }
}

/** From a day on, in no order; without what the readings are told apart by. */
export const readActivity = (networkIds: readonly string[], firstDay: string): Promise<ActivityRecord[]> =>
  ActivityModel.find({ networkId: { $in: [...networkIds] }, day: { $gte: firstDay } }, { _id: 0 })
    .lean<ActivityRecord[]>()
    .exec();

/** What each day from one on says of each region, site or reviewer. */
export async function readGroups(
  networkIds: readonly string[],
  firstDay: string,
  by: keyof DayOfWork['groups'],
): Promise<Group[]> {
  const days = await GroupsModel.find(
    { networkId: { $in: [...networkIds] }, day: { $gte: firstDay } },
    { _id: 0, [`groups.${by}`]: 1 },
  ).lean<Array<Pick<GroupsRecord, 'groups'>>>();
  return days.flatMap(({ groups }) => groups[by]);
}

/**
 * Whether every reading is in the figures of its day: not so on the store of an earlier version, nor when the first
 * comparison of one was cut short.
 */
export async function isActivityWhole(): Promise<boolean> {
  const [kept] = await ActivityModel.aggregate<{ opened: number }>([
    { $group: { _id: null, opened: { $sum: { $cond: [{ $eq: ['$form', FORM] }, '$opened', 0] } } } },
  ]);
  return (kept?.opened ?? 0) === (await countReviews());
}

/**
 * Reads every reading since `from` once, in a stream, and puts right each day whose kept figures differ from it.
 * Answers how many days were compared and how many were put right.
 */
export async function compareActivity(from: Date): Promise<{ compared: number; corrected: number }> {
  let compared = 0;
  let corrected = 0;
  const firstDay = calendarDay(from);
  for (const { id: networkId } of listNetworks()) {
    const readAt = new Date();
    const found = await readDays(networkId, startOfDay(firstDay));
    const kept = await ActivityModel.find({ networkId, day: { $gte: firstDay } }).lean<ActivityRecord[]>();
    const before = new Map(kept.map((record) => [record.day, record]));
    const apart = await GroupsModel.find({ networkId, day: { $gte: firstDay } }).lean<GroupsRecord[]>();
    const groupsBefore = new Map(apart.map(({ day, groups }) => [day, groups]));
    for (const day of new Set([...found.keys(), ...before.keys()])) {
      compared += 1;
      const right = found.get(day) ?? dayOfWork(day, 0, []);
      if (isDeepStrictEqual(right, figuresOf(before.get(day), groupsBefore.get(day)))) continue;
      corrected += 1;
      await keep({ networkId, readAt, ...right });
    }
  }
  return { compared, corrected };
}

async function readDays(networkId: string, from: Date): Promise<Map<string, DayOfWork>> {
  const opened = new Map<string, number>();
  for await (const at of openedSince(networkId, from)) {
    const day = calendarDay(at);
    opened.set(day, (opened.get(day) ?? 0) + 1);
  }
  const days = new Map([...opened].map(([day, count]) => [day, dayOfWork(day, count, [])]));
  let facts: SignedFact[] = [];
  const close = () => {
    const [first] = facts;
    if (!first) return;
    const day = calendarDay(first.signedAt);
    days.set(day, dayOfWork(day, opened.get(day) ?? 0, facts));
    facts = [];
  };
  // In the order of their signatures: the readings of one day are in memory at a time.
  let end = new Date(0);
  for await (const fact of signedBetween(networkId, from, null)) {
    if (fact.signedAt >= end) {
      close();
      end = startOfDay(dayAfter(calendarDay(fact.signedAt)));
    }
    facts.push(fact);
  }
  close();
  return days;
}

function figuresOf(
  record: ActivityRecord | undefined,
  groups: DayOfWork['groups'] | undefined,
): DayOfWork | null {
  // One of an earlier make is not like any that is made now.
  if (!record || !groups || record.form !== FORM) return null;
  const { day, opened, tenths, systematic, advice, asked } = record;
  return { day, opened, tenths, systematic, advice, asked, groups };
}

/** The nightly job; from the beginning when the figures are not whole. */
export async function compareRecentActivity(log: Logger): Promise<void> {
  const answer = await compareActivity(
    (await isActivityWhole()) ? new Date(Date.now() - COMPARED_DAYS * DAY_MS) : new Date(0),
  );
  if (answer.corrected > 0) log.warn(answer, 'figures differed from the readings and were put right');
  else log.info(answer, 'figures compared with the readings');
}
