import { listen } from '../events/index.js';
import { findTwins } from './duplicates.js';

export function listenToCaseEvents(): void {
  listen(
    'cases.find-twins',
    ['case.submitted', 'case.patient-corrected', 'case.withdrawn'],
    async ({ recordId }) => await findTwins(recordId),
  );
}
