import { Types } from 'mongoose';
import { now } from '../platform/clock.js';
import { asPerson, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { getReview, type ReviewRecord } from '../reviews/index.js';
import {
  type AnnotationContent,
  AnnotationModel,
  type AnnotationRecord,
  type AnnotationVersion,
  AnnotationVersionModel,
} from './model.js';
import { isDrawable, takesStrokes } from './policy.js';
import { presentAnnotation } from './present.js';

/**
 * How a shape is kept. The history is the lock and the truth: one document per version, inserted under
 * `annotationId:version`, so that of two writers of one version one is told. The current state only repeats the newest
 * entry; an entry that a crash left unrepeated is still marked `pending`, and whoever comes next brings it in.
 */

const sameContent = (a: AnnotationContent, b: AnnotationContent): boolean =>
  JSON.stringify([a.shape.type, a.shape.points, a.category, a.label, a.note, a.deleted]) ===
  JSON.stringify([b.shape.type, b.shape.points, b.category, b.label, b.note, b.deleted]);

/** The entry becomes the current state, unless a newer one is; running it again, or late, changes nothing. */
async function project(entry: AnnotationVersion): Promise<void> {
  const { annotationId, shape, category, label, note, deleted, version } = entry;
  const current = { shape, category, label, note, deleted, version, updatedAt: entry.at };
  const { matchedCount } = await AnnotationModel.updateOne(
    { _id: annotationId, version: { $lt: version } },
    { $set: current },
  );
  if (matchedCount === 0 && version === 1) {
    const { slideId, reviewId, caseId, by, at } = entry;
    await AnnotationModel.updateOne(
      { _id: annotationId },
      { $setOnInsert: { ...current, slideId, reviewId, caseId, author: by, createdAt: at } },
      { upsert: true },
    );
  }
  await AnnotationVersionModel.updateOne({ _id: entry._id }, { $unset: { pending: 1 } });
}

/**
 * Brings an entry in when its review still takes strokes. The review is looked at after the entry was found: a signature
 * that begins later finds the entry itself, one that began before is not changed behind its back.
 */
async function bringIn(entry: AnnotationVersion): Promise<ReviewRecord> {
  const review = await getReview(entry.reviewId);
  if (takesStrokes(review)) await project(entry);
  return review;
}

const pendingOf = (reviewIds: readonly Types.ObjectId[]): Promise<AnnotationVersion[]> =>
  AnnotationVersionModel.find({ reviewId: { $in: [...reviewIds] }, pending: true })
    .sort({ version: 1 })
    .limit(1000)
    .lean<AnnotationVersion[]>()
    .exec();

/** Before shapes are listed. Nearly always nothing. */
export async function bringInPending(reviewIds: readonly Types.ObjectId[]): Promise<void> {
  for (const entry of await pendingOf(reviewIds)) await bringIn(entry);
}

/** Before they are sealed, by the signature that holds the review. */
export async function projectPending(reviewId: Types.ObjectId): Promise<void> {
  for (const entry of await pendingOf([reviewId])) await project(entry);
}

export async function readCurrent(annotationId: string): Promise<AnnotationRecord | null> {
  const newest = await AnnotationVersionModel.findOne({ annotationId })
    .sort({ version: -1 })
    .lean<AnnotationVersion>();
  if (newest?.pending) {
    const pending = await AnnotationVersionModel.find({ annotationId, pending: true })
      .sort({ version: 1 })
      .lean<AnnotationVersion[]>();
    for (const entry of pending) await bringIn(entry);
  }
  return await AnnotationModel.findById(annotationId).lean<AnnotationRecord>();
}

export interface Stroke {
  readonly annotationId: string;
  readonly slideId: string;
  readonly review: ReviewRecord;
  /** The version last seen; 0 for a new shape. */
  readonly baseVersion: number;
  readonly content: AnnotationContent;
}

/** What a writer that came too early or too late is told. */
function refuse(review: ReviewRecord): never {
  if (isDrawable(review)) throw new ProblemError('UNAVAILABLE', { retryAfter: 1 });
  throw new ProblemError(review.status === 'signed' ? 'REPORT_SIGNED' : 'STATUS_CONFLICT');
}

const conflict = (current: AnnotationRecord | null) =>
  new ProblemError('CONFLICT', current ? { current: presentAnnotation(current) } : {});

/**
 * Writes the next version. `made` is null when the same words had been saved before: the answer was lost on its way.
 * @throws {ProblemError} CONFLICT with the current state, REPORT_SIGNED, UNAVAILABLE while a signature is being made.
 */
export async function writeVersion(
  { annotationId, slideId, review, baseVersion, content }: Stroke,
  principal: Principal,
  checkRoom: () => Promise<void>,
): Promise<{ current: AnnotationRecord; made: AnnotationVersion | null }> {
  const before = await readCurrent(annotationId);
  if (before && (!before.reviewId.equals(review._id) || String(before.slideId) !== slideId)) {
    throw new ProblemError('NOT_FOUND');
  }
  const isSaved = (current: AnnotationRecord): boolean =>
    current.version === baseVersion + 1 && sameContent(current, content);
  if (before && isSaved(before)) return { current: before, made: null };
  if (!takesStrokes(review)) refuse(review);
  if ((before?.version ?? 0) !== baseVersion) throw conflict(before);
  if (!before) await checkRoom();
  const version = baseVersion + 1;
  const made: AnnotationVersion = {
    _id: `${annotationId}:${version}`,
    annotationId,
    slideId: new Types.ObjectId(slideId),
    reviewId: review._id,
    caseId: review.caseId,
    version,
    ...content,
    by: asPerson(principal),
    at: now(),
    action: !before ? 'created' : content.deleted ? 'deleted' : before.deleted ? 'restored' : 'changed',
    pending: true,
  };
  try {
    await AnnotationVersionModel.create(made);
  } catch (error) {
    if ((error as { code?: number }).code !== 11000) throw error;
    const other = await readCurrent(annotationId);
    if (other && isSaved(other)) return { current: other, made: null };
    throw conflict(other);
  }
  const after = await bringIn(made);
  const current = await AnnotationModel.findById(annotationId).lean<AnnotationRecord>();
  // A newer one may already stand; ours is in its history all the same.
  if (current && current.version >= version) return { current, made };
  // A signature began meanwhile: had it found the entry, the entry would be the current state by now, or soon.
  refuse(after);
}
