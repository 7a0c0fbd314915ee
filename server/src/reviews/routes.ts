import { listReviewsQuery, review, reviewRowPage, sessionBody } from '@relecture/shared/reviews/schema.js';
import { z } from 'zod';
import { recordAccess } from '../platform/access-log.js';
import { type Api, only, signedIn } from '../platform/endpoint.js';
import { ProblemError } from '../platform/problem.js';
import { listReviews } from './lists.js';
import { mayRead } from './policy.js';
import { presentReview, presentReviewRow, showReview } from './present.js';
import { markDiscussed, markOpened, seeReview } from './service.js';

const tag = 'Reviews';
const id = z.string().regex(/^[0-9a-f]{24}$/);
const reviewParams = z.object({ reviewId: id });

export function registerReviewRoutes(api: Api): void {
  api.get(
    '/api/reviews',
    {
      summary: 'Worklist, free reviews of my networks, or the board of a network',
      tag,
      access: only('reviewer', 'preparer', 'coordinator'),
      query: listReviewsQuery,
      answer: reviewRowPage,
    },
    async ({ query, principal }) => {
      const { after, limit, ...filter } = query;
      const { items, ...page } = await listReviews(filter, principal, after, limit);
      return { items: items.map(presentReviewRow), ...page };
    },
  );

  api.get(
    '/api/reviews/:reviewId',
    { summary: 'One review', tag, access: signedIn, params: reviewParams, answer: review },
    async ({ params, principal }) => {
      const seen = await seeReview(params.reviewId, principal);
      await recordAccess({
        actorId: principal.id,
        action: 'review.read',
        recordKind: 'review',
        recordId: params.reviewId,
      });
      return presentReview(seen.review, seen.caseRecord, principal);
    },
  );

  api.post(
    '/api/reviews/:reviewId/open',
    {
      summary: 'The reader opens the case, or one of its slides',
      tag,
      problems: ['STATUS_CONFLICT'],
      access: only('reviewer'),
      params: reviewParams,
      body: z.object({ slideId: id.optional() }),
      answer: review,
      example: {},
    },
    async ({ params, body, principal }) => {
      const seen = await seeReview(params.reviewId, principal);
      if (!mayRead(seen.review, principal)) throw new ProblemError('FORBIDDEN');
      if (body.slideId && !seen.caseRecord.slideIds.some((slideId) => String(slideId) === body.slideId)) {
        throw new ProblemError('NOT_FOUND');
      }
      return presentReview(
        await markOpened(seen.review, body.slideId ?? null, principal),
        seen.caseRecord,
        principal,
      );
    },
  );

  api.post(
    '/api/reviews/:reviewId/session',
    {
      summary: 'The collegial session has discussed the case',
      tag,
      problems: ['STATUS_CONFLICT', 'CONFLICT'],
      access: only('coordinator'),
      params: reviewParams,
      body: sessionBody,
      answer: review,
      example: { on: '2026-11-20', reason: 'Diagnostic du relecteur retenu à l’unanimité.' },
    },
    async ({ params, body, principal }) =>
      showReview(await markDiscussed(params.reviewId, body, principal), principal),
  );
}
