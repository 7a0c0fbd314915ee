import type { CaseRecord } from '../cases/index.js';
import type { Principal } from '../platform/principal.js';
import { isAssignedTo, isBeingSealed, mayRead, maySeeOpinion, type ReviewRecord } from '../reviews/index.js';

/** Named rules of who may do what with the shapes of a review. */

/** The review's reader, and nobody else. */
export const mayDraw: (review: ReviewRecord, principal: Principal) => boolean = mayRead;

/** Until the final signature. */
export const isDrawable = (review: ReviewRecord): boolean =>
  ['assigned', 'in_review', 'on_hold', 'preliminary'].includes(review.status);

/** Nothing is drawn while a signature is being made: what it seals must be all there is. */
export const takesStrokes = (review: ReviewRecord): boolean => isDrawable(review) && !isBeingSealed(review);

/**
 * The reader always; the others once the final report is signed, as they see its opinion. A preliminary report is
 * shared, the strokes that go on after it are not: two readers of one case never see each other's before both conclude.
 */
export const maySeeShapes = (review: ReviewRecord, caseRecord: CaseRecord, principal: Principal): boolean =>
  isAssignedTo(review, principal) ||
  (review.status === 'signed' && maySeeOpinion(review, caseRecord, principal));
