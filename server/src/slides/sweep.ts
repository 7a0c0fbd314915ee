import { rm } from 'node:fs/promises';
import { Types } from 'mongoose';
import { findCase } from '../cases/index.js';
import { transition } from '../events/index.js';
import { ProblemError } from '../platform/problem.js';
import { desk } from './desk.js';
import { SlideModel, type SlideRecord } from './model.js';
import { removeBytes } from './place.js';
import { ALIVE } from './service.js';
import { recountUsage } from './usage.js';

/** A slide's upload may be continued for so long after it began. */
export const UPLOAD_DAYS = 7;
export const UPLOAD_MS = UPLOAD_DAYS * 24 * 3600 * 1000;
/** A file that nobody knows may be one whose record is about to be written. */
const STRAY_MS = 24 * 3600 * 1000;
const DRAFT_GRACE_MS = 3600 * 1000;

/** Clears away what nobody will come back for. Idempotent; runs every hour. */
export async function sweepSlides(at = new Date()): Promise<void> {
  await removeAbandonedUploads(at);
  await removeSlidesOfDeletedDrafts(at);
  await removeStrayFiles(at);
  await recountUsage(at);
}

async function removeAbandonedUploads(at: Date): Promise<void> {
  const before = new Date(at.getTime() - UPLOAD_MS);
  for await (const slide of SlideModel.find({ status: 'receiving', createdAt: { $lt: before } })
    .lean<SlideRecord[]>()
    .cursor()) {
    await removeQuietly(slide, 'expired');
  }
}

/** A draft was deleted: its slides, and uploads under way, go at once. */
export async function removeSlidesOfDraft(caseId: string): Promise<void> {
  for (const slide of await SlideModel.find({
    caseId: new Types.ObjectId(caseId),
    status: { $ne: 'removed' },
  }).lean<SlideRecord[]>()) {
    await removeQuietly(slide, 'draft_deleted', ALIVE);
  }
}

/** The files of every slide on record: for a demo that is made again. */
export async function removeSlideFiles(): Promise<void> {
  for await (const slide of SlideModel.find({}, { storageKey: 1, place: 1 }).lean<SlideRecord[]>().cursor()) {
    await removeBytes(slide);
  }
}

/** For a draft whose deletion was cut short, and for slides that arrived in the same instant. */
async function removeSlidesOfDeletedDrafts(at: Date): Promise<void> {
  const before = new Date(at.getTime() - DRAFT_GRACE_MS);
  for await (const slide of SlideModel.find({
    draft: true,
    createdAt: { $lt: before },
    status: { $ne: 'removed' },
  })
    .lean<SlideRecord[]>()
    .cursor()) {
    if (!(await findCase(slide.caseId))) await removeQuietly(slide, 'draft_deleted', ALIVE);
  }
}

/** The files go with the event (events.ts). A slide that moved on meanwhile stays. */
async function removeQuietly(
  slide: SlideRecord,
  reason: string,
  from: readonly SlideRecord['status'][] = [slide.status],
): Promise<void> {
  try {
    await transition<SlideRecord>({
      kind: 'slide',
      id: slide._id,
      event: 'slide.removed',
      from,
      to: 'removed',
      party: 'none',
      by: null,
      params: { caseId: String(slide.caseId), reason },
      set: { draft: false },
    });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'STATUS_CONFLICT') throw error;
  }
}

async function removeStrayFiles(at: Date): Promise<void> {
  const { storage } = desk();
  for (const { key, path, changedAt } of await storage.listIncoming()) {
    if (at.getTime() - changedAt.getTime() < STRAY_MS) continue;
    const owner = await SlideModel.exists({
      storageKey: key,
      status: { $in: ['receiving', 'received', 'processing'] },
    });
    if (!owner) await rm(path, { force: true });
  }
}
