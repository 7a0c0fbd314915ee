import { EVENTS } from '@relecture/shared/events/catalog.js';
import { listen } from '../events/index.js';
import { caseIdOf, refreshProjection } from './projection.js';

export function listenToOverviewEvents(): void {
  listen('overview.project', EVENTS, async (event) => {
    await refreshProjection(await caseIdOf(event));
  });
}
