import { z } from 'zod';
import { urgency } from '../cases/schema.js';
import { reviewStatus } from '../events/status.js';
import { objectId } from '../http/page.js';
import { person } from '../users/schema.js';

const reason = z.string().trim().min(3).max(2000);

export const declineBody = z.object({ reason });
/** A coordinator admits a case that still lacks something. */
export const admitBody = z.object({ reason });
export const assignBody = z.object({ reviewerId: objectId, reason });

/** Why a candidate is, or is not, the one. Codes are worded by the client and by `explain`. */
export const reviewerReason = z.object({
  code: z.enum([
    'wished',
    'competent',
    'same_region',
    'continuity',
    'lighter_load',
    'knows_sender',
    'same_organisation',
    'conflict_declared',
    'age_group',
    'reads_already',
    'reader_organisation',
    'not_third_reader',
    'on_leave',
    'full',
    'declined_before',
    'not_competent',
    'heavier_load',
    'other_region',
  ]),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export const reviewerCandidate = z.object({
  reviewer: person,
  eligible: z.boolean(),
  /** Open reviews now, weighted by urgency. */
  load: z.number(),
  capacity: z.number(),
  for: z.array(reviewerReason),
  against: z.array(reviewerReason),
});
export type ReviewerCandidate = z.infer<typeof reviewerCandidate>;
/** So many readings are moved at once: more are moved in turns, each with its own look at the loads. */
export const BULK_MAX = 100;

/** Chosen readings, or all those that a reviewer has now: an absence. */
export const bulkPreviewBody = z.union([
  z.strictObject({ reviewIds: z.array(objectId).min(1).max(BULK_MAX) }),
  z.strictObject({ reviewerId: objectId, networkId: z.string().max(40).optional() }),
]);
export type BulkPreviewBody = z.infer<typeof bulkPreviewBody>;

/** What would become of one reading. Exactly one of `to` and `blocked` is there. */
export const bulkChoice = z.object({
  reviewId: objectId,
  /** What the preview looked at: a reading that changed since is not moved. */
  version: z.number().int(),
  caseNumber: z.string(),
  networkId: z.string(),
  status: reviewStatus,
  urgency,
  from: person.nullable(),
  /** The choice, with the load that the readings before it in this list would already have made. */
  to: reviewerCandidate.nullable(),
  blocked: z.enum(['not_admitted', 'ended', 'nobody']).nullable(),
  /** When nobody can take it: those nearest to it, and what stands against each. */
  nearest: z.array(reviewerCandidate),
});
export type BulkChoice = z.infer<typeof bulkChoice>;
/** `more`: the reviewer has more readings than are moved at once. */
export const bulkPreview = z.object({ items: z.array(bulkChoice), more: z.boolean() });

export const bulkAssignBody = z.object({
  reason,
  items: z
    .array(z.object({ reviewId: objectId, version: z.number().int(), reviewerId: objectId }))
    .min(1)
    .max(BULK_MAX)
    .refine((items) => new Set(items.map(({ reviewId }) => reviewId)).size === items.length),
});
export type BulkAssignBody = z.infer<typeof bulkAssignBody>;
/** What became of each: moved, or the code of what stood against it. */
export const bulkResult = z.object({
  items: z.array(
    z.object({
      reviewId: objectId,
      outcome: z.enum([
        'moved',
        'CONFLICT',
        'STATUS_CONFLICT',
        'REVIEWER_NOT_ELIGIBLE',
        'FORBIDDEN',
        'NOT_FOUND',
      ]),
    }),
  ),
});
export type BulkOutcome = z.infer<typeof bulkResult>['items'][number]['outcome'];
/** An expert centre of the network: its readers choose among themselves who reads. Best first, as its best reader is. */
export const centreCandidate = z.object({
  organisationId: objectId,
  name: z.string(),
  readers: z.number().int(),
  /** Those of them whom nothing stands against. */
  available: z.number().int(),
  load: z.number(),
  capacity: z.number(),
});
export type CentreCandidate = z.infer<typeof centreCandidate>;
export const candidatesAnswer = z.object({
  candidates: z.array(reviewerCandidate),
  centres: z.array(centreCandidate),
});
export const assignCentreBody = z.object({ organisationId: objectId, reason });
