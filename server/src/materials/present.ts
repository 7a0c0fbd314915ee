import type { MaterialRequest } from '@relecture/shared/materials/schema.js';
import { type CaseRecord, getCase, maySeeIdentity } from '../cases/index.js';
import type { Principal } from '../platform/principal.js';
import type { MaterialRequestRecord } from './model.js';

/** What was asked and whether it came is for everybody who sees the case; the words are between reader and sender. */
export function presentMaterialRequest(
  request: MaterialRequestRecord,
  caseRecord: CaseRecord,
  principal: Principal,
): MaterialRequest {
  const words = maySeeIdentity(caseRecord, principal) || request.askedBy.id === principal.id;
  return {
    id: String(request._id),
    reviewId: String(request.reviewId),
    caseId: String(request.caseId),
    networkId: request.networkId,
    status: request.answeredAt ? 'answered' : request.cancelledAt ? 'cancelled' : 'open',
    items: words ? request.items : request.items.map(({ kind }) => ({ kind, detail: '' })),
    reason: words ? request.reason : null,
    pin: request.pin,
    askedAt: request.askedAt.toISOString(),
    askedBy: request.askedBy,
    answeredAt: request.answeredAt?.toISOString() ?? null,
    answeredBy: request.answeredBy,
    answer: request.answer && !words ? { ...request.answer, comment: '' } : request.answer,
  };
}

/** A request after an act on it, to whoever acted. */
export const showRequest = async (
  request: MaterialRequestRecord,
  principal: Principal,
): Promise<MaterialRequest> => presentMaterialRequest(request, await getCase(request.caseId), principal);
