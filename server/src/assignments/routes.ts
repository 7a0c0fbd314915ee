import {
  admitBody,
  assignBody,
  assignCentreBody,
  bulkAssignBody,
  bulkPreview,
  bulkPreviewBody,
  bulkResult,
  candidatesAnswer,
  declineBody,
} from '@relecture/shared/assignments/schema.js';
import { review } from '@relecture/shared/reviews/schema.js';
import { z } from 'zod';
import { type Api, only } from '../platform/endpoint.js';
import { ProblemError } from '../platform/problem.js';
import { mayAssign, seeReview, showReview } from '../reviews/index.js';
import { admitAnyway } from './admission.js';
import { assignInBulk, previewBulk } from './bulk.js';
import { assignToCentre, centresFor } from './centres.js';
import { acceptReview, assignByHand, declineReview, rankCandidates, takeReview } from './service.js';

const tag = 'Assignments';
const reviewParams = z.object({ reviewId: z.string().regex(/^[0-9a-f]{24}$/) });

export function registerAssignmentRoutes(api: Api): void {
  api.get(
    '/api/reviews/:reviewId/candidates',
    {
      summary: 'Reviewers of the network, ranked, with reasons and load',
      tag,
      access: only('coordinator'),
      params: reviewParams,
      answer: candidatesAnswer,
    },
    async ({ params, principal }) => {
      const { review: found, caseRecord } = await seeReview(params.reviewId, principal);
      if (!mayAssign(found, principal)) throw new ProblemError('FORBIDDEN');
      const candidates = await rankCandidates(found, caseRecord);
      return { candidates, centres: await centresFor(found, candidates) };
    },
  );
  api.post(
    '/api/reviews/:reviewId/assign',
    {
      summary: 'Assign or reassign, with a reason',
      tag,
      problems: ['REVIEWER_NOT_ELIGIBLE', 'STATUS_CONFLICT', 'CONFLICT'],
      access: only('coordinator'),
      params: reviewParams,
      body: assignBody,
      answer: review,
      example: { reviewerId: '665f1f77bcf86cd799439011', reason: 'Absence imprévue du premier expert.' },
    },
    async ({ params, body, principal }) =>
      showReview(await assignByHand(params.reviewId, body.reviewerId, body.reason, principal), principal),
  );
  api.post(
    '/api/reviews/:reviewId/assign-centre',
    {
      summary: 'Give it to an expert centre, whose readers choose who reads; with a reason',
      tag,
      problems: ['REVIEWER_NOT_ELIGIBLE', 'STATUS_CONFLICT', 'CONFLICT'],
      access: only('coordinator'),
      params: reviewParams,
      body: assignCentreBody,
      answer: review,
      example: { organisationId: '665f1f77bcf86cd799439013', reason: 'Centre compétent pour cette entité.' },
    },
    async ({ params, body, principal }) =>
      showReview(
        await assignToCentre(params.reviewId, body.organisationId, body.reason, principal),
        principal,
      ),
  );
  api.post(
    '/api/board/reassign/preview',
    {
      summary: 'Who would get each of several readings, or all of one reviewer, and why',
      tag,
      problems: ['NOT_FOUND'],
      access: only('coordinator'),
      body: bulkPreviewBody,
      answer: bulkPreview,
      example: { reviewerId: '665f1f77bcf86cd799439011' },
    },
    ({ body, principal }) => previewBulk(body, principal),
  );
  api.post(
    '/api/board/reassign',
    {
      summary: 'Reassign several readings for one reason; the outcome of each is told',
      tag,
      access: only('coordinator'),
      body: bulkAssignBody,
      answer: bulkResult,
      example: {
        reason: 'Absence imprévue de l’expert.',
        items: [{ reviewId: '665f1f77bcf86cd799439012', version: 4, reviewerId: '665f1f77bcf86cd799439011' }],
      },
    },
    async ({ body, principal }) => ({ items: await assignInBulk(body, principal) }),
  );
  api.post(
    '/api/reviews/:reviewId/admit',
    {
      summary: 'Admit a case that still lacks something, with a reason',
      tag,
      problems: ['STATUS_CONFLICT'],
      access: only('coordinator'),
      params: reviewParams,
      body: admitBody,
      answer: review,
      example: { reason: 'Matériel épuisé : lecture sur les lames disponibles.' },
    },
    async ({ params, body, principal }) =>
      showReview(await admitAnyway(params.reviewId, body.reason, principal), principal),
  );
  api.post(
    '/api/reviews/:reviewId/accept',
    {
      summary: 'Accept the review',
      tag,
      problems: ['STATUS_CONFLICT', 'CONFLICT'],
      access: only('reviewer'),
      params: reviewParams,
      answer: review,
    },
    async ({ params, principal }) => showReview(await acceptReview(params.reviewId, principal), principal),
  );
  api.post(
    '/api/reviews/:reviewId/decline',
    {
      summary: 'Decline the review, with a reason',
      tag,
      problems: ['STATUS_CONFLICT', 'CONFLICT'],
      access: only('reviewer'),
      params: reviewParams,
      body: declineBody,
      answer: review,
      example: { reason: 'Entité hors de mon domaine.' },
    },
    async ({ params, body, principal }) =>
      showReview(await declineReview(params.reviewId, body.reason, principal), principal),
  );
  api.post(
    '/api/reviews/:reviewId/take',
    {
      summary: 'Take a free review of my network',
      tag,
      problems: ['REVIEWER_NOT_ELIGIBLE', 'STATUS_CONFLICT', 'CONFLICT'],
      access: only('reviewer'),
      params: reviewParams,
      answer: review,
    },
    async ({ params, principal }) => showReview(await takeReview(params.reviewId, principal), principal),
  );
}
