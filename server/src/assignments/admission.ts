import type { CaseRecord } from '../cases/index.js';
import { getCase } from '../cases/index.js';
import { transition } from '../events/index.js';
import { findNetwork } from '../networks/index.js';
import { type ReviewRecord, reviewsOfCase, updateReviewFacts } from '../reviews/index.js';
import { isRefusedAfterSending, type SlideRecord, slidesOfCase } from '../slides/index.js';

/** What a case still lacks before a network admits it; empty when it may be read. */
export function missingForAdmission(
  caseRecord: Pick<CaseRecord, 'content' | 'shipments' | 'attachments' | 'submittedAt'>,
  slides: ReadonlyArray<Pick<SlideRecord, 'status' | 'stain' | 'timeline'>>,
  networkId: string,
): string[] {
  const rules = findNetwork(networkId)?.admission;
  const missing: string[] = [];
  if (rules?.requiresReport && !caseRecord.attachments.some(({ kind }) => kind === 'local_report'))
    missing.push('report');
  // The sender meant to show it: they replace it, or take it off the list.
  if (slides.some((slide) => isRefusedAfterSending(slide, caseRecord.submittedAt)))
    missing.push('slide_refused');
  const alive = slides.filter(({ status }) => !['rejected', 'removed'].includes(status));
  if (alive.some(({ status }) => status !== 'ready')) missing.push('slides_in_preparation');
  const ready = alive.filter(({ status }) => status === 'ready');
  // The slip tells the sender where to send: a parcel is given its expert as soon as it is declared.
  const byPost = caseRecord.shipments.length > 0 && (rules?.acceptsShipment ?? true);
  if (!byPost && ready.length < Math.max(1, rules?.minimumSlides ?? 1)) missing.push('slides');
  return missing;
}

/** Refreshes what lists show of the slides, and admits each routed review whose material is there. Idempotent. */
export async function admitReviews(caseId: string): Promise<void> {
  const caseRecord = await getCase(caseId);
  const slides = await slidesOfCase(caseId);
  const ready = slides.filter(({ status }) => status === 'ready');
  for (const review of await reviewsOfCase(caseId)) {
    await updateReviewFacts(review._id, {
      'summary.slideCount': ready.length,
      'summary.stains': [...new Set(ready.map(({ stain }) => stain).filter(Boolean))],
      'summary.slideIds': ready.map(({ _id }) => _id),
    } as never);
    if (review.status !== 'routed') continue;
    if (missingForAdmission(caseRecord, slides, review.networkId).length > 0) continue;
    await transition<ReviewRecord>({
      kind: 'review',
      id: review._id,
      event: 'review.admitted',
      from: ['routed'],
      to: 'admitted',
      party: 'coordinator',
      by: null,
      params: { slides: ready.length },
    });
  }
}
