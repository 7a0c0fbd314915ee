import type { sessionBody } from '@relecture/shared/reviews/schema.js';
import { type AnyKeys, Types } from 'mongoose';
import type { z } from 'zod';
import { type CaseRecord, getCase, letNetworkIn, replaceReaders } from '../cases/index.js';
import { firstEntry, publishRecord, transition } from '../events/index.js';
import { recordAccess } from '../platform/access-log.js';
import { calendarDay, now } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { getUser } from '../users/index.js';
import { ReviewModel, type ReviewRecord } from './model.js';
import { isOpen, mayAssign, maySeeReview } from './policy.js';

/** @throws {ProblemError} NOT_FOUND */
export async function getReview(reviewId: string | Types.ObjectId): Promise<ReviewRecord> {
  const review = Types.ObjectId.isValid(reviewId)
    ? await ReviewModel.findById(reviewId).lean<ReviewRecord>()
    : null;
  if (!review) throw new ProblemError('NOT_FOUND');
  return review;
}

/** The review and its case, when the principal may see the case; NOT_FOUND otherwise. */
export async function seeReview(
  reviewId: string | Types.ObjectId,
  principal: Principal,
): Promise<{ review: ReviewRecord; caseRecord: CaseRecord }> {
  const review = await getReview(reviewId);
  const caseRecord = await getCase(review.caseId);
  if (!maySeeReview(caseRecord, principal)) throw new ProblemError('NOT_FOUND');
  return { review, caseRecord };
}

export const reviewsOfCase = (caseId: string | Types.ObjectId): Promise<ReviewRecord[]> =>
  ReviewModel.find({ caseId }).sort({ createdAt: 1, _id: 1 }).limit(50).lean<ReviewRecord[]>().exec();

export async function caseIdsOfReviews(reviewIds: readonly string[]): Promise<Map<string, string>> {
  const found = await ReviewModel.find({ _id: { $in: reviewIds } }, { caseId: 1 }).lean<
    Array<Pick<ReviewRecord, '_id' | 'caseId'>>
  >();
  return new Map(found.map(({ _id, caseId }) => [String(_id), String(caseId)]));
}

/**
 * Opens the reading of a case by a network. Idempotent: the same case, network and level is the same review, so a
 * handler that runs again after a crash opens nothing twice.
 */
export async function openReview(
  caseRecord: CaseRecord,
  networkId: string,
  level: 2 | 3,
  by: Principal | null,
): Promise<ReviewRecord> {
  await letNetworkIn(caseRecord._id, networkId);
  const found = await ReviewModel.findOne({ caseId: caseRecord._id, networkId, level }).lean<ReviewRecord>();
  if (found) return found;
  const _id = new Types.ObjectId();
  try {
    await ReviewModel.create({
      _id,
      ...firstEntry(
        'review.routed',
        'routed',
        caseRecord.party === 'transfer' ? 'transfer' : 'admission',
        by,
        { networkId },
      ),
      status: 'routed',
      caseId: caseRecord._id,
      caseNumber: caseRecord.number,
      networkId,
      level,
      intent: caseRecord.content.intent ?? 'advice',
      urgency: caseRecord.content.urgency,
      organisationId: caseRecord.organisationId,
      organisationName: caseRecord.organisationName,
      region: caseRecord.region,
      summary: {
        primarySite: caseRecord.content.primarySite,
        morphology: caseRecord.content.firstDiagnosis?.morphology ?? null,
        diagnosisText: caseRecord.content.firstDiagnosis?.text ?? null,
        question: caseRecord.content.question,
        slideCount: 0,
        stains: [],
        slideIds: [],
        parcel: null,
      },
      submittedAt: caseRecord.submittedAt ?? now(),
    });
  } catch (error) {
    if ((error as { code?: number }).code !== 11000) throw error;
    const other = await ReviewModel.findOne({
      caseId: caseRecord._id,
      networkId,
      level,
    }).lean<ReviewRecord>();
    if (!other) throw error;
    return other;
  }
  await recordAccess({
    actorId: by?.id ?? null,
    action: 'review.routed',
    recordKind: 'review',
    recordId: String(_id),
  });
  await publishRecord('review', String(_id));
  return await getReview(_id);
}

/** Facts beside the status (slide list, read marks); never the status itself. */
export async function updateReviewFacts(
  reviewId: string | Types.ObjectId,
  set: AnyKeys<Omit<ReviewRecord, 'status' | 'timeline' | 'party'>>,
): Promise<void> {
  await ReviewModel.updateOne({ _id: reviewId }, { $set: { ...set, updatedAt: now() } });
}

/** Who may see the identity follows from who reads: rebuilt from the case's reviews after each change. */
export async function refreshReaders(caseId: Types.ObjectId): Promise<void> {
  await replaceReaders(caseId, async () => {
    const readers: Array<{ userId: string; organisationId: string }> = [];
    for (const review of await reviewsOfCase(caseId)) {
      if (!review.assignment || review.status === 'cancelled') continue;
      const user = await getUser(review.assignment.reviewerId);
      if (user) readers.push({ userId: String(user._id), organisationId: String(user.organisationId) });
    }
    return readers;
  });
}

/** The reader opens the case, or one of its slides: the first time the review is in reading. */
export async function markOpened(
  review: ReviewRecord,
  slideId: string | null,
  by: Principal,
): Promise<ReviewRecord> {
  if (slideId && !review.readSlideIds.some((id) => String(id) === slideId)) {
    await ReviewModel.updateOne(
      { _id: review._id },
      { $addToSet: { readSlideIds: new Types.ObjectId(slideId) } },
    );
  }
  if (review.status !== 'assigned' || !review.assignment) return await getReview(review._id);
  const at = now();
  return await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: 'review.opened',
    from: ['assigned'],
    to: 'in_review',
    // As long as a parcel travels, nobody's looking makes it arrive.
    party: review.party === 'transfer' ? 'same' : 'reviewer',
    by,
    // Opening is accepting: nobody reads a case they have not taken.
    set: {
      openedAt: at,
      assignment: { ...review.assignment, acceptedAt: review.assignment.acceptedAt ?? at },
    },
  });
}

/** The collegial session has discussed it. The report stands: what the session changes is a new version, by its reader. */
export async function markDiscussed(
  reviewId: string,
  { on, reason }: z.output<typeof sessionBody>,
  by: Principal,
): Promise<ReviewRecord> {
  const { review } = await seeReview(reviewId, by);
  if (!mayAssign(review, by)) throw new ProblemError('FORBIDDEN');
  if (!review.ladder?.session || review.discussed) throw new ProblemError('STATUS_CONFLICT');
  if (on > calendarDay(now()) || on < calendarDay(review.signedAt ?? now()))
    throw new ProblemError('INVALID_INPUT', {
      fields: [{ path: 'on', code: 'session_date', message: 'session_date' }],
    });
  return await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: 'review.session-discussed',
    from: ['signed'],
    to: 'same',
    party: 'same',
    by,
    params: { on, reason },
    set: {
      discussed: {
        on,
        by: { id: by.id, displayName: by.displayName, organisation: by.organisationName },
      },
    },
    version: review.version,
  });
}

/** The sender withdrew the case: its open readings end, signed ones stay; why it was withdrawn stays on the case. */
export async function cancelOpenReviews(caseId: Types.ObjectId): Promise<void> {
  for (const review of await reviewsOfCase(caseId)) {
    if (!isOpen(review)) continue;
    await transition<ReviewRecord>({
      kind: 'review',
      id: review._id,
      event: 'review.cancelled',
      from: [review.status],
      to: 'cancelled',
      party: 'none',
      by: null,
    });
  }
}

const wantsThird = ({ level, status, ladder }: ReviewRecord): boolean =>
  level === 2 && status === 'signed' && ladder?.next === 'third';

/** A second reading that does not close the case: the coordinating centre reads it too. Idempotent. */
export async function openThirdReading(reviewId: string): Promise<void> {
  const review = await getReview(reviewId);
  if (!wantsThird(review)) return;
  await openReview(await getCase(review.caseId), review.networkId, 3, null);
}

/** When each reading of a case has ended, the case is completed. */
export async function completeCaseIfRead(caseId: Types.ObjectId): Promise<void> {
  const reviews = await reviewsOfCase(caseId);
  if (
    reviews.length === 0 ||
    reviews.some(isOpen) ||
    reviews.every((review) => review.status === 'cancelled')
  )
    return;
  // Its third reading may be about to open, after a crash too.
  const reads = (level: 2 | 3) => reviews.filter((review) => review.level === level);
  if (
    reads(2).some(
      (review) => wantsThird(review) && !reads(3).some(({ networkId }) => networkId === review.networkId),
    )
  )
    return;
  const caseRecord = await getCase(caseId);
  if (caseRecord.status !== 'routed') return;
  await transition<CaseRecord>({
    kind: 'case',
    id: caseId,
    event: 'case.completed',
    from: ['routed'],
    to: 'completed',
    party: 'none',
    by: null,
  });
}
