import { mayBeChosen } from '@relecture/shared/assignments/choose-reviewer.js';
import type { CentreCandidate, ReviewerCandidate } from '@relecture/shared/assignments/schema.js';
import { Types } from 'mongoose';
import { getCase } from '../cases/index.js';
import { transition } from '../events/index.js';
import { now } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import {
  getReview,
  mayAssign,
  type ReviewRecord,
  refreshReaders,
  reviewsOfCentresToTake,
  seeReview,
} from '../reviews/index.js';
import { listReviewers } from '../users/index.js';
import { bestFor, dueWhenGiven, give, openByOf, rankCandidates } from './service.js';

/** The network's centres, in the order of their best readers; those that may have none to read it are left out. */
export async function centresFor(
  { networkId }: ReviewRecord,
  ranked: readonly ReviewerCandidate[],
): Promise<CentreCandidate[]> {
  const homeOf = new Map(
    (await listReviewers(networkId)).map(({ person, organisationId }) => [person.id, organisationId]),
  );
  const centres = new Map<string, CentreCandidate>();
  for (const candidate of ranked) {
    const organisationId = homeOf.get(candidate.reviewer.id);
    if (!organisationId || !mayBeChosen(candidate)) continue;
    const centre = centres.get(organisationId) ?? {
      organisationId,
      name: candidate.reviewer.organisation,
      readers: 0,
      available: 0,
      load: 0,
      capacity: 0,
    };
    centres.set(organisationId, {
      ...centre,
      readers: centre.readers + 1,
      available: centre.available + (candidate.eligible ? 1 : 0),
      load: centre.load + candidate.load,
      capacity: centre.capacity + candidate.capacity,
    });
  }
  return [...centres.values()];
}

/**
 * A coordinator gives it to a centre, with a reason: its readers choose among themselves who takes it. Nobody has opened
 * it yet; what is being read is not taken away like this. The patient's clock goes on, and it is the centre's from now.
 */
export async function assignToCentre(
  reviewId: string,
  organisationId: string,
  reason: string,
  principal: Principal,
): Promise<ReviewRecord> {
  const { review, caseRecord } = await seeReview(reviewId, principal);
  if (!mayAssign(review, principal)) throw new ProblemError('FORBIDDEN');
  // One whose parcel is under way waits for it with its reader.
  if (!['admitted', 'assigned'].includes(review.status) || review.party === 'transfer')
    throw new ProblemError('STATUS_CONFLICT');
  const centres = await centresFor(review, await rankCandidates(review, caseRecord));
  const centre = centres.find((each) => each.organisationId === organisationId);
  if (!centre) throw new ProblemError('REVIEWER_NOT_ELIGIBLE');
  const calendar = review.calendar ?? 'FR';
  const given = await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: 'review.centre-assigned',
    from: [review.status],
    to: 'admitted',
    party: 'reviewer',
    by: principal,
    params: {
      centre: centre.name,
      reason,
      ...(review.assignment ? { formerReviewer: review.assignment.reviewer.displayName } : {}),
    },
    set: {
      centre: { organisationId: new Types.ObjectId(organisationId), name: centre.name, at: now() },
      assignment: null,
      openedAt: null,
      warnAt: null,
      ...dueWhenGiven(review, 'reviewer', calendar),
      openBy: openByOf(review, calendar),
    },
    version: review.version,
  });
  await refreshReaders(review.caseId);
  return given;
}

/**
 * No reader of the centre took it in time: the engine chooses one there, or elsewhere; if nobody can, the coordinators
 * are asked. The patient's clock goes on.
 */
export async function passOnFromCentres(): Promise<number> {
  let moved = 0;
  for await (const found of reviewsOfCentresToTake(now())) {
    const review = await getReview(found._id);
    if (review.status !== 'admitted' || !review.centre) continue;
    try {
      const best = bestFor(review, await rankCandidates(review, await getCase(review.caseId)));
      if (best) await give(review, await getCase(review.caseId), best, 'engine', null, null);
      else
        await transition<ReviewRecord>({
          kind: 'review',
          id: review._id,
          event: 'review.coordinator-asked',
          from: ['admitted'],
          to: 'same',
          party: 'coordinator',
          by: null,
          set: { centre: null, openBy: null },
          version: review.version,
        });
      moved += 1;
    } catch (error) {
      // Taken, or given to somebody, while we chose.
      if (!(error instanceof ProblemError)) throw error;
    }
  }
  return moved;
}
