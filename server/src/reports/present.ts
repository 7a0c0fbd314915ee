import type { Report } from '@relecture/shared/reports/schema.js';
import type { ReportRecord } from './model.js';

export const presentReport = (report: ReportRecord): Report => ({
  id: String(report._id),
  reviewId: String(report.reviewId),
  caseId: String(report.caseId),
  caseNumber: report.caseNumber,
  networkId: report.networkId,
  kind: report.kind,
  number: report.number,
  content: report.content,
  amendment: report.amendment,
  signedAt: report.signedAt.toISOString(),
  signedBy: report.signedBy,
  seal: report.seal,
  verificationCode: report.verificationCode,
  readBySenderAt: report.readBySenderAt?.toISOString() ?? null,
});
