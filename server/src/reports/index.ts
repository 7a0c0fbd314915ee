export { saveReportDraft } from './drafts.js';
export { listenToReportEvents } from './events.js';
export type { ReportRecord } from './model.js';
export { presentReport } from './present.js';
export { configureReports, removeReportFiles } from './print-report.js';
export { registerReportRoutes } from './routes.js';
export { caseIdsOfReports, markReportRead, reportsOfCase } from './service.js';
export { amendReport, signOut } from './sign.js';
export { type Verdict, verifyPdf } from './stamp.js';
