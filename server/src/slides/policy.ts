import { type CaseRecord, isSender, mayAddMaterial, maySeeCase, maySeeIdentity } from '../cases/index.js';
import type { Principal } from '../platform/principal.js';
import type { SlideRecord } from './model.js';

/** Named rules of who may do what with a slide. Rights come from its case. */

/** Whoever may see the case: the sender's side, the assigned readers, the networks let in. */
export const maySeeSlide = maySeeCase;

/** Names are printed on the glass, and on its photograph. */
export const maySeeLabel = maySeeIdentity;

/** What never became a slide concerns only those who can send another file. */
export const maySeeUnreadable = isSender;

/** Stain, block, calibration. */
export const mayDescribeSlide = mayAddMaterial;

export const mayContinueUpload = (slide: SlideRecord, principal: Principal): boolean =>
  String(slide.createdBy) === principal.id;

/**
 * Nothing that a reader may have looked at disappears: only in a draft, what never became readable, and what is held
 * back, as long as no reader was let in: the wrong slide goes, the right one is sent.
 */
export const isRemovable = (slide: SlideRecord, caseRecord: CaseRecord, isHeld: boolean): boolean =>
  caseRecord.status === 'draft' ||
  ['receiving', 'rejected'].includes(slide.status) ||
  (isHeld && caseRecord.access.readerIds.length === 0);
