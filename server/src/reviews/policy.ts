import {
  type CaseRecord,
  isReader,
  isSender,
  mayReadReason as mayReadCaseReason,
  maySeeCase,
} from '../cases/index.js';
import type { StoredEntry } from '../events/index.js';
import { coordinates, hasRole, type Principal, readsFor } from '../platform/principal.js';
import type { ReviewRecord } from './model.js';

export const ENDED = ['signed', 'cancelled'] as const;
export const isOpen = (review: Pick<ReviewRecord, 'status'>): boolean =>
  !(ENDED as readonly string[]).includes(review.status);

/** The person the review is assigned to now. */
export const isAssignedTo = (review: ReviewRecord, principal: Principal): boolean =>
  review.assignment !== null && String(review.assignment.reviewerId) === principal.id;

/** Reads, annotates, writes and signs: the assigned reviewer, never somebody of the sending organisation. */
export const mayRead = (review: ReviewRecord, principal: Principal): boolean =>
  isAssignedTo(review, principal) &&
  hasRole(principal, 'reviewer') &&
  String(review.organisationId) !== principal.organisationId;

/** A free review of one's network, not from one's own house. */
export const mayTake = (review: ReviewRecord, principal: Principal): boolean =>
  review.assignment === null &&
  hasRole(principal, 'reviewer') &&
  readsFor(principal, review.networkId) &&
  // A centre's own readers choose among themselves.
  (!review.centre || String(review.centre.organisationId) === principal.organisationId) &&
  String(review.organisationId) !== principal.organisationId;

/** The network's coordinator assigns; national coordinators stand in. */
export const mayAssign = (review: ReviewRecord, principal: Principal): boolean =>
  hasRole(principal, 'coordinator') && (coordinates(principal, review.networkId) || principal.national);

const TOLD_TO_COORDINATORS: ReadonlySet<StoredEntry['event']> = new Set([
  'review.admitted',
  'review.declined',
  'review.centre-assigned',
  'review.assigned',
  'review.reassigned',
  'review.session-discussed',
]);

/** Why a reading was admitted anyway, declined, or given to somebody: also for the coordinators, who have to find the next reader. */
export const mayReadReason = (
  entry: Pick<StoredEntry, 'event' | 'by'>,
  review: ReviewRecord,
  caseRecord: CaseRecord,
  principal: Principal,
): boolean =>
  mayReadCaseReason(entry, caseRecord, principal) ||
  (TOLD_TO_COORDINATORS.has(entry.event) && mayAssign(review, principal));

/** Whoever may see the case sees that a review exists and where it is. */
export const maySeeReview = (caseRecord: CaseRecord, principal: Principal): boolean =>
  maySeeCase(caseRecord, principal);

/** Opinion before signature: the assigned reviewer alone. After it: the sender, the readers, the network's coordinators. */
export function maySeeOpinion(review: ReviewRecord, caseRecord: CaseRecord, principal: Principal): boolean {
  if (isAssignedTo(review, principal)) return true;
  if (!['preliminary', 'signed'].includes(review.status) && review.reportId === null) return false;
  return (
    isSender(caseRecord, principal) ||
    isReader(caseRecord, principal) ||
    coordinates(principal, review.networkId)
  );
}
