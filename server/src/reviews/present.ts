import type { Review, ReviewRow } from '@relecture/shared/reviews/schema.js';
import { type CaseRecord, getCase } from '../cases/index.js';
import { presentEntry } from '../events/index.js';
import { now } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import type { ReviewRecord } from './model.js';
import { isOpen, mayReadReason } from './policy.js';

/** Overdue is a mark beside the status: the due date has passed and no final report is signed. */
export const isOverdue = (review: Pick<ReviewRecord, 'dueAt' | 'status'>): boolean =>
  review.dueAt !== null && isOpen(review) && review.dueAt < now();

/** Its timeline as the principal may read it; the same on the case page. */
export const presentReviewTimeline = (review: ReviewRecord, caseRecord: CaseRecord, principal: Principal) =>
  review.timeline.map((entry) => presentEntry(entry, mayReadReason(entry, review, caseRecord, principal)));

const showForecast = (review: ReviewRecord): ReviewRow['forecast'] =>
  review.forecast?.late && isOpen(review) && review.dueAt !== null && !isOverdue(review)
    ? review.forecast
    : null;

/** A review after an act on it, to whoever acted. */
export const showReview = async (review: ReviewRecord, principal: Principal): Promise<Review> =>
  presentReview(review, await getCase(review.caseId), principal);

export const presentReview = (
  review: ReviewRecord,
  caseRecord: CaseRecord,
  principal: Principal,
): Review => ({
  id: String(review._id),
  version: review.version,
  caseId: String(review.caseId),
  caseNumber: review.caseNumber,
  networkId: review.networkId,
  level: review.level,
  status: review.status,
  party: review.party,
  intent: review.intent,
  urgency: review.urgency,
  assignment: review.assignment
    ? {
        reviewer: review.assignment.reviewer,
        assignedAt: review.assignment.assignedAt.toISOString(),
        acceptedAt: review.assignment.acceptedAt?.toISOString() ?? null,
        by: review.assignment.by,
        round: review.assignment.round,
      }
    : null,
  centre: review.centre?.name ?? null,
  dueAt: review.dueAt?.toISOString() ?? null,
  duePaused: Boolean(review.pausedDue),
  overdue: isOverdue(review),
  forecast: showForecast(review),
  openedAt: review.openedAt?.toISOString() ?? null,
  signedAt: review.signedAt?.toISOString() ?? null,
  reportId: review.reportId ? String(review.reportId) : null,
  ladder: review.ladder ?? null,
  discussed: review.discussed ?? null,
  lacks: review.status === 'routed' ? review.lacks : [],
  createdAt: review.createdAt.toISOString(),
  readSlideIds: review.readSlideIds.map(String),
  timeline: presentReviewTimeline(review, caseRecord, principal),
});

/**
 * Since when whoever holds it holds it: a reader from the day it was given to them, though the clock of the readers
 * has run since the first of them. What is measured and what is due never starts again.
 */
export function heldSince({ party, since, assignment }: ReviewRecord): Date {
  return party === 'reviewer' && assignment && assignment.assignedAt > since ? assignment.assignedAt : since;
}

export function presentReviewRow(review: ReviewRecord): ReviewRow {
  const read = new Set(review.readSlideIds.map(String));
  const slideIds = review.summary.slideIds.map(String);
  return {
    id: String(review._id),
    version: review.version,
    caseId: String(review.caseId),
    caseNumber: review.caseNumber,
    networkId: review.networkId,
    level: review.level,
    status: review.status,
    party: review.party,
    intent: review.intent,
    urgency: review.urgency,
    primarySite: review.summary.primarySite,
    morphology: review.summary.morphology,
    diagnosisText: review.summary.diagnosisText,
    question: review.summary.question,
    organisation: review.organisationName,
    slideCount: review.summary.slideCount,
    stains: review.summary.stains,
    parcel: review.summary.parcel ?? null,
    reviewer: review.assignment?.reviewer ?? null,
    centre: review.assignment ? null : (review.centre?.name ?? null),
    acceptedAt: review.assignment?.acceptedAt?.toISOString() ?? null,
    since: heldSince(review).toISOString(),
    createdAt: review.createdAt.toISOString(),
    submittedAt: review.submittedAt.toISOString(),
    dueAt: review.dueAt?.toISOString() ?? null,
    duePaused: Boolean(review.pausedDue),
    overdue: isOverdue(review),
    forecast: showForecast(review),
    signedAt: review.signedAt?.toISOString() ?? null,
    lacks: review.status === 'routed' ? review.lacks : [],
    firstUnreadSlideId: slideIds.find((id) => !read.has(id)) ?? slideIds[0] ?? null,
  };
}
