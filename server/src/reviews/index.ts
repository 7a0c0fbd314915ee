export { listenToReviewEvents } from './events.js';
export {
  listReviews,
  lookAgainAt,
  openFacts,
  openLoads,
  type ReviewFact,
  readersForOrganisation,
  readersOfCases,
  reviewsOpenedBetween,
  reviewsToOpen,
  reviewsToWarn,
  signedFactsSince,
} from './lists.js';
export type { ReviewRecord, StoredAssignment } from './model.js';
export { isAssignedTo, isOpen, mayAssign, mayRead, maySeeOpinion, maySeeReview, mayTake } from './policy.js';
export {
  heldSince,
  isOverdue,
  presentReview,
  presentReviewRow,
  presentReviewTimeline,
  showReview,
} from './present.js';
export { registerReviewRoutes } from './routes.js';
export { beginSealing, endSealing, isBeingSealed } from './sealing.js';
export {
  caseIdsOfReviews,
  getReview,
  markOpened,
  openReview,
  refreshReaders,
  reviewsOfCase,
  seeReview,
  updateReviewFacts,
} from './service.js';
