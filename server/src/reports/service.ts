import { Readable } from 'node:stream';
import { Types } from 'mongoose';
import { isSender, maySeeIdentity } from '../cases/index.js';
import { transition } from '../events/index.js';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { maySeeOpinion, type ReviewRecord, seeReview } from '../reviews/index.js';
import { ReportModel, type ReportRecord } from './model.js';
import { openFile, printReport } from './print-report.js';
import { isIntact } from './seal-record.js';

/** Reports that the review's timeline names, oldest first. */
export const boundReports = (reviewId: Types.ObjectId): Promise<ReportRecord[]> =>
  ReportModel.find({ reviewId, bound: true }).sort({ number: 1 }).limit(200).lean<ReportRecord[]>().exec();

export const reportsOfCase = (caseId: string | Types.ObjectId): Promise<ReportRecord[]> =>
  ReportModel.find({ caseId, bound: true }).sort({ signedAt: 1 }).limit(200).lean<ReportRecord[]>().exec();

export async function caseIdsOfReports(reportIds: readonly string[]): Promise<Map<string, string>> {
  const found = await ReportModel.find({ _id: { $in: reportIds } }, { caseId: 1 }).lean<
    Array<Pick<ReportRecord, '_id' | 'caseId'>>
  >();
  return new Map(found.map(({ _id, caseId }) => [String(_id), String(caseId)]));
}

/** @throws {ProblemError} NOT_FOUND */
export async function getReport(reportId: string | Types.ObjectId): Promise<ReportRecord> {
  const report = Types.ObjectId.isValid(reportId)
    ? await ReportModel.findOne({ _id: reportId, bound: true }).lean<ReportRecord>()
    : null;
  if (!report) throw new ProblemError('NOT_FOUND');
  return report;
}

/** @throws {ProblemError} NOT_FOUND; REPORT_ALTERED when its words no longer match its seal: better none than a false one. */
async function seeReport(reportId: string, principal: Principal) {
  const report = await getReport(reportId);
  const { review, caseRecord } = await seeReview(report.reviewId, principal);
  if (!maySeeOpinion(review, caseRecord, principal)) throw new ProblemError('NOT_FOUND');
  if (!isIntact(report)) throw new ProblemError('REPORT_ALTERED');
  return { report, review, caseRecord };
}

export async function readReport(reportId: string, principal: Principal): Promise<ReportRecord> {
  const { report } = await seeReport(reportId, principal);
  await recordAccess({
    actorId: principal.id,
    action: 'report.read',
    recordKind: 'report',
    recordId: reportId,
  });
  return report;
}

/** The signed file itself for those who may see the patient; for others the same report, printed without. */
export async function readReportPdf(
  reportId: string,
  principal: Principal,
): Promise<{ report: ReportRecord; stream: Readable; bytes: number }> {
  const { report, review, caseRecord } = await seeReport(reportId, principal);
  await recordAccess({
    actorId: principal.id,
    action: 'report.downloaded',
    recordKind: 'report',
    recordId: reportId,
  });
  if (maySeeIdentity(caseRecord, principal)) {
    return { report, stream: await openFile(report.pdf), bytes: report.pdf.bytes };
  }
  const pdf = await printReport(report, caseRecord, review.level, false);
  return { report, stream: Readable.from([pdf]), bytes: pdf.length };
}

/** The sender's people have read it; the first time is kept. */
export async function markReportRead(reportId: string, principal: Principal): Promise<void> {
  const { report, review, caseRecord } = await seeReport(reportId, principal);
  if (!isSender(caseRecord, principal)) throw new ProblemError('FORBIDDEN');
  const { modifiedCount } = await ReportModel.updateOne(
    { _id: report._id, readBySenderAt: null },
    { $set: { readBySenderAt: now() } },
  );
  if (modifiedCount === 0) return;
  await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: 'review.report-read',
    from: [review.status],
    to: 'same',
    party: 'same',
    by: principal,
    params: { readReportId: reportId },
  });
}
