import { recordAccess } from '../platform/access-log.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { removeFiles } from './attachments.js';
import { CaseModel } from './model.js';
import { mayEdit } from './policy.js';
import { seeCase } from './service.js';

/** A draft leaves nothing behind: its documents go here, its slides with the step that keeps them (routes.ts). */
export async function deleteDraft(caseId: string, principal: Principal): Promise<void> {
  const record = await seeCase(caseId, principal);
  if (record.status !== 'draft') throw new ProblemError('CASE_NOT_EDITABLE');
  if (!mayEdit(record, principal)) throw new ProblemError('FORBIDDEN');
  // Of what was read: a document added meanwhile would stay behind.
  const { deletedCount } = await CaseModel.deleteOne({
    _id: record._id,
    status: 'draft',
    attachments: { $size: record.attachments.length },
  });
  if (deletedCount === 0) throw new ProblemError('STATUS_CONFLICT');
  await recordAccess({
    actorId: principal.id,
    action: 'case.draft-deleted',
    recordKind: 'case',
    recordId: caseId,
  });
  await removeFiles(record.attachments);
}
