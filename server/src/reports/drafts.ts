import { type ReportContent, reportContent } from '@relecture/shared/reports/schema.js';
import type { CaseRecord } from '../cases/index.js';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { mayRead, type ReviewRecord, seeReview } from '../reviews/index.js';
import { ReportDraftModel, type ReportDraftRecord } from './model.js';

/** The draft as saved, or an empty one with what the case already says. */
export async function readDraft(
  review: ReviewRecord,
  caseRecord: CaseRecord,
): Promise<Pick<ReportDraftRecord, 'version' | 'content'>> {
  const draft = await ReportDraftModel.findById(review._id).lean<ReportDraftRecord>();
  if (draft) return draft;
  return { version: 0, content: reportContent.parse({ topography: caseRecord.content.primarySite }) };
}

const present = (review: ReviewRecord, draft: Pick<ReportDraftRecord, 'version' | 'content'>) => ({
  reviewId: String(review._id),
  version: draft.version,
  content: draft.content,
});

/** Nobody but the reader sees what is being written. */
export async function openDraft(reviewId: string, principal: Principal) {
  const { review, caseRecord } = await seeReview(reviewId, principal);
  if (!mayRead(review, principal)) throw new ProblemError('FORBIDDEN');
  return present(review, await readDraft(review, caseRecord));
}

/** @throws {ProblemError} CONFLICT with the draft as it is, when `version` is not the current one. */
export async function saveReportDraft(
  reviewId: string,
  version: number,
  content: ReportContent,
  principal: Principal,
) {
  const saved = await writeDraft(reviewId, version, content, principal);
  await recordAccess({
    actorId: principal.id,
    action: 'report.drafted',
    recordKind: 'review',
    recordId: reviewId,
    params: { version: saved.version },
  });
  return saved;
}

async function writeDraft(reviewId: string, version: number, content: ReportContent, principal: Principal) {
  const { review, caseRecord } = await seeReview(reviewId, principal);
  if (!mayRead(review, principal)) throw new ProblemError('FORBIDDEN');
  if (review.status === 'signed') throw new ProblemError('REPORT_SIGNED');
  if (review.status === 'cancelled') throw new ProblemError('STATUS_CONFLICT');
  const next = { content, version: version + 1, updatedAt: now() };
  if (version === 0) {
    try {
      await ReportDraftModel.create({ _id: review._id, ...next });
      return present(review, next);
    } catch (error) {
      if ((error as { code?: number }).code !== 11000) throw error;
    }
  } else {
    const { matchedCount } = await ReportDraftModel.updateOne({ _id: review._id, version }, { $set: next });
    if (matchedCount > 0) return present(review, next);
  }
  const current = await readDraft(review, caseRecord);
  // The answer was lost on its way and the page sends again: nothing changed in between.
  if (current.version === version + 1 && JSON.stringify(current.content) === JSON.stringify(content)) {
    return present(review, current);
  }
  throw new ProblemError('CONFLICT', { current: present(review, current) });
}
