import { room } from '@relecture/shared/events/sockets.js';
import { signal } from '../events/index.js';
import type { SlideRecord } from './model.js';

/** Changes that pass no gate: a step of the preparation, a stain corrected. Screens fetch again. */
export function tellChanged(slide: SlideRecord): void {
  const slideId = String(slide._id);
  const caseId = String(slide.caseId);
  signal({
    kind: 'slide',
    id: slideId,
    slideId,
    caseId,
    version: slide.version,
    rooms: [room.case(caseId), room.slide(slideId)],
  });
}

export function tellProgress(slide: SlideRecord, receivedBytes: number): void {
  const slideId = String(slide._id);
  const caseId = String(slide.caseId);
  signal({
    kind: 'upload',
    id: slideId,
    slideId,
    caseId,
    progress: slide.bytes === 0 ? 1 : receivedBytes / slide.bytes,
    rooms: [room.case(caseId), room.user(String(slide.createdBy))],
  });
}
