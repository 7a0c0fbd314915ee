import type { Api } from '../platform/endpoint.js';
import { type ArrivalNeeds, arrivalDesk, openArrivalDesk } from './desk.js';
import { fetchSeries } from './dicomweb/fetch-series.js';
import { registerDicomWebRoutes } from './dicomweb/routes.js';
import { closeQuietSeries } from './dicomweb/series.js';
import { forgetTokenAttempts } from './dicomweb/tokens.js';
import type { ArrivalRecord } from './model.js';
import { attachToCase, takeFromFolder } from './prepare.js';
import { registerArrivalRoutes } from './routes.js';
import { forgetSightings, lookAtFolders } from './watch.js';
import { closeWork, setSteps, workOnArrivals } from './work.js';

const LOOK = 'look-for-arrivals';
const MOST_LOOK_SECONDS = 15;
/** A killed server's lock on the look ends so soon; the looks themselves wait for no copy. */
const LOCK_MS = 60_000;

export interface Arrivals {
  /** Takes up what the last run left. After the jobs have started. */
  resume(): Promise<void>;
  /** Waits for copies under way. */
  stop(): Promise<void>;
}

/** Slides that come without a browser. Called once by app.ts, before the jobs start. */
export async function createArrivals({
  api,
  ...needs
}: ArrivalNeeds & { readonly api: Api }): Promise<Arrivals> {
  await openArrivalDesk(needs);
  setSteps(arrive, attachToCase);
  needs.jobs.define(LOOK, look, { concurrency: 1, lockLifetime: LOCK_MS });
  registerArrivalRoutes(api);
  registerDicomWebRoutes(api);
  return {
    async resume() {
      const { quietMs } = arrivalDesk();
      const seconds = Math.max(1, Math.min(MOST_LOOK_SECONDS, Math.round(quietMs / 2000)));
      await needs.jobs.every(`${seconds} seconds`, LOOK, undefined, { skipImmediate: true });
      await look();
    },
    async stop() {
      await closeWork();
      forgetSightings();
      forgetTokenAttempts();
    },
  };
}

async function look(): Promise<void> {
  await lookAtFolders();
  await workOnArrivals();
}

async function arrive(arrival: ArrivalRecord): Promise<ArrivalRecord | null> {
  if (arrival.source === 'folder') return await takeFromFolder(arrival);
  return arrival.source === 'pacs' ? await fetchSeries(arrival) : await closeQuietSeries(arrival);
}
