import { allCaseIds, findCase, setProjection } from '../cases/index.js';
import type { PublishedEvent } from '../events/index.js';
import { isOpenRequest, materialRequestsOfCase } from '../materials/index.js';
import { reportsOfCase } from '../reports/index.js';
import { getReview, heldSince, reviewsOfCase } from '../reviews/index.js';
import { getSlide, isRefusedAfterSending, slidesOfCase } from '../slides/index.js';
import { projectCase } from './project-case.js';

/** Gathers the facts of a case and writes what lists show. Idempotent; `relecture rebuild` runs it over all. */
export async function refreshProjection(caseId: string): Promise<void> {
  const caseRecord = await findCase(caseId);
  // A draft that was deleted: its slides' events come after it.
  if (!caseRecord) return;
  const [reviews, slides, requests, reports] = await Promise.all([
    reviewsOfCase(caseRecord._id),
    slidesOfCase(caseRecord._id),
    materialRequestsOfCase(caseRecord._id),
    reportsOfCase(caseRecord._id),
  ]);
  const projection = projectCase({
    status: caseRecord.status,
    party: caseRecord.party,
    since: caseRecord.since,
    createdByName: caseRecord.createdBy.displayName,
    reviews: reviews.map((review) => ({
      status: review.status,
      party: review.party,
      since: heldSince(review),
      dueAt: review.dueAt,
      reviewerName: review.assignment?.reviewer.displayName ?? review.centre?.name ?? null,
      lacks: review.lacks,
    })),
    refusedSlides: slides.filter((slide) => isRefusedAfterSending(slide, caseRecord.submittedAt)).length,
    openMaterialRequests: requests.filter(isOpenRequest).length,
    unreadReports: reports.filter(({ readBySenderAt }) => readBySenderAt === null).length,
  });
  await setProjection(caseId, projection);
}

/** The case that any event is about. */
export async function caseIdOf({
  kind,
  recordId,
  entry,
}: Pick<PublishedEvent, 'kind' | 'recordId' | 'entry'>): Promise<string> {
  if (kind === 'case') return recordId;
  if (kind === 'message') return String(entry.params.caseId);
  if (kind === 'review') return String((await getReview(recordId)).caseId);
  return String((await getSlide(recordId)).caseId);
}

export async function rebuildProjections(): Promise<number> {
  let rebuilt = 0;
  for await (const caseId of allCaseIds()) {
    await refreshProjection(caseId);
    rebuilt += 1;
  }
  return rebuilt;
}
