import type { CalendarId } from '@relecture/shared/assignments/calendars.js';
import { chooseReviewer, mayBeChosen } from '@relecture/shared/assignments/choose-reviewer.js';
import type { ReviewerCandidate } from '@relecture/shared/assignments/schema.js';
import { hasArrived } from '@relecture/shared/cases/parcels.js';
import type { Party } from '@relecture/shared/events/status.js';
import { Types } from 'mongoose';
import { type CaseRecord, casesOfSamePerson, getCase } from '../cases/index.js';
import { transition } from '../events/index.js';
import { calendarDay, now } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import {
  getReview,
  mayAssign,
  mayTake,
  openLoads,
  type ReviewRecord,
  readersForOrganisation,
  readersOfCases,
  refreshReaders,
  reviewsOfCase,
  reviewsToOpen,
  type StoredAssignment,
  seeReview,
} from '../reviews/index.js';
import { calendarOfPerson, getUser, listReviewers } from '../users/index.js';
import { dueDaysOf } from './due-dates.js';
import { pauseDue, resumeDue } from './due-pause.js';
import { addWorkingDays } from './working-calendar.js';

/** Every reviewer of the review's network, ranked, with reasons and load. */
export async function rankCandidates(
  review: ReviewRecord,
  caseRecord: CaseRecord,
  /** What choices made but not carried out yet would add to, or take from, the load of each person. */
  foreseen: ReadonlyMap<string, number> = new Map(),
): Promise<ReviewerCandidate[]> {
  const reviewers = await listReviewers(review.networkId);
  const loads = await openLoads(reviewers.map(({ person }) => new Types.ObjectId(person.id)));
  const declined = new Set(review.declinedBy.map(String));
  const [patientReaders, senderReaders] = await Promise.all([
    casesOfSamePerson(caseRecord).then((caseIds) => readersOfCases(caseIds, review.networkId)),
    readersForOrganisation(review, new Date(now().getTime() - YEAR_MS)),
  ]);
  return chooseReviewer({
    candidates: reviewers.map((reviewer) => ({
      ...reviewer,
      load: (loads.get(reviewer.person.id) ?? 0) + (foreseen.get(reviewer.person.id) ?? 0),
      declinedBefore: declined.has(reviewer.person.id),
      knowsPatient: patientReaders.has(reviewer.person.id),
      knowsSender: senderReaders.has(reviewer.person.id),
    })),
    senderOrganisationId: String(review.organisationId),
    senderRegion: review.region,
    wishedUserId: caseRecord.content.wishedExpert?.userId ?? null,
    entity: `${review.summary.diagnosisText ?? ''} ${review.summary.morphology ?? ''} ${review.summary.primarySite ?? ''}`,
    age: caseRecord.age,
    level: review.level,
    otherReaders: await otherReadersOf(review),
    day: calendarDay(now()),
  });
}

/** Who has the network's other reading of the case, with their houses. Two networks may well share an expert. */
async function otherReadersOf(
  review: ReviewRecord,
): Promise<Array<{ userId: string; organisationId: string }>> {
  const others = (await reviewsOfCase(review.caseId)).flatMap(({ networkId, level, status, assignment }) =>
    networkId === review.networkId && level !== review.level && status !== 'cancelled' && assignment
      ? [assignment.reviewerId]
      : [],
  );
  const users = await Promise.all(others.map((userId) => getUser(userId)));
  return users.flatMap((user) =>
    user ? [{ userId: String(user._id), organisationId: String(user.organisationId) }] : [],
  );
}

const YEAR_MS = 365 * 86_400_000;

/** Nothing but a parcel to read, and it is under way: the clock is with the transfer until it comes. */
const waitsForParcel = ({ slideIds, shipments }: CaseRecord): boolean =>
  slideIds.length === 0 && shipments.length > 0 && !shipments.some(hasArrived);

export function dueAtOf(review: ReviewRecord, calendar: CalendarId): Date {
  // Reassigning never restarts the patient's clock: the due date is counted from the admission, once.
  const admitted = review.timeline.find(({ event }) => event === 'review.admitted')?.at ?? now();
  return addWorkingDays(admitted, dueDaysOf(review), calendar);
}

/** Set once, by the first who is given it, and stood still at once when nothing but a parcel under way is to be read. */
export function dueWhenGiven(
  review: ReviewRecord,
  party: Party,
  calendar: CalendarId,
): Partial<Pick<ReviewRecord, 'dueAt' | 'pausedDue' | 'calendar'>> {
  if (review.pausedDue) return {};
  // The days off are those of its first reader; before there is one, those of the whole country.
  const due = { dueAt: review.dueAt ?? dueAtOf(review, calendar), pausedDue: null };
  return {
    calendar: review.calendar ?? calendar,
    ...(party === 'transfer' ? pauseDue(due) : { dueAt: due.dueAt }),
  };
}

/** A third of the network's time, and a working day at least: not opened by then, it is somebody else's. */
export const openByOf = (review: ReviewRecord, calendar: CalendarId): Date =>
  addWorkingDays(now(), Math.max(1, Math.round(dueDaysOf(review) / 3)), calendar);

export async function give(
  review: ReviewRecord,
  caseRecord: CaseRecord,
  chosen: ReviewerCandidate,
  how: StoredAssignment['by'],
  by: Principal | null,
  reason: string | null,
  { unopened = false, exact = false } = {},
): Promise<ReviewRecord> {
  const calendar = await calendarOfPerson(chosen.reviewer.id);
  const assignment: StoredAssignment = {
    reviewer: chosen.reviewer,
    reviewerId: new Types.ObjectId(chosen.reviewer.id),
    assignedAt: now(),
    acceptedAt: how === 'self' ? now() : null,
    by: how,
    round: (review.assignment?.round ?? review.declinedBy.length) + 1,
  };
  // Whatever it waits for, a new reader does not bring it.
  const party =
    review.status === 'on_hold' || review.party === 'transfer'
      ? review.party
      : waitsForParcel(caseRecord)
        ? 'transfer'
        : 'reviewer';
  const given = await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: review.assignment ? 'review.reassigned' : 'review.assigned',
    from: [review.status],
    // A review that waits for material goes on waiting, whoever will read it.
    to: review.status === 'on_hold' ? 'same' : 'assigned',
    party,
    by,
    params: {
      reviewerId: chosen.reviewer.id,
      reviewer: chosen.reviewer.displayName,
      centre: chosen.reviewer.organisation,
      how,
      reasons: chosen.for.map(({ code }) => code),
      ...chosen.for.find(({ code }) => code === 'lighter_load')?.params,
      reason,
      ...(unopened ? { unopened } : {}),
      ...(review.assignment ? { formerReviewer: review.assignment.reviewer.displayName } : {}),
    },
    set: {
      assignment,
      // Whoever declines gives it back to their centre; elsewhere the centre has no part in it any more.
      centre: review.centre?.name === chosen.reviewer.organisation ? review.centre : null,
      ...dueWhenGiven(review, party, calendar),
      warnAt: null,
      openBy: party === 'reviewer' && how !== 'self' ? openByOf(review, calendar) : null,
      openedAt: null,
      ...(review.status === 'on_hold' ? { heldFrom: 'assigned' } : {}),
    },
    // The next round does not ask again whoever let it lie.
    ...(unopened && review.assignment ? { push: { declinedBy: review.assignment.reviewerId } } : {}),
    // Somebody else may have assigned it while we ranked; or it changed since a coordinator looked.
    where: { 'assignment.reviewerId': review.assignment?.reviewerId ?? null },
    ...(exact ? { version: review.version } : {}),
  });
  await refreshReaders(review.caseId);
  return given;
}

/** A centre has it, and none of its readers has declined since: they choose. */
const centreChooses = ({ centre, timeline }: ReviewRecord): boolean =>
  Boolean(centre) &&
  timeline.findLast(({ event }) =>
    ['review.centre-assigned', 'review.declined', 'review.coordinator-asked'].includes(event),
  )?.event === 'review.centre-assigned';

/** In the centre that has it first, then anywhere. */
export const bestFor = (
  { centre }: ReviewRecord,
  ranked: readonly ReviewerCandidate[],
): ReviewerCandidate | undefined => {
  const eligible = ranked.filter((candidate) => candidate.eligible);
  return eligible.find(({ reviewer }) => reviewer.organisation === centre?.name) ?? eligible[0];
};

/** The coordinators were asked since the review last came to wait for a reader. */
const wasAsked = ({ timeline }: ReviewRecord): boolean =>
  timeline.findLast(({ event }) =>
    ['review.admitted', 'review.declined', 'review.coordinator-asked'].includes(event),
  )?.event === 'review.coordinator-asked';

/**
 * The engine's own choice, once a review is admitted or was declined. Nobody eligible: its coordinators are asked, once
 * for each time that it waits, whichever entry woke us: an older one may be handed on late.
 */
export async function assignByEngine(reviewId: string): Promise<void> {
  const review = await getReview(reviewId);
  if (review.status !== 'admitted' || centreChooses(review)) return;
  const caseRecord = await getCase(review.caseId);
  const best = bestFor(review, await rankCandidates(review, caseRecord));
  try {
    if (best) await give(review, caseRecord, best, 'engine', null, null);
    else if (!wasAsked(review)) {
      await transition<ReviewRecord>({
        kind: 'review',
        id: review._id,
        event: 'review.coordinator-asked',
        from: ['admitted'],
        to: 'same',
        party: 'coordinator',
        by: null,
        // Nobody reads it yet: the patient's time runs all the same, and the coordinators are warned of it.
        set: { dueAt: review.dueAt ?? dueAtOf(review, 'FR') },
        version: review.version,
      });
    }
  } catch (error) {
    // Somebody took it, gave it or withdrew it while we chose: theirs stands.
    const { status } = await getReview(reviewId);
    if (!(error instanceof ProblemError) || status === 'admitted') throw error;
  }
}

/**
 * Nobody opened it in time: what the engine gave goes to the next reader, and the one who let it lie is not asked again.
 * What a person decided, or nobody else can take, the coordinators decide; said once. The patient's clock goes on.
 */
export async function passOnUnopened(): Promise<number> {
  let moved = 0;
  for await (const review of reviewsToOpen(now())) {
    // Held by a parcel: nobody lets it lie.
    if (review.party !== 'reviewer') continue;
    try {
      const caseRecord = await getCase(review.caseId);
      const next =
        review.assignment?.by === 'engine'
          ? (await rankCandidates(review, caseRecord)).find(
              ({ eligible, reviewer }) => eligible && reviewer.id !== String(review.assignment?.reviewerId),
            )
          : undefined;
      if (next) await give(review, caseRecord, next, 'engine', null, null, { unopened: true });
      else
        await transition<ReviewRecord>({
          kind: 'review',
          id: review._id,
          event: 'review.left-unopened',
          from: ['assigned'],
          to: 'same',
          party: 'same',
          by: null,
          params: { reviewer: review.assignment?.reviewer.displayName ?? '' },
          set: { openBy: null },
          version: review.version,
        });
      moved += 1;
    } catch (error) {
      // Opened, or given to somebody else, while we chose.
      if (!(error instanceof ProblemError)) throw error;
    }
  }
  return moved;
}

const ASSIGNABLE: ReadonlySet<ReviewRecord['status']> = new Set([
  'admitted',
  'assigned',
  'in_review',
  'on_hold',
  'preliminary',
]);
export const isAssignable = ({ status }: ReviewRecord): boolean => ASSIGNABLE.has(status);

/**
 * A coordinator's choice, with a reason. Leave and load may be overruled; another house than the sender's may not. With
 * a version, nothing that changed since it was looked at is moved.
 */
export async function assignByHand(
  reviewId: string,
  reviewerId: string,
  reason: string,
  principal: Principal,
  version?: number,
): Promise<ReviewRecord> {
  const { review, caseRecord } = await seeReview(reviewId, principal);
  if (!mayAssign(review, principal)) throw new ProblemError('FORBIDDEN');
  if (version !== undefined && review.version !== version) throw new ProblemError('CONFLICT');
  if (!isAssignable(review)) throw new ProblemError('STATUS_CONFLICT');
  const candidate = (await rankCandidates(review, caseRecord)).find(
    ({ reviewer }) => reviewer.id === reviewerId,
  );
  if (!candidate || !mayBeChosen(candidate)) throw new ProblemError('REVIEWER_NOT_ELIGIBLE');
  if (review.assignment && String(review.assignment.reviewerId) === reviewerId)
    throw new ProblemError('STATUS_CONFLICT');
  return await give(review, caseRecord, candidate, 'coordinator', principal, reason, {
    exact: version !== undefined,
  });
}

/** A reviewer takes a free review of their network. */
export async function takeReview(reviewId: string, principal: Principal): Promise<ReviewRecord> {
  const { review, caseRecord } = await seeReview(reviewId, principal);
  if (!mayTake(review, principal)) throw new ProblemError('FORBIDDEN');
  if (review.status !== 'admitted') throw new ProblemError('STATUS_CONFLICT');
  const self = (await rankCandidates(review, caseRecord)).find(
    ({ reviewer }) => reviewer.id === principal.id,
  );
  if (!self || !mayBeChosen(self)) throw new ProblemError('REVIEWER_NOT_ELIGIBLE');
  return await give(review, caseRecord, self, 'self', principal, null);
}

const mine = (review: ReviewRecord, principal: Principal): StoredAssignment => {
  if (!review.assignment || String(review.assignment.reviewerId) !== principal.id)
    throw new ProblemError('FORBIDDEN');
  return review.assignment;
};

export async function acceptReview(reviewId: string, principal: Principal): Promise<ReviewRecord> {
  const { review } = await seeReview(reviewId, principal);
  const assignment = mine(review, principal);
  if (assignment.acceptedAt) return review;
  return await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: 'review.accepted',
    from: ['assigned'],
    to: 'same',
    party: 'same',
    by: principal,
    // Who has said yes is not passed over: from now on only the due date presses.
    set: { assignment: { ...assignment, acceptedAt: now() }, openBy: null },
    where: { 'assignment.reviewerId': assignment.reviewerId },
  });
}

/** Declined: the next round follows at once; the patient's clock goes on. */
export async function declineReview(
  reviewId: string,
  reason: string,
  principal: Principal,
): Promise<ReviewRecord> {
  const { review } = await seeReview(reviewId, principal);
  const assignment = mine(review, principal);
  const declined = await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: 'review.declined',
    from: ['assigned', 'in_review'],
    to: 'admitted',
    party: 'coordinator',
    by: principal,
    params: { reason, reviewer: assignment.reviewer.displayName },
    set: { assignment: null, openedAt: null, openBy: null, warnAt: null },
    push: { declinedBy: assignment.reviewerId },
    where: { 'assignment.reviewerId': assignment.reviewerId },
  });
  await refreshReaders(review.caseId);
  return await getReview(declined._id);
}

const READABLE: ReadonlySet<ReviewRecord['status']> = new Set(['assigned', 'in_review', 'preliminary']);

/**
 * What became of a parcel. It has come: from now on the reviewer holds the clock. It was sent on to another house and
 * there is nothing else to read: the clock goes with it, and the reader has left what they had when it left.
 */
export async function followParcel(review: ReviewRecord, shipmentId: string): Promise<void> {
  if (!READABLE.has(review.status)) return;
  const caseRecord = await getCase(review.caseId);
  const parcel = caseRecord.shipments.find(({ id }) => String(id) === shipmentId);
  if (!parcel) return;
  if (review.party === 'transfer' && hasArrived(parcel)) await startAfterParcel(review);
  else if (review.party === 'reviewer' && parcel.forwardedOn && waitsForParcel(caseRecord))
    await transition<ReviewRecord>({
      kind: 'review',
      id: review._id,
      event: 'review.parcel-forwarded',
      from: [review.status],
      to: 'same',
      party: 'transfer',
      by: null,
      set: { ...pauseDue(review), openBy: null },
      version: review.version,
    });
}

async function startAfterParcel(review: ReviewRecord): Promise<void> {
  await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: 'review.parcel-received',
    from: [review.status],
    to: 'same',
    party: 'reviewer',
    by: null,
    set: {
      ...resumeDue(review),
      ...(review.status === 'assigned' && !review.assignment?.acceptedAt
        ? { openBy: openByOf(review, review.calendar ?? 'FR') }
        : {}),
    },
    version: review.version,
  });
}
