import type { CasePage } from '@relecture/shared/cases/page.js';

/** The review of this case that this person reads, when there is one. */
const readingOf = (page: CasePage, userId: string) =>
  page.reviews.find(
    (review) => review.assignment?.reviewer.id === userId && !['cancelled', 'routed'].includes(review.status),
  );

/**
 * The reading in whose room this person looks at the slides: their own, else a signed one, whose shapes everybody of
 * the case may see, else any that goes on. null: nobody reads yet.
 */
export const roomOf = (page: CasePage, userId: string) =>
  readingOf(page, userId) ??
  page.reviews.find(({ status }) => status === 'signed') ??
  page.reviews.find(({ status }) => status !== 'cancelled') ??
  null;
