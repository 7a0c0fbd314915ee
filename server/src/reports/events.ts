import { listen } from '../events/index.js';
import { bindReport } from './sign.js';

export function listenToReportEvents(): void {
  listen(
    'reports.bind',
    ['review.preliminary-signed', 'review.signed', 'review.addendum-signed', 'review.correction-signed'],
    async ({ entry }) => {
      await bindReport(String(entry.params.reportId));
    },
  );
}
