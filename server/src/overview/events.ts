import { EVENTS } from '@relecture/shared/events/catalog.js';
import { listen } from '../events/index.js';
import { caseIdOf, refreshProjection } from './projection.js';

/** A message moves nothing that a list shows. */
const MOVES = EVENTS.filter((event) => event !== 'message.posted');

export function listenToOverviewEvents(): void {
  listen('overview.project', MOVES, async (event) => {
    await refreshProjection(await caseIdOf(event));
  });
}
