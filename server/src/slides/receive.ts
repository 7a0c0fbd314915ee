import { SLIDE_LIMITS } from '@relecture/shared/slides/schema.js';
import { Types } from 'mongoose';
import { type CaseRecord, declareSlide, mayAddMaterial, seeCaseFor } from '../cases/index.js';
import { firstEntry, publishRecord, transition } from '../events/index.js';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { desk } from './desk.js';
import { SlideModel, type SlideRecord } from './model.js';
import { sizeOf } from './storage/slide-storage.js';
import { charged, refuseOverQuota } from './usage.js';

export interface SlideLabels {
  readonly stain: string;
  readonly block: string;
}

/**
 * May this person add a slide of this size to this case? Asked before the first byte is accepted.
 * @throws {ProblemError} NOT_FOUND, FORBIDDEN, INVALID_INPUT (too many slides), FILE_TOO_LARGE, STORAGE_FULL,
 * STORAGE_QUOTA_REACHED
 */
export async function admitSlide(caseId: string, bytes: number, principal: Principal): Promise<CaseRecord> {
  const caseRecord = await seeCaseFor(caseId, principal, mayAddMaterial);
  await refuseTooMuch(caseRecord, bytes);
  desk().decoders.warm();
  return caseRecord;
}

/** What holds whoever sends it. @throws {ProblemError} INVALID_INPUT (too many slides), FILE_TOO_LARGE, STORAGE_FULL */
export async function refuseTooMuch(caseRecord: CaseRecord, bytes: number): Promise<void> {
  if (bytes > SLIDE_LIMITS.fileBytes) {
    throw new ProblemError('FILE_TOO_LARGE', { params: { limitBytes: SLIDE_LIMITS.fileBytes } });
  }
  const present = await SlideModel.countDocuments({
    caseId: caseRecord._id,
    status: { $nin: ['rejected', 'removed', 'purged'] },
  });
  if (present >= SLIDE_LIMITS.perCase) {
    throw new ProblemError('INVALID_INPUT', {
      fields: [{ path: 'slide', code: 'too_many', message: 'too_many' }],
      params: { limit: SLIDE_LIMITS.perCase },
    });
  }
  await refuseOverQuota(caseRecord.organisationId, bytes);
  if (!(await desk().storage.hasRoomFor(bytes))) throw new ProblemError('STORAGE_FULL');
}

interface NewSlide extends SlideLabels {
  readonly storageKey: string;
  readonly bytes: number;
}

/** A slide that came by itself belongs to whoever made its case. */
function newRecord(
  caseRecord: CaseRecord,
  principal: Principal | null,
  { storageKey, bytes, stain, block }: NewSlide,
) {
  return {
    _id: new Types.ObjectId(),
    caseId: caseRecord._id,
    organisationId: caseRecord.organisationId,
    createdBy: new Types.ObjectId(principal?.id ?? caseRecord.createdBy.id),
    storageKey,
    stain,
    block,
    bytes,
    draft: caseRecord.status === 'draft',
    late: caseRecord.status !== 'draft',
  };
}

/** A resumable upload begins: the slide is on the list from its first byte on. */
export async function beginReceiving(
  caseRecord: CaseRecord,
  principal: Principal,
  slide: NewSlide,
): Promise<SlideRecord> {
  const at = now();
  const record = newRecord(caseRecord, principal, slide);
  await charged(caseRecord.organisationId, slide.bytes, () =>
    SlideModel.create({
      ...record,
      status: 'receiving',
      party: 'transfer',
      since: at,
      timeline: [],
      createdAt: at,
      updatedAt: at,
      receivedBytes: 0,
    }),
  );
  await recordAccess({
    actorId: principal.id,
    action: 'slide.upload-started',
    recordKind: 'slide',
    recordId: String(record._id),
  });
  await declareSlide(caseRecord._id, record._id);
  return await loadSlide(record._id);
}

/** The last byte of a resumable upload is on disk. Can be repeated: only the first one passes the gate. */
export async function finishReceiving(
  slide: SlideRecord,
  sha256: string | null,
  principal: Principal | null,
): Promise<SlideRecord> {
  try {
    return await transition<SlideRecord>({
      kind: 'slide',
      id: slide._id,
      event: 'slide.received',
      from: ['receiving'],
      to: 'received',
      party: 'admission',
      by: principal,
      params: { caseId: String(slide.caseId) },
      set: { receivedBytes: slide.bytes, ...(sha256 === null ? {} : { sha256 }) },
      push: { steps: { step: 'received', at: now() } },
    });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'STATUS_CONFLICT') throw error;
    return await loadSlide(slide._id);
  }
}

/** A file that came in one piece, already on disk. */
export async function receiveWhole(
  caseRecord: CaseRecord,
  principal: Principal | null,
  slide: NewSlide & { readonly sha256: string },
): Promise<SlideRecord> {
  const record = newRecord(caseRecord, principal, slide);
  await charged(caseRecord.organisationId, slide.bytes, () =>
    SlideModel.create({
      ...record,
      ...firstEntry('slide.received', 'received', 'admission', principal, {
        caseId: String(caseRecord._id),
      }),
      status: 'received',
      receivedBytes: slide.bytes,
      sha256: slide.sha256,
      steps: [{ step: 'received', at: now() }],
    }),
  );
  await recordAccess({
    actorId: principal?.id ?? null,
    action: 'slide.received',
    recordKind: 'slide',
    recordId: String(record._id),
  });
  await publishRecord('slide', String(record._id));
  return await loadSlide(record._id);
}

/**
 * An upload whose last byte came but whose end was not written down (a crash in between): it is finished here,
 * because the sender, told that everything is there, will not send anything more.
 */
export async function finishIfWhole(slide: SlideRecord): Promise<SlideRecord> {
  if (slide.status !== 'receiving') return slide;
  const size = await sizeOf(desk().storage.incoming(slide.storageKey));
  return size === slide.bytes ? await finishReceiving(slide, null, null) : slide;
}

async function loadSlide(id: Types.ObjectId): Promise<SlideRecord> {
  const record = await SlideModel.findById(id).lean<SlideRecord>();
  if (!record) throw new ProblemError('NOT_FOUND');
  return record;
}
