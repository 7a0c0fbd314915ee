import type { Types } from 'mongoose';
import { findCase } from '../cases/index.js';
import { now } from '../platform/clock.js';
import { ProblemError } from '../platform/problem.js';
import { type ReviewRecord, reviewsOfCase } from '../reviews/index.js';
import { casesWithSlides, destroyLabels, purgeSlide, slidesOfCase } from '../slides/index.js';
import { listOrganisations, slideRulesOf } from '../users/index.js';
import { lastSignOut, monthsAfter } from './may-destroy.js';

export interface RetentionCount {
  labels: number;
  slides: number;
}

interface Rule {
  readonly destroysLabels: boolean;
  readonly months: number | null;
  readonly organisation: string;
}

/** Every version of what was signed counts: a correction begins the time anew. */
const SIGNATURES = new Set(['review.signed', 'review.addendum-signed', 'review.correction-signed']);

const signedAt = ({ timeline }: ReviewRecord): Date | null =>
  timeline.findLast(({ event }) => SIGNATURES.has(event))?.at ?? null;

/**
 * Does what each organisation decided on its slides, to cases whose readings are all signed. Idempotent; daily. The case
 * and its reports stay, and each act is a line of the slide's timeline and of the access log.
 */
export async function applyRetention(): Promise<RetentionCount> {
  const count: RetentionCount = { labels: 0, slides: 0 };
  for (const organisation of await listOrganisations()) {
    const { labels, retentionMonths: months } = slideRulesOf(organisation);
    const rule = {
      destroysLabels: labels === 'destroy_after_sign_out',
      months,
      organisation: organisation.name,
    };
    if (!rule.destroysLabels && months === null) continue;
    for (const caseId of await casesWithSlides(organisation._id)) await applyTo(caseId, rule, count);
  }
  return count;
}

async function applyTo(caseId: Types.ObjectId, rule: Rule, count: RetentionCount): Promise<void> {
  const caseRecord = await findCase(caseId);
  if (!caseRecord) return;
  const signed = lastSignOut({
    isCompleted: caseRecord.status === 'completed',
    isHeld: caseRecord.legalHold !== null && caseRecord.legalHold !== undefined,
    reviews: (await reviewsOfCase(caseId)).map((review) => ({
      status: review.status,
      signedAt: signedAt(review),
    })),
  });
  if (!signed) return;
  const { months, organisation } = rule;
  const isOver = months !== null && monthsAfter(signed, months) <= now();
  for (const slide of await slidesOfCase(caseId)) {
    if (slide.status !== 'ready') continue;
    try {
      if (isOver && months !== null) {
        await purgeSlide(slide, { months, organisation });
        count.slides += 1;
      } else if (rule.destroysLabels && slide.associated && slide.associated.length > 0) {
        await destroyLabels(slide);
        count.labels += 1;
      }
    } catch (error) {
      // Somebody changed the slide in this instant: tomorrow is soon enough.
      if (!(error instanceof ProblemError) || !['CONFLICT', 'STATUS_CONFLICT'].includes(error.code))
        throw error;
    }
  }
}
