import { Types } from 'mongoose';
import type { CaseRecord } from '../cases/index.js';
import type { Principal } from '../platform/principal.js';
import { desk } from './desk.js';
import { scheduleIngest } from './ingest-jobs.js';
import { SlideModel, type SlideRecord } from './model.js';
import { receiveWhole, refuseTooMuch, type SlideLabels } from './receive.js';

/** A file that came by another way than the two doors: whole, in UPLOADS_DIR, under a name of its own. */
export interface StagedSlide extends SlideLabels {
  readonly path: string;
  /** Of the slide to be: done twice after a crash, it is the same slide. */
  readonly storageKey: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Makes it a slide of the case; `by` is null when a rule found the case. The preparation begins at once. */
export async function addStagedSlide(
  caseRecord: CaseRecord,
  { path, storageKey, bytes, sha256, stain, block }: StagedSlide,
  by: Principal | null,
): Promise<SlideRecord> {
  const known = await SlideModel.findOne({ storageKey }).lean<SlideRecord>();
  if (!known) await refuseTooMuch(caseRecord, bytes);
  if (!known) await desk().storage.takeOver(path, storageKey);
  const slide = known ?? (await receiveWhole(caseRecord, by, { storageKey, bytes, sha256, stain, block }));
  await scheduleIngest(slide);
  return slide;
}

export const hasRoomFor = (bytes: number): Promise<boolean> => desk().storage.hasRoomFor(bytes);

/** Is this file a slide of the organisation already? */
export const isHeldBy = async (sha256: string, organisationId: string): Promise<boolean> =>
  (await SlideModel.exists({
    sha256,
    organisationId: new Types.ObjectId(organisationId),
    status: { $nin: ['rejected', 'removed'] },
  })) !== null;
