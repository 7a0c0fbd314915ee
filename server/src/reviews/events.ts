import { Types } from 'mongoose';
import { listen } from '../events/index.js';
import { cancelOpenReviews, completeCaseIfRead, getReview } from './service.js';

export function listenToReviewEvents(): void {
  listen('reviews.cancel-with-case', ['case.withdrawn'], async ({ recordId, entry }) => {
    await cancelOpenReviews(new Types.ObjectId(recordId), String(entry.params.reason ?? ''));
  });
  listen('reviews.complete-case', ['review.signed', 'review.cancelled'], async ({ recordId }) => {
    await completeCaseIfRead((await getReview(recordId)).caseId);
  });
}
