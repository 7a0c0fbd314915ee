import {
  BULK_MAX,
  type BulkAssignBody,
  type BulkChoice,
  type BulkOutcome,
  type BulkPreviewBody,
  bulkResult,
} from '@relecture/shared/assignments/schema.js';
import { type CaseRecord, getCase } from '../cases/index.js';
import { recordAccess } from '../platform/access-log.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { mayAssign, openReviewsOf, type ReviewRecord, seeReview } from '../reviews/index.js';
import { assignByHand, isAssignable, rankCandidates } from './service.js';

const NEAREST = 3;

interface Found {
  review: ReviewRecord;
  caseRecord: CaseRecord;
}

async function foundBy(
  body: BulkPreviewBody,
  principal: Principal,
): Promise<{ found: Found[]; more: boolean }> {
  if ('reviewIds' in body) {
    const found = await Promise.all([...new Set(body.reviewIds)].map((id) => seeReview(id, principal)));
    if (!found.every(({ review }) => mayAssign(review, principal))) throw new ProblemError('FORBIDDEN');
    return { found, more: false };
  }
  const own = principal.networks.flatMap(({ networkId, as }) => (as === 'coordinator' ? [networkId] : []));
  const { networkId } = body;
  if (networkId && !principal.national && !own.includes(networkId)) throw new ProblemError('NOT_FOUND');
  const networkIds = networkId ? [networkId] : principal.national ? null : own;
  const reviews = await openReviewsOf(body.reviewerId, networkIds, BULK_MAX + 1);
  const found = await Promise.all(
    reviews.slice(0, BULK_MAX).map(async (review) => ({ review, caseRecord: await getCase(review.caseId) })),
  );
  return { found, more: reviews.length > BULK_MAX };
}

/**
 * Who would get each reading, and why: the engine's own choice, one after the other, each with the loads that those
 * before it would have made. Whoever has a reading now is not offered it again. Nothing is written.
 */
export async function previewBulk(
  body: BulkPreviewBody,
  principal: Principal,
): Promise<{ items: BulkChoice[]; more: boolean }> {
  const { found, more } = await foundBy(body, principal);
  const foreseen = new Map<string, number>();
  const add = (personId: string, weight: number) =>
    foreseen.set(personId, (foreseen.get(personId) ?? 0) + weight);
  const items: BulkChoice[] = [];
  for (const { review, caseRecord } of found) {
    const holderId = review.assignment && String(review.assignment.reviewerId);
    const others = isAssignable(review)
      ? (await rankCandidates(review, caseRecord, foreseen)).filter(
          ({ reviewer }) => reviewer.id !== holderId,
        )
      : [];
    const to = others.find(({ eligible }) => eligible) ?? null;
    if (to) {
      const weight = review.urgency === 'urgent' ? 2 : 1;
      add(to.reviewer.id, weight);
      if (holderId) add(holderId, -weight);
    }
    items.push({
      reviewId: String(review._id),
      version: review.version,
      caseNumber: review.caseNumber,
      networkId: review.networkId,
      status: review.status,
      urgency: review.urgency,
      from: review.assignment?.reviewer ?? null,
      to,
      blocked: to
        ? null
        : isAssignable(review)
          ? 'nobody'
          : review.status === 'routed'
            ? 'not_admitted'
            : 'ended',
      nearest: to ? [] : others.slice(0, NEAREST),
    });
  }
  return { items, more };
}

const KNOWN: ReadonlySet<string> = new Set(bulkResult.shape.items.element.shape.outcome.options);
const isOutcome = (code: string): code is BulkOutcome => KNOWN.has(code);

/**
 * Each reading by its own passage of the gate, as if it were the only one: one that changed since the preview, or that
 * may not be given so, stays where it is and keeps none of the others back.
 */
export async function assignInBulk(
  { items, reason }: BulkAssignBody,
  principal: Principal,
): Promise<Array<{ reviewId: string; outcome: BulkOutcome }>> {
  const results: Array<{ reviewId: string; outcome: BulkOutcome }> = [];
  for (const { reviewId, reviewerId, version } of items) {
    let outcome: BulkOutcome = 'moved';
    try {
      await assignByHand(reviewId, reviewerId, reason, principal, version);
    } catch (error) {
      if (!(error instanceof ProblemError) || !isOutcome(error.code)) throw error;
      outcome = error.code;
    }
    await recordAccess({
      actorId: principal.id,
      action: 'review.bulk-reassigned',
      recordKind: 'review',
      recordId: reviewId,
      params: { to: reviewerId, outcome },
    });
    results.push({ reviewId, outcome });
  }
  return results;
}
