import { randomUUID } from 'node:crypto';
import type { Party } from '@relecture/shared/events/status.js';
import type { answerMaterialBody, askMaterialBody } from '@relecture/shared/materials/schema.js';
import { Types } from 'mongoose';
import type { z } from 'zod';
import { pauseDue, resumeDue } from '../assignments/index.js';
import { isSender, seeCase } from '../cases/index.js';
import { type EventParams, type StoredEntry, transition } from '../events/index.js';
import { now } from '../platform/clock.js';
import { asPerson, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { getReview, mayRead, type ReviewRecord, reviewsOfCase, seeReview } from '../reviews/index.js';
import { MaterialRequestModel, type MaterialRequestRecord } from './model.js';

/**
 * Asks the sender for more: the review is on hold and the clock is with the sender. The request is written first and
 * the gate binds it; a request that no review names was never asked.
 */
export async function askMaterial(
  reviewId: string,
  body: z.output<typeof askMaterialBody>,
  principal: Principal,
): Promise<MaterialRequestRecord> {
  const { review, caseRecord } = await seeReview(reviewId, principal);
  if (!mayRead(review, principal)) throw new ProblemError('FORBIDDEN');
  if (body.pin && !caseRecord.slideIds.some((id) => String(id) === body.pin?.slideId))
    throw new ProblemError('NOT_FOUND');
  if (!['assigned', 'in_review', 'preliminary'].includes(review.status))
    throw new ProblemError('STATUS_CONFLICT');
  const request: MaterialRequestRecord = {
    _id: new Types.ObjectId(),
    reviewId: review._id,
    caseId: review.caseId,
    networkId: review.networkId,
    ...body,
    askedAt: now(),
    askedBy: asPerson(principal),
    answeredAt: null,
    answeredBy: null,
    answer: null,
    cancelledAt: null,
    proposals: [],
  };
  await MaterialRequestModel.create(request);
  await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: 'review.material-asked',
    from: [review.status],
    to: 'on_hold',
    party: 'material',
    by: principal,
    params: {
      requestId: String(request._id),
      kinds: body.items.map(({ kind }) => kind),
      reason: body.reason,
    },
    set: { openMaterialRequestId: request._id, heldFrom: review.status, ...pauseDue(review) },
    version: review.version,
  });
  return request;
}

async function findRequest(requestId: string): Promise<MaterialRequestRecord> {
  const request = await MaterialRequestModel.findById(requestId).lean<MaterialRequestRecord>();
  if (!request) throw new ProblemError('NOT_FOUND');
  return request;
}

/**
 * The review goes on where it was held. The gate alone settles a request: `settleRequest` then writes on it what the
 * timeline says, here at once, or from the outbox after a crash.
 */
async function resume(
  request: MaterialRequestRecord,
  by: Principal,
  params: EventParams,
  party: Party = 'reviewer',
): Promise<MaterialRequestRecord> {
  const review = await getReview(request.reviewId);
  if (!review.openMaterialRequestId?.equals(request._id)) throw new ProblemError('STATUS_CONFLICT');
  const resumed = await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: 'review.material-answered',
    from: ['on_hold'],
    to: review.heldFrom ?? 'in_review',
    party,
    by,
    params: { requestId: String(request._id), ...params },
    set: { openMaterialRequestId: null, heldFrom: null, ...(party === 'transfer' ? {} : resumeDue(review)) },
    where: { openMaterialRequestId: request._id },
  });
  const entry = resumed.timeline.findLast(({ params: { requestId } }) => requestId === String(request._id));
  if (entry) await settleRequest(entry);
  return await findRequest(String(request._id));
}

/** Writes on the request what the gate let through. Idempotent. */
export async function settleRequest({ at, params }: Pick<StoredEntry, 'at' | 'params'>): Promise<void> {
  const _id = String(params.requestId);
  const open = { _id, answeredAt: null, cancelledAt: null };
  if (params.cancelled === true) {
    await MaterialRequestModel.updateOne(open, { $set: { cancelledAt: at } });
    return;
  }
  const request = await findRequest(_id);
  const proposal = request.proposals.find(({ id }) => id === params.answerId);
  if (!proposal) return;
  await MaterialRequestModel.updateOne(open, {
    $set: { answeredAt: at, answeredBy: proposal.by, answer: proposal.answer },
  });
}

/** The sender answers: with slides, a parcel, words, or that there is nothing left to send. */
export async function answerMaterial(
  requestId: string,
  body: z.output<typeof answerMaterialBody>,
  principal: Principal,
): Promise<MaterialRequestRecord> {
  const request = await findRequest(requestId);
  const caseRecord = await seeCase(request.caseId, principal);
  if (!isSender(caseRecord, principal)) throw new ProblemError('FORBIDDEN');
  if (!isOpenRequest(request)) throw new ProblemError('STATUS_CONFLICT');
  const slides = new Set(caseRecord.slideIds.map(String));
  if (body.slideIds.some((id) => !slides.has(id))) throw new ProblemError('NOT_FOUND');
  if (body.shipmentId && !caseRecord.shipments.some(({ id }) => String(id) === body.shipmentId)) {
    throw new ProblemError('NOT_FOUND');
  }
  if (!body.unavailable && !body.shipmentId && body.slideIds.length === 0 && body.comment === '') {
    throw new ProblemError('INVALID_INPUT', {
      fields: [{ path: 'comment', code: 'required', message: 'required' }],
    });
  }
  const proposal = { id: randomUUID(), at: now(), by: asPerson(principal), answer: body };
  await MaterialRequestModel.updateOne({ _id: request._id }, { $push: { proposals: proposal } });
  const parcel = caseRecord.shipments.find(({ id }) => String(id) === body.shipmentId);
  const travels = parcel !== undefined && parcel.status !== 'received' && body.slideIds.length === 0;
  return await resume(
    request,
    principal,
    {
      answerId: proposal.id,
      slides: body.slideIds.length,
      shipment: body.shipmentId !== null,
      unavailable: body.unavailable,
    },
    // Nothing but a parcel: the expert's clock goes on when it has come.
    travels ? 'transfer' : 'reviewer',
  );
}

/** The reviewer gives the request up and reads on. */
export async function cancelMaterial(
  requestId: string,
  principal: Principal,
): Promise<MaterialRequestRecord> {
  const request = await findRequest(requestId);
  const { review } = await seeReview(request.reviewId, principal);
  if (!mayRead(review, principal)) throw new ProblemError('FORBIDDEN');
  return await resume(request, principal, { cancelled: true });
}

/**
 * Oldest first. One that the gate never bound (a crash right after it was written) was never asked; one whose review
 * ended meanwhile waits for nobody.
 */
export async function materialRequestsOfCase(caseId: Types.ObjectId): Promise<MaterialRequestRecord[]> {
  const [requests, reviews] = await Promise.all([
    MaterialRequestModel.find({ caseId }).sort({ askedAt: 1 }).limit(100).lean<MaterialRequestRecord[]>(),
    reviewsOfCase(caseId),
  ]);
  const held = new Set(
    reviews
      .filter(({ status }) => status === 'on_hold')
      .map(({ openMaterialRequestId }) => String(openMaterialRequestId)),
  );
  return requests.filter((request) => !isOpenRequest(request) || held.has(String(request._id)));
}

export const isOpenRequest = (request: MaterialRequestRecord): boolean =>
  request.answeredAt === null && request.cancelledAt === null;
