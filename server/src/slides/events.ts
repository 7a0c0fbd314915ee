import { EVENTS } from '@relecture/shared/events/catalog.js';
import { Types } from 'mongoose';
import { declareSlide, dropSlide } from '../cases/index.js';
import { listen, listenToAll } from '../events/index.js';
import { scheduleCheck } from './check-jobs.js';
import { dropGrants } from './grants.js';
import { compareLabelsOfCase } from './label-check.js';
import { contentHashOf, forgetLocation } from './locations.js';
import { SlideModel, type SlideRecord } from './model.js';
import { removeBytes } from './place.js';
import { placeSoon } from './place-jobs.js';
import { removeLabels } from './retire.js';
import { leaveDraft } from './service.js';
import { closeEverywhere } from './tile-processes.js';
import { release } from './usage.js';

/** Rights may have changed: readers come and go with reviews, everybody but the sender's side with the case. */
const RIGHTS_CHANGE = EVENTS.filter(
  (event) =>
    event.startsWith('review.') ||
    (event.startsWith('case.') && event !== 'case.created') ||
    ['slide.removed', 'slide.purged'].includes(event),
);

export function listenToSlideEvents(): void {
  listen('slides-declared', ['slide.received'], async ({ recordId }) => {
    const slide = await find(recordId);
    if (slide && !['rejected', 'removed'].includes(slide.status)) await declareSlide(slide.caseId, slide._id);
  });

  listen('slides-dropped', ['slide.rejected', 'slide.removed'], async ({ recordId }) => {
    const slide = await find(recordId);
    if (!slide) return;
    forgetLocation(recordId);
    await dropSlide(slide.caseId, slide._id);
    const hash = contentHashOf(slide);
    if (hash) await closeEverywhere(hash);
    await removeBytes(slide);
    await release(slide._id);
  });

  // It stays on the case's list: what was read and sealed is still told, only the bytes are given up.
  listen('slides-purged', ['slide.purged'], async ({ recordId }) => {
    const slide = await find(recordId);
    if (!slide) return;
    forgetLocation(recordId);
    const hash = contentHashOf(slide);
    if (hash) await closeEverywhere(hash);
    await removeBytes(slide);
    await release(slide._id);
  });

  listen('slides-labels-destroyed', ['slide.labels-destroyed'], async ({ recordId }) => {
    const slide = await find(recordId);
    if (slide) await removeLabels(slide);
  });

  // Not waited for: a slide of gigabytes is read and written; the hourly job takes up what was cut short.
  listen('slides-place', ['slide.checked'], async ({ recordId }) => void placeSoon(recordId));

  listen('slides-check', ['slide.ready'], async ({ recordId }) => await scheduleCheck(recordId));

  listen(
    'slides-labels',
    ['case.submitted', 'case.patient-corrected'],
    async ({ recordId }) => await compareLabelsOfCase(recordId),
  );

  listen('slides-leave-draft', ['case.submitted'], async ({ recordId }) => await leaveDraft(recordId));

  listen('slides-grants', RIGHTS_CHANGE, async () => dropGrants());
  // Once more after every other step has heard of it: they are the ones who let readers in and out.
  listenToAll('slides-grants-afterwards', async ({ entry }) => {
    if (RIGHTS_CHANGE.includes(entry.event)) dropGrants();
  });
}

const find = async (slideId: string) =>
  await SlideModel.findById(new Types.ObjectId(slideId)).lean<SlideRecord>();
