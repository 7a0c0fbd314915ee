import { slideStatus } from '@relecture/shared/events/status.js';
import type { FocusMap } from '@relecture/shared/slides/checks.js';
import { Types } from 'mongoose';
import { type CaseRecord, declareSlide, dropSlideWhile, mayEdit, seeCase } from '../cases/index.js';
import { transition } from '../events/index.js';
import { recordAccess } from '../platform/access-log.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { BLURRED_FROM } from './formats/focus.js';
import { examNumberOf, isHeld, judgeLabel } from './judge.js';
import { SlideModel, type SlideRecord } from './model.js';
import { isRemovable, mayDescribeSlide, maySeeUnreadable } from './policy.js';

/** Any slide, removed ones too: events speak of those. @throws {ProblemError} NOT_FOUND */
export async function getSlide(slideId: string | Types.ObjectId): Promise<SlideRecord> {
  const slide = Types.ObjectId.isValid(slideId)
    ? await SlideModel.findById(slideId).lean<SlideRecord>()
    : null;
  if (!slide) throw new ProblemError('NOT_FOUND');
  return slide;
}

export interface SeenSlide {
  readonly slide: SlideRecord;
  readonly caseRecord: CaseRecord;
}

/** A slide whose case the principal may see; any other one is NOT_FOUND, whether it exists or not. */
export async function seeSlide(slideId: string | Types.ObjectId, principal: Principal): Promise<SeenSlide> {
  const slide = await getSlide(slideId);
  if (slide.status === 'removed') throw new ProblemError('NOT_FOUND');
  const caseRecord = await seeCase(slide.caseId, principal);
  if (!isReadableOrOnItsWay(slide) && !maySeeUnreadable(caseRecord, principal)) {
    throw new ProblemError('NOT_FOUND');
  }
  return { slide, caseRecord };
}

const isReadableOrOnItsWay = ({ status }: SlideRecord): boolean => status !== 'rejected';

export const isKnownFile = async (storageKey: string): Promise<boolean> =>
  (await SlideModel.exists({ storageKey })) !== null;

export async function caseIdsOfSlides(slideIds: readonly string[]): Promise<Map<string, string>> {
  const found = await SlideModel.find({ _id: { $in: slideIds } }, { caseId: 1 }).lean<
    Array<Pick<SlideRecord, '_id' | 'caseId'>>
  >();
  return new Map(found.map(({ _id, caseId }) => [String(_id), String(caseId)]));
}

/** In the order in which they came; removed ones are not among them. */
export async function slidesOfCase(caseId: string | Types.ObjectId): Promise<SlideRecord[]> {
  return await SlideModel.find({ caseId: new Types.ObjectId(caseId), status: { $ne: 'removed' } })
    .sort({ createdAt: 1, _id: 1 })
    .lean<SlideRecord[]>();
}

export async function listSlides(caseId: string, principal: Principal): Promise<SlideRecord[]> {
  const caseRecord = await seeCase(caseId, principal);
  const slides = await slidesOfCase(caseId);
  await recordAccess({
    actorId: principal.id,
    action: 'case.slides-read',
    recordKind: 'case',
    recordId: caseId,
  });
  return shownSlides(slides, caseRecord, principal);
}

/** What never became a slide is shown to its senders alone, in a list as on the case's page. */
export const shownSlides = (
  slides: readonly SlideRecord[],
  caseRecord: CaseRecord,
  principal: Principal,
): SlideRecord[] =>
  slides.filter((slide) => maySeeUnreadable(caseRecord, principal) || isReadableOrOnItsWay(slide));

export async function readSlide(slideId: string, principal: Principal): Promise<SlideRecord> {
  const { slide } = await seeSlide(slideId, principal);
  await recordAccess({
    actorId: principal.id,
    action: 'slide.read',
    recordKind: 'slide',
    recordId: slideId,
  });
  return slide;
}

/** @throws {ProblemError} SLIDE_NOT_READY while it is not known yet */
export async function readFocus(slideId: string, principal: Principal): Promise<FocusMap> {
  const { slide } = await seeSlide(slideId, principal);
  if (!slide.focus) throw new ProblemError('SLIDE_NOT_READY');
  return { ...slide.focus.map, blurredFrom: Math.round(10 * BLURRED_FROM) };
}

/** Every status but the last ones. */
export const ALIVE = slideStatus.options.filter((status) => !['removed', 'purged'].includes(status));

export interface SlideDescription {
  stain?: string | undefined;
  block?: string | undefined;
  mpp?: number | undefined;
}

/** Stain, block, or a calibration typed by hand: the file's own scale is kept beside it. */
export async function describeSlide(
  slideId: string,
  { stain, block, mpp }: SlideDescription,
  principal: Principal,
): Promise<SlideRecord> {
  const { slide, caseRecord } = await seeSlide(slideId, principal);
  if (!mayDescribeSlide(caseRecord, principal)) throw new ProblemError('FORBIDDEN');
  const set = {
    ...(stain === undefined || stain === slide.stain ? {} : { stain }),
    ...(block === undefined || block === slide.block ? {} : { block }),
    ...(mpp === undefined || mpp === slide.manualMpp ? {} : { manualMpp: mpp }),
    ...(block === undefined || block === slide.block ? {} : relabelled(slide, caseRecord, block)),
  };
  if (Object.keys(set).length === 0) return slide;
  // Through the gate: what a slide shows decides whether its case is admitted.
  return await transition<SlideRecord>({
    kind: 'slide',
    id: slide._id,
    event: 'slide.described',
    from: ALIVE,
    to: 'same',
    party: 'same',
    by: principal,
    params: { caseId: String(slide.caseId), fields: Object.keys(set).filter((field) => field !== 'label') },
    set,
    ...('label' in set ? { version: slide.version } : {}),
  }).catch(async (error: unknown) => {
    // The machine read the label meanwhile: it is compared once more, with what it read.
    if (!('label' in set) || !(error instanceof ProblemError) || error.code !== 'CONFLICT') throw error;
    return await describeSlide(slideId, { stain, block, mpp }, principal);
  });
}

/** Whoever compared the label by eye compared it with the block as it was: with another one it is compared anew. */
function relabelled(
  { label }: SlideRecord,
  caseRecord: CaseRecord,
  block: string,
): Partial<Pick<SlideRecord, 'label'>> {
  if (!label) return {};
  const kept = { ...label, byEye: null, ...(label.says === '' ? { by: null, at: null } : {}) };
  return { label: { ...kept, ...judgeLabel(kept, block, examNumberOf(caseRecord)) } };
}

/** Its bytes go with the event (events.ts); the record stays, to say that it was there and who took it away. */
export async function removeSlide(slideId: string, principal: Principal): Promise<void> {
  const { slide, caseRecord } = await seeSlide(slideId, principal);
  if (!mayDescribeSlide(caseRecord, principal)) throw new ProblemError('FORBIDDEN');
  if (!isRemovable(slide, caseRecord, isHeld(slide))) throw new ProblemError('CASE_NOT_EDITABLE');
  const written = mayEdit(caseRecord, principal);
  if (written && !(await dropSlideWhile(caseRecord.status, caseRecord._id, slide._id)))
    throw new ProblemError('CASE_NOT_EDITABLE');
  const removed = transition<SlideRecord>({
    kind: 'slide',
    id: slide._id,
    event: 'slide.removed',
    from: caseRecord.status === 'draft' ? ALIVE : [slide.status],
    to: 'removed',
    party: 'none',
    by: principal,
    params: { caseId: String(slide.caseId), reason: 'by_sender' },
  });
  await removed.catch(async (error: unknown) => {
    // It moved on under our hands, and stays.
    const { status } = await getSlide(slide._id);
    if (written && !['rejected', 'removed'].includes(status)) await declareSlide(caseRecord._id, slide._id);
    throw error;
  });
}

/** A slide of the case was a draft's until now; from here on a deleted draft no longer concerns it. */
export async function leaveDraft(caseId: string): Promise<void> {
  await SlideModel.updateMany(
    { caseId: new Types.ObjectId(caseId), draft: true },
    { $set: { draft: false } },
  );
}

/**
 * Refused after the case was sent: the sender still believes that the expert will see it. One refused while they were
 * filling in the case was said to their face, and they sent the case without it.
 */
export function isRefusedAfterSending(
  slide: Pick<SlideRecord, 'status' | 'timeline'>,
  submittedAt: Date | null,
): boolean {
  if (slide.status !== 'rejected' || submittedAt === null) return false;
  const refused = slide.timeline.findLast(({ event }) => event === 'slide.rejected');
  return refused !== undefined && refused.at > submittedAt;
}
