import { listen } from '../events/index.js';
import { getReview, reviewsOfCase } from '../reviews/index.js';
import { getSlide } from '../slides/index.js';
import { admitReviews } from './admission.js';
import { assignByEngine, followParcel } from './service.js';

export function listenToAssignmentEvents(): void {
  listen(
    'assignments.admit',
    ['case.routed', 'shipment.declared', 'shipment.described', 'shipment.sent', 'shipment.received'],
    async ({ recordId }) => {
      await admitReviews(recordId);
    },
  );
  listen(
    'assignments.admit',
    [
      'slide.received',
      'slide.ready',
      'slide.checked',
      'slide.rejected',
      'slide.described',
      'slide.label-compared',
      'slide.removed',
    ],
    async ({ recordId }) => {
      const slide = await getSlide(recordId);
      await admitReviews(String(slide.caseId));
    },
  );
  listen('assignments.choose-reviewer', ['review.admitted', 'review.declined'], async ({ recordId }) => {
    await assignByEngine(recordId);
  });
  listen('assignments.parcel', ['shipment.received', 'shipment.described'], async ({ recordId, entry }) => {
    for (const review of await reviewsOfCase(recordId))
      await followParcel(review, String(entry.params.shipmentId));
  });
  // A review opened by hand or late finds its slides already there.
  listen('assignments.admit-new', ['review.routed'], async ({ recordId }) => {
    await admitReviews(String((await getReview(recordId)).caseId));
  });
}
