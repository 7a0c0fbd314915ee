import { room } from '@relecture/shared/events/sockets.js';
import type { Notification } from '@relecture/shared/notifications/schema.js';
import { Types } from 'mongoose';
import { type CaseRecord, findCase } from '../cases/index.js';
import { type PublishedEvent, signal } from '../events/index.js';
import { caseIdOf } from '../overview/index.js';
import { now } from '../platform/clock.js';
import { decodeDateCursor, encodeCursor } from '../platform/cursor.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { getReview, isOpen, type ReviewRecord, reviewsOfCase } from '../reviews/index.js';
import { listAdministrators, listCoordinators, listReviewers } from '../users/index.js';
import { NotificationModel, type NotificationRecord } from './model.js';
import { type Audience, audiencesOf } from './recipients.js';

/** A network whose coordinators have all left is looked after by the national ones. */
async function coordinatorsOf(networkId: string): Promise<string[]> {
  const own = await listCoordinators(networkId);
  return own.length > 0 ? own : await listCoordinators('national');
}

/** A delay is said again to each new reader; the network knows of it since the first time. */
const saidBefore = (review: ReviewRecord, { id, event }: PublishedEvent['entry']): boolean =>
  event === 'review.overdue' && review.timeline.find((each) => each.event === event)?.id !== id;

async function peopleOf(
  audience: Audience,
  { entry }: PublishedEvent,
  caseRecord: CaseRecord,
  review: ReviewRecord | null,
): Promise<string[]> {
  switch (audience) {
    case 'sender':
      return [caseRecord.createdBy.id, ...(caseRecord.submittedBy ? [caseRecord.submittedBy.id] : [])];
    case 'reviewer':
      if (review) return review.assignment ? [String(review.assignment.reviewerId)] : [];
      return caseRecord.access.readerIds.map(String);
    case 'holder':
      if (!review) return [];
      return review.assignment
        ? [String(review.assignment.reviewerId)]
        : await coordinatorsOf(review.networkId);
    case 'centre': {
      const home = review?.centre ? String(review.centre.organisationId) : null;
      if (!review || home === null) return [];
      return (await listReviewers(review.networkId)).flatMap(({ person, organisationId }) =>
        organisationId === home ? [person.id] : [],
      );
    }
    case 'readers_before':
      return (await reviewsOfCase(caseRecord._id)).flatMap((each) =>
        isOpen(each) && each.assignment && each.assignment.assignedAt < entry.at
          ? [String(each.assignment.reviewerId)]
          : [],
      );
    case 'coordinators':
      return review && !saidBefore(review, entry) ? await coordinatorsOf(review.networkId) : [];
    case 'dispatchers':
      return await listCoordinators('national');
    case 'administrators':
      return await listAdministrators();
    case 'choosers': {
      if (caseRecord.status === 'to_dispatch') return await listCoordinators('national');
      const unread = (await reviewsOfCase(caseRecord._id)).filter(
        (each) => isOpen(each) && each.assignment === null,
      );
      return (await Promise.all(unread.map(({ networkId }) => coordinatorsOf(networkId)))).flat();
    }
  }
}

interface Telling {
  readonly sourceId: string;
  readonly event: Notification['event'];
  readonly at: Date;
  readonly caseRecord: CaseRecord;
  readonly review: ReviewRecord | null;
  readonly userIds: readonly string[];
}

/** Writes one line per person; who was told before is not told again. */
export async function tell({ sourceId, event, at, caseRecord, review, userIds }: Telling): Promise<void> {
  for (const userId of new Set(userIds)) {
    const { upsertedId } = await NotificationModel.updateOne(
      { userId: new Types.ObjectId(userId), sourceId },
      {
        $setOnInsert: {
          at,
          event,
          caseId: caseRecord._id,
          caseNumber: caseRecord.number,
          reviewId: review?._id ?? null,
          networkId: review?.networkId ?? null,
          readAt: null,
          mailQueuedAt: null,
        },
      },
      { upsert: true },
    );
    if (!upsertedId) continue;
    signal({ kind: 'notification', id: String(upsertedId), rooms: [room.user(userId)] });
  }
}

/** Tells an event of the path. Idempotent by the entry's id. */
export async function tellEvent(event: PublishedEvent): Promise<void> {
  const caseRecord = await findCase(await caseIdOf(event));
  // A draft that was deleted: its slides' events come after it, and nobody waits for them.
  if (!caseRecord) return;
  const review = event.kind === 'review' ? await getReview(event.recordId) : null;
  // Refused while they were filling in the case: it was said to their face, on the row of the file.
  if (
    event.entry.event === 'slide.rejected' &&
    (caseRecord.submittedAt === null || event.entry.at < caseRecord.submittedAt)
  )
    return;
  const userIds: string[] = [];
  for (const audience of audiencesOf(event.entry.event, event.entry.party))
    userIds.push(...(await peopleOf(audience, event, caseRecord, review)));
  await tell({
    sourceId: event.entry.id,
    event: event.entry.event,
    at: event.entry.at,
    caseRecord,
    review,
    userIds: userIds.filter((userId) => userId !== event.entry.by?.id),
  });
}

/**
 * Puts a mail in the queue for each line that has none yet. The mark comes after the queue has it: a crash between the
 * two sends a second mail, never none.
 */
export async function mailEvent(
  { entry }: PublishedEvent,
  send: (userId: string, caseNumber: string) => Promise<void>,
): Promise<void> {
  const lines = NotificationModel.find({ sourceId: entry.id, mailQueuedAt: null })
    .lean<NotificationRecord[]>()
    .cursor();
  for await (const { _id, userId, caseNumber } of lines) {
    await send(String(userId), caseNumber);
    await NotificationModel.updateOne({ _id }, { $set: { mailQueuedAt: now() } });
  }
}

const present = (record: NotificationRecord): Notification => ({
  id: String(record._id),
  at: record.at.toISOString(),
  event: record.event,
  caseId: String(record.caseId),
  caseNumber: record.caseNumber,
  reviewId: record.reviewId ? String(record.reviewId) : null,
  networkId: record.networkId,
  readAt: record.readAt?.toISOString() ?? null,
});

export async function listNotifications(principal: Principal, after: string | undefined, limit: number) {
  const userId = new Types.ObjectId(principal.id);
  const query: Record<string, unknown> = { userId };
  if (after) {
    const { date, last } = decodeDateCursor(after);
    query.at = { $lte: date };
    query.$or = [{ at: { $lt: date } }, { at: date, _id: { $lt: last } }];
  }
  const found = await NotificationModel.find(query)
    .sort({ at: -1, _id: -1 })
    .limit(limit + 1)
    .lean<NotificationRecord[]>();
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(present),
    next: found.length > limit && last ? encodeCursor([last.at.toISOString(), String(last._id)]) : null,
    unread: await NotificationModel.countDocuments({ userId, readAt: null }),
  };
}

export async function markRead(notificationId: string, principal: Principal): Promise<void> {
  const { matchedCount } = await NotificationModel.updateOne(
    { _id: notificationId, userId: new Types.ObjectId(principal.id) },
    { $set: { readAt: now() } },
  );
  if (matchedCount === 0) throw new ProblemError('NOT_FOUND');
}

export async function markAllRead(principal: Principal): Promise<void> {
  await NotificationModel.updateMany(
    { userId: new Types.ObjectId(principal.id), readAt: null },
    { $set: { readAt: now() } },
  );
}

/** For the demonstration: what is old was read. */
export async function markOldAsRead(before: Date): Promise<void> {
  await NotificationModel.updateMany({ readAt: null, at: { $lt: before } }, [{ $set: { readAt: '$at' } }], {
    updatePipeline: true,
  });
}
