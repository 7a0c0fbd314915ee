import type { CasePage } from '@relecture/shared/cases/page.js';

/** The review of this case that this person reads, when there is one. */
export const readingOf = (page: CasePage, userId: string) =>
  page.reviews.find(
    (review) => review.assignment?.reviewer.id === userId && !['cancelled', 'routed'].includes(review.status),
  );
