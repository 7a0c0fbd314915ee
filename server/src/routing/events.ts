import { partialIdentityOf } from '../cases/index.js';
import { listen } from '../events/index.js';
import { routeCase } from './service.js';

export function listenToRoutingEvents(): void {
  listen('routing.choose-networks', ['case.submitted'], async ({ recordId, entry }) => {
    await routeCase(recordId, entry.id, (record) => partialIdentityOf(record)?.sex ?? null);
  });
}
