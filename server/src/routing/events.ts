import { partialIdentityOf } from '../cases/index.js';
import { listen } from '../events/index.js';
import { openReviews, routeCase } from './service.js';

export function listenToRoutingEvents(): void {
  listen('routing.choose-networks', ['case.submitted'], async ({ recordId, entry }) => {
    await routeCase(recordId, entry.id, (record) => partialIdentityOf(record)?.sex ?? null);
  });
  listen('routing.open-reviews', ['case.routed'], async ({ recordId, entry }) => {
    await openReviews(recordId, typeof entry.params.decision === 'string' ? entry.params.decision : null);
  });
}
