import { z } from 'zod';
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
export const candidatesAnswer = z.object({ candidates: z.array(reviewerCandidate) });
