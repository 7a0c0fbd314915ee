export { listenToReviewEvents } from './events.js';
export { forgetForecasts, readingTimes, reviewsToForecast, setForecast, signedSince } from './forecasts.js';
export {
  countOpen,
  countOpenedBetween,
  countReviews,
  listReviews,
  lookAgainAt,
  openedSince,
  openLoads,
  openReviewsOf,
  readersForOrganisation,
  readersOfCases,
  reviewsOfCentresToTake,
  reviewsOpenedBetween,
  reviewsSignedBetween,
  reviewsToOpen,
  reviewsToWarn,
  type SignedFact,
  signedBetween,
} from './lists.js';
export type { Outcome, ReviewRecord, StoredAssignment } from './model.js';
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
