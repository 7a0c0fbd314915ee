import { findCase, maySeeCase } from '../cases/index.js';
import { decodeIdCursor, encodeCursor } from '../platform/cursor.js';
import type { Principal } from '../platform/principal.js';
import { MovedModel, type MovedRecord } from './draft-model.js';

const PAGE = 50;

/** Everyone who keeps the rules sees what moves; which case it is, only who may see that case. */
export async function movedCases(draftId: string, after: string | undefined, principal: Principal) {
  const rows = await MovedModel.find({
    draftId,
    ...(after ? { _id: { $gt: decodeIdCursor(after) } } : {}),
  })
    .sort({ _id: 1 })
    .limit(PAGE + 1)
    .lean<MovedRecord[]>();
  const items = [];
  for (const { _id, caseId, site, morphology, before, after: becomes } of rows.slice(0, PAGE)) {
    const record = await findCase(caseId);
    const seen = record && maySeeCase(record, principal) ? record : null;
    items.push({
      id: String(_id),
      caseId: seen ? String(seen._id) : null,
      caseNumber: seen?.number ?? null,
      site,
      morphology,
      before,
      after: becomes,
    });
  }
  const end = rows.length > PAGE ? items.at(-1)?.id : null;
  return { items, next: end ? encodeCursor([end]) : null };
}
