export { saveReportDraft } from './drafts.js';
export { listenToReportEvents } from './events.js';
export type { ReportRecord } from './model.js';
export { presentReport } from './present.js';
export { registerReportRoutes } from './routes.js';
export { type Verdict, verifyPdf } from './seal.js';
export { amendReport, configureReports, markReportRead, reportsOfCase, signOut } from './service.js';
