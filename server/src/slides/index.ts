import type { Agenda } from 'agenda';
import type { RequestHandler } from 'express';
import type { Api } from '../platform/endpoint.js';
import type { Logger } from '../platform/log.js';
import { closeChecks, defineCheckJobs } from './check-jobs.js';
import { closeDesk, desk, openDesk, type SlideConfig } from './desk.js';
import { dropGrantsWithSessions, forgetGrants } from './grants.js';
import { createSlideTileHandler } from './image-handler.js';
import { closeIngest, defineSlideJobs, resumeSlides } from './ingest-jobs.js';
import { forgetLocations } from './locations.js';
import { closePlacing, definePlaceJobs, schedulePlaceJobs } from './place-jobs.js';
import { registerSlideRoutes } from './routes.js';
import type { TileHandler } from './tiles/tile-handler.js';
import { createUploadHandler } from './upload-handler.js';

export { ingestFile, type LocalSlide } from './add-slide.js';
export { addStagedSlide, hasRoomFor, isHeldBy, type StagedSlide } from './add-staged.js';
export { listenToSlideEvents } from './events.js';
export type { DicomFacts } from './formats/dicom/facts.js';
export { SlideRefusal } from './formats/refusal.js';
export { verifySlides } from './integrity.js';
export { checksOf } from './judge.js';
export { identifySlideFile, readBarcodes, readDicomFacts } from './look-at-file.js';
export type { SlideRecord } from './model.js';
export { clearFormerPlaces, sweepObjects } from './place.js';
export { maySeeLabel, maySeeSlide } from './policy.js';
export { presentSlide } from './present.js';
export { readySlidesOf } from './queries.js';
export { admitSlide } from './receive.js';
export { casesWithSlides, destroyLabels, purgeSlide } from './retire.js';
export {
  caseIdsOfSlides,
  getSlide,
  isRefusedAfterSending,
  type SeenSlide,
  seeSlide,
  shownSlides,
  slidesOfCase,
} from './service.js';
export { hashFile } from './storage/hash-file.js';
export { removeSlideFiles, removeSlidesOfDraft, sweepSlides } from './sweep.js';
export { startTileProcesses, type TileProcesses } from './tile-processes.js';

export interface SlideNeeds {
  readonly api: Api;
  readonly config: SlideConfig;
  readonly jobs: Agenda;
  readonly log: Logger;
  /** Disk space that uploads leave free, bytes. */
  readonly reserveBytes?: number;
}

export interface Slides {
  /** Answers everything an `<img>` asks of a slide, in front of express; false: not its business. */
  readonly tiles: TileHandler;
  /** tus 1.0 under /api/uploads; before any body parser. */
  readonly uploads: RequestHandler;
  /** Takes up what the last run left. After the listeners listen and the jobs have started. */
  resume(): Promise<void>;
  /** Breaks off the slides in work, closes open files. What is not finished goes on at the next start. */
  stop(): Promise<void>;
}

/** Called once by app.ts, after the database is open and before the jobs start. */
export async function createSlides({ api, ...settings }: SlideNeeds): Promise<Slides> {
  await openDesk(settings);
  defineSlideJobs();
  defineCheckJobs();
  definePlaceJobs();
  registerSlideRoutes(api);
  const forgetSessions = dropGrantsWithSessions();
  return {
    tiles: createSlideTileHandler(),
    uploads: createUploadHandler(),
    async resume() {
      await resumeSlides();
      await schedulePlaceJobs();
    },
    async stop() {
      forgetSessions();
      // A conversion of minutes begins anew at the next start: nobody waits for it at a stop.
      await desk().decoders.stop();
      await closeIngest();
      await closeChecks();
      await closePlacing();
      await closeDesk();
      forgetGrants();
      forgetLocations();
    },
  };
}
