import type { MaterialRequest } from '@relecture/shared/materials/schema.js';
import type { MaterialRequestRecord } from './model.js';

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
