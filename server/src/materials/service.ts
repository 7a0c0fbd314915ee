import type {
  answerMaterialBody,
  askMaterialBody,
  MaterialRequest,
} from '@relecture/shared/materials/schema.js';
import { Types } from 'mongoose';
import type { z } from 'zod';
import { isSender, seeCase } from '../cases/index.js';
import { transition } from '../events/index.js';
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
    set: { openMaterialRequestId: request._id, heldFrom: review.status },
    where: { version: review.version },
  });
  return request;
}

async function findRequest(requestId: string): Promise<MaterialRequestRecord> {
  const request = await MaterialRequestModel.findById(requestId).lean<MaterialRequestRecord>();
  if (!request) throw new ProblemError('NOT_FOUND');
  return request;
}

const isHeldBy = async (request: MaterialRequestRecord): Promise<boolean> =>
  (await getReview(request.reviewId)).openMaterialRequestId?.equals(request._id) ?? false;

/** The review goes on where it was held, once the request it waits for is settled. */
async function resume(
  request: MaterialRequestRecord,
  by: Principal,
  params: Record<string, string | number | boolean>,
): Promise<void> {
  const review = await getReview(request.reviewId);
  await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: 'review.material-answered',
    from: ['on_hold'],
    to: review.heldFrom ?? 'in_review',
    party: 'reviewer',
    by,
    params: { requestId: String(request._id), ...params },
    set: { openMaterialRequestId: null, heldFrom: null },
    where: { openMaterialRequestId: request._id },
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
  const answered = await MaterialRequestModel.findOneAndUpdate(
    { _id: request._id, answeredAt: null, cancelledAt: null },
    { $set: { answeredAt: now(), answeredBy: asPerson(principal), answer: body } },
    { returnDocument: 'after' },
  ).lean<MaterialRequestRecord>();
  // A crash between the answer and the gate leaves the review waiting for what has come: sending again completes it.
  if (!answered && !(await isHeldBy(request))) throw new ProblemError('STATUS_CONFLICT');
  await resume(answered ?? request, principal, {
    slides: body.slideIds.length,
    shipment: body.shipmentId !== null,
    unavailable: body.unavailable,
  });
  return await findRequest(requestId);
}

/** The reviewer gives the request up and reads on. */
export async function cancelMaterial(
  requestId: string,
  principal: Principal,
): Promise<MaterialRequestRecord> {
  const request = await findRequest(requestId);
  const { review } = await seeReview(request.reviewId, principal);
  if (!mayRead(review, principal)) throw new ProblemError('FORBIDDEN');
  const cancelled = await MaterialRequestModel.findOneAndUpdate(
    { _id: request._id, answeredAt: null, cancelledAt: null },
    { $set: { cancelledAt: now() } },
    { returnDocument: 'after' },
  ).lean<MaterialRequestRecord>();
  if (!cancelled && !(await isHeldBy(request))) throw new ProblemError('STATUS_CONFLICT');
  await resume(request, principal, { cancelled: true });
  return await findRequest(requestId);
}

/** Oldest first. One that the gate never bound (a crash right after it was written) was never asked. */
export async function materialRequestsOfCase(caseId: Types.ObjectId): Promise<MaterialRequestRecord[]> {
  const [requests, reviews] = await Promise.all([
    MaterialRequestModel.find({ caseId }).sort({ askedAt: 1 }).limit(100).lean<MaterialRequestRecord[]>(),
    reviewsOfCase(caseId),
  ]);
  const held = new Set(reviews.map(({ openMaterialRequestId }) => String(openMaterialRequestId)));
  return requests.filter((request) => !isOpenRequest(request) || held.has(String(request._id)));
}

export const isOpenRequest = (request: MaterialRequestRecord): boolean =>
  request.answeredAt === null && request.cancelledAt === null;

export const presentMaterialRequest = (request: MaterialRequestRecord): MaterialRequest => ({
  id: String(request._id),
  reviewId: String(request.reviewId),
  caseId: String(request.caseId),
  networkId: request.networkId,
  status: request.answeredAt ? 'answered' : request.cancelledAt ? 'cancelled' : 'open',
  items: request.items,
  reason: request.reason,
  pin: request.pin,
  askedAt: request.askedAt.toISOString(),
  askedBy: request.askedBy,
  answeredAt: request.answeredAt?.toISOString() ?? null,
  answeredBy: request.answeredBy,
  answer: request.answer,
});
