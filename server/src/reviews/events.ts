import { Types } from 'mongoose';
import { getCase } from '../cases/index.js';
import { listen } from '../events/index.js';
import {
  cancelOpenReviews,
  completeCaseIfRead,
  getReview,
  openThirdReading,
  refreshReaders,
} from './service.js';

export function listenToReviewEvents(): void {
  // Before anybody is told: whoever is let in finds the door open, whoever leaves finds it closed, after a crash too.
  listen(
    'reviews.readers',
    ['review.assigned', 'review.reassigned', 'review.declined', 'review.cancelled'],
    async ({ recordId }) => await refreshReaders((await getReview(recordId)).caseId),
  );
  listen('reviews.cancel-with-case', ['case.withdrawn'], async ({ recordId }) => {
    await cancelOpenReviews(new Types.ObjectId(recordId));
  });
  // Opened in the instant the sender withdrew: it ends as the others did.
  listen('reviews.cancel-late', ['review.routed'], async ({ recordId }) => {
    const { caseId } = await getReview(recordId);
    const { status } = await getCase(caseId);
    if (status === 'withdrawn') await cancelOpenReviews(caseId);
  });
  listen('reviews.third-reading', ['review.signed'], async ({ recordId }) => {
    await openThirdReading(recordId);
  });
  listen('reviews.complete-case', ['review.signed', 'review.cancelled'], async ({ recordId }) => {
    await completeCaseIfRead((await getReview(recordId)).caseId);
  });
}
