import { isDeepStrictEqual } from 'node:util';
import {
  type AdmissionLack,
  holderOfLacks,
  isForSender,
  writeLack,
} from '@relecture/shared/assignments/admission.js';
import type { ParcelState } from '@relecture/shared/reviews/schema.js';
import { type CaseRecord, findCase } from '../cases/index.js';
import { transition } from '../events/index.js';
import { findNetwork } from '../networks/index.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import {
  mayAssign,
  type ReviewRecord,
  reviewsOfCase,
  seeReview,
  updateReviewFacts,
} from '../reviews/index.js';
import { checksOf, isRefusedAfterSending, type SlideRecord, slidesOfCase } from '../slides/index.js';
import { checkAdmission } from './check-admission.js';

const lacksOf = (
  caseRecord: CaseRecord,
  slides: readonly SlideRecord[],
  { networkId }: ReviewRecord,
): AdmissionLack[] =>
  checkAdmission(
    {
      hasReport: caseRecord.attachments.some(({ kind }) => kind === 'local_report'),
      slides: slides.map((slide) => ({
        status: slide.status,
        stain: slide.stain,
        refusedAfterSending: isRefusedAfterSending(slide, caseRecord.submittedAt),
        checking: slide.checking,
        holds: checksOf(slide).flatMap(({ check, outcome }) => (outcome === 'holds' ? [check] : [])),
      })),
      shipments: caseRecord.shipments,
    },
    findNetwork(networkId)?.admission,
  );

/**
 * Refreshes what lists show of the slides; admits each routed review whose material is there, and says of the others
 * what they lack and who can bring it. Idempotent.
 */
export async function admitReviews(caseId: string): Promise<void> {
  for (;;) {
    // First the reviews, whose versions the gate compares, then what is judged: a judgement on older facts passes nothing.
    const reviews = await reviewsOfCase(caseId);
    const caseRecord = await findCase(caseId);
    if (!caseRecord) return;
    const slides = await slidesOfCase(caseId);
    const ready = slides.filter(({ status }) => status === 'ready');
    let overtaken = false;
    for (const review of reviews) {
      await updateReviewFacts(review._id, {
        'summary.slideCount': ready.length,
        'summary.stains': [...new Set(ready.map(({ stain }) => stain).filter(Boolean))],
        'summary.slideIds': ready.map(({ _id }) => _id),
        'summary.parcel': parcelOf(caseRecord),
      } as never);
      if (review.status !== 'routed') continue;
      overtaken ||= !(await judge(review, lacksOf(caseRecord, slides, review), ready.length));
    }
    if (!overtaken) return;
  }
}

function parcelOf({ shipments }: CaseRecord): ParcelState | null {
  if (shipments.some(({ status }) => status === 'sent')) return 'on_its_way';
  const received = shipments.filter(({ status }) => status === 'received');
  if (received.length === 0) return null;
  return received.some(({ forwardedOn, arrivedOn }) => forwardedOn && !arrivedOn) ? 'forwarded' : 'received';
}

/** False when somebody else changed the review meanwhile. */
async function judge(
  review: ReviewRecord,
  lacks: readonly AdmissionLack[],
  readySlides: number,
): Promise<boolean> {
  const common = {
    kind: 'review',
    id: review._id,
    from: ['routed'],
    by: null,
    set: { lacks: [...lacks] },
    version: review.version,
  } as const;
  const party = holderOfLacks(lacks);
  try {
    if (lacks.length === 0) {
      await transition<ReviewRecord>({
        ...common,
        event: 'review.admitted',
        to: 'admitted',
        party: 'coordinator',
        params: { slides: readySlides },
      });
    } else if (party !== review.party || !isDeepStrictEqual(forSender(lacks), forSender(review.lacks))) {
      await transition<ReviewRecord>({
        ...common,
        event: 'review.held',
        to: 'same',
        party,
        params: { lacks: lacks.map(writeLack) },
      });
    } else if (!isDeepStrictEqual(lacks, review.lacks)) {
      // Nobody else has to act: worth showing, not worth a line of the story.
      await updateReviewFacts(review._id, { lacks: [...lacks] });
    }
    return true;
  } catch (error) {
    if (error instanceof ProblemError && ['CONFLICT', 'STATUS_CONFLICT'].includes(error.code)) return false;
    throw error;
  }
}

const forSender = (lacks: readonly AdmissionLack[]): AdmissionLack[] => lacks.filter(isForSender);

/** A coordinator lets the experts read with what there is: the timeline keeps who, why, and what was lacking. */
export async function admitAnyway(
  reviewId: string,
  reason: string,
  principal: Principal,
): Promise<ReviewRecord> {
  const { review } = await seeReview(reviewId, principal);
  if (!mayAssign(review, principal)) throw new ProblemError('FORBIDDEN');
  return await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: 'review.admitted',
    from: ['routed'],
    to: 'admitted',
    party: 'coordinator',
    by: principal,
    params: { anyway: true, reason, lacks: review.lacks.map(writeLack) },
    set: { lacks: [] },
    // What the coordinator read is what they let pass.
    version: review.version,
  });
}
