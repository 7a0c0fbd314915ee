import { ANNOTATION_LIMITS } from '@relecture/shared/annotations/schema.js';
import { room } from '@relecture/shared/events/sockets.js';
import { Types } from 'mongoose';
import { signal } from '../events/index.js';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import { asPerson, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { getReview, mayRead, maySeeOpinion, type ReviewRecord, reviewsOfCase } from '../reviews/index.js';
import { seeSlide } from '../slides/index.js';
import {
  type AnnotationContent,
  AnnotationModel,
  type AnnotationRecord,
  type AnnotationVersion,
  AnnotationVersionModel,
} from './model.js';
import { presentAnnotation } from './present.js';

const WRITABLE: ReadonlyArray<ReviewRecord['status']> = ['assigned', 'in_review', 'on_hold', 'preliminary'];

/** The slide belongs to the review's case, and the principal is its reader now. */
async function seeForWriting(slideId: string, reviewId: string, principal: Principal) {
  const { slide } = await seeSlide(slideId, principal);
  const review = await getReview(reviewId);
  if (!review.caseId.equals(slide.caseId)) throw new ProblemError('NOT_FOUND');
  if (!mayRead(review, principal)) throw new ProblemError('FORBIDDEN');
  if (!WRITABLE.includes(review.status)) {
    throw new ProblemError(review.status === 'signed' ? 'REPORT_SIGNED' : 'STATUS_CONFLICT');
  }
  return { slide, review };
}

const sameContent = (a: AnnotationContent, b: AnnotationContent): boolean =>
  JSON.stringify([a.shape.type, a.shape.points, a.category, a.label, a.note, a.deleted]) ===
  JSON.stringify([b.shape.type, b.shape.points, b.category, b.label, b.note, b.deleted]);

/** The newest version becomes the current state; running it again, or late, changes nothing. */
async function project(entry: AnnotationVersion): Promise<void> {
  const { shape, category, label, note, deleted, version } = entry;
  const current = { shape, category, label, note, deleted, version, updatedAt: entry.at };
  const { matchedCount } = await AnnotationModel.updateOne(
    { _id: entry.annotationId, version: { $lt: version } },
    { $set: current },
  );
  if (matchedCount > 0 || version > 1) return;
  await AnnotationModel.updateOne(
    { _id: entry.annotationId },
    {
      $setOnInsert: {
        ...current,
        slideId: entry.slideId,
        reviewId: entry.reviewId,
        caseId: entry.caseId,
        author: entry.by,
        createdAt: entry.at,
      },
    },
    { upsert: true },
  );
}

/** The current state; a version that a crash left unprojected is brought in first. */
async function readCurrent(annotationId: string): Promise<AnnotationRecord | null> {
  const newest = await AnnotationVersionModel.findOne({ annotationId })
    .sort({ version: -1 })
    .lean<AnnotationVersion>();
  if (!newest) return null;
  const current = await AnnotationModel.findById(annotationId).lean<AnnotationRecord>();
  if (current?.version === newest.version) return current;
  await project(newest);
  return await AnnotationModel.findById(annotationId).lean<AnnotationRecord>();
}

async function write(
  annotationId: string,
  slideId: string,
  review: ReviewRecord,
  baseVersion: number,
  content: AnnotationContent,
  principal: Principal,
): Promise<AnnotationRecord> {
  const current = await readCurrent(annotationId);
  if (current && (!current.reviewId.equals(review._id) || String(current.slideId) !== slideId)) {
    throw new ProblemError('NOT_FOUND');
  }
  // The answer was lost on its way and the page sends again: the same words get the same answer.
  if (current && current.version === baseVersion + 1 && sameContent(current, content)) return current;
  if ((current?.version ?? 0) !== baseVersion) throw conflict(current);
  if (!current) await checkRoom(slideId);
  const version = baseVersion + 1;
  const entry: AnnotationVersion = {
    _id: `${annotationId}:${version}`,
    annotationId,
    slideId: new Types.ObjectId(slideId),
    reviewId: review._id,
    caseId: review.caseId,
    version,
    ...content,
    by: asPerson(principal),
    at: now(),
    action: !current ? 'created' : content.deleted ? 'deleted' : current.deleted ? 'restored' : 'changed',
  };
  try {
    // The history first: it is the lock and the truth. What follows only repeats it.
    await AnnotationVersionModel.create(entry);
  } catch (error) {
    if ((error as { code?: number }).code !== 11000) throw error;
    const other = await readCurrent(annotationId);
    if (other && other.version === version && sameContent(other, content)) return other;
    throw conflict(other);
  }
  await project(entry);
  await recordAccess({
    actorId: principal.id,
    action: `annotation.${entry.action}`,
    recordKind: 'slide',
    recordId: slideId,
    params: { annotationId, version },
  });
  signal({
    kind: 'annotation',
    id: annotationId,
    version,
    slideId,
    caseId: String(review.caseId),
    by: principal.id,
    rooms: [room.slide(slideId)],
  });
  const saved = await AnnotationModel.findById(annotationId).lean<AnnotationRecord>();
  if (!saved) throw new ProblemError('CONFLICT');
  return saved;
}

const conflict = (current: AnnotationRecord | null) =>
  new ProblemError('CONFLICT', { ...(current ? { current: presentAnnotation(current) } : {}) });

async function checkRoom(slideId: string): Promise<void> {
  const count = await AnnotationModel.countDocuments({ slideId: new Types.ObjectId(slideId) });
  if (count >= ANNOTATION_LIMITS.perSlide) {
    throw new ProblemError('INVALID_INPUT', {
      fields: [{ path: 'shape', code: 'too_many', message: 'too_many' }],
      params: { limit: ANNOTATION_LIMITS.perSlide },
    });
  }
}

/** Saves a shape under the version last seen. @throws {ProblemError} CONFLICT with the current one. */
export async function saveAnnotation(
  slideId: string,
  annotationId: string,
  reviewId: string,
  baseVersion: number,
  content: Omit<AnnotationContent, 'deleted'>,
  principal: Principal,
): Promise<AnnotationRecord> {
  const { review } = await seeForWriting(slideId, reviewId, principal);
  return await write(annotationId, slideId, review, baseVersion, { ...content, deleted: false }, principal);
}

/** Marks a shape as deleted; its history stays, and saving it again restores it. */
export async function deleteAnnotation(
  slideId: string,
  annotationId: string,
  baseVersion: number,
  principal: Principal,
): Promise<AnnotationRecord> {
  const current = await readCurrent(annotationId);
  if (!current) throw new ProblemError('NOT_FOUND');
  const { review } = await seeForWriting(slideId, String(current.reviewId), principal);
  const { shape, category, label, note } = current;
  return await write(
    annotationId,
    slideId,
    review,
    baseVersion,
    { shape, category, label, note, deleted: true },
    principal,
  );
}

/** Reviews of the case whose opinion the principal may see; annotations follow the opinion. */
async function seenReviews(
  caseId: Types.ObjectId,
  caseRecord: Parameters<typeof maySeeOpinion>[1],
  principal: Principal,
) {
  const reviews = await reviewsOfCase(caseId);
  return reviews.filter((review) => maySeeOpinion(review, caseRecord, principal)).map(({ _id }) => _id);
}

export async function listAnnotations(
  slideId: string,
  reviewId: string | undefined,
  principal: Principal,
): Promise<AnnotationRecord[]> {
  const { slide, caseRecord } = await seeSlide(slideId, principal);
  const seen = await seenReviews(slide.caseId, caseRecord, principal);
  const wanted = reviewId ? seen.filter((id) => String(id) === reviewId) : seen;
  if (wanted.length === 0) return [];
  await recordAccess({
    actorId: principal.id,
    action: 'annotations.read',
    recordKind: 'slide',
    recordId: slideId,
  });
  return await AnnotationModel.find({ slideId: slide._id, reviewId: { $in: wanted } })
    .sort({ createdAt: 1, _id: 1 })
    .limit(ANNOTATION_LIMITS.perSlide)
    .lean<AnnotationRecord[]>();
}

export async function readHistory(
  slideId: string,
  annotationId: string,
  principal: Principal,
): Promise<AnnotationVersion[]> {
  const { slide, caseRecord } = await seeSlide(slideId, principal);
  const seen = (await seenReviews(slide.caseId, caseRecord, principal)).map(String);
  const entries = await AnnotationVersionModel.find({ annotationId })
    .sort({ version: 1 })
    .limit(1000)
    .lean<AnnotationVersion[]>();
  const own = entries.filter(
    (entry) => String(entry.slideId) === String(slide._id) && seen.includes(String(entry.reviewId)),
  );
  if (own.length === 0) throw new ProblemError('NOT_FOUND');
  return own;
}

/** What a signature seals: each living shape of the review with its version, in the order of the ids. */
export async function annotationVersionsOfReview(
  reviewId: string | Types.ObjectId,
): Promise<Array<{ id: string; version: number }>> {
  const found = await AnnotationModel.find({ reviewId, deleted: false }, { version: 1 })
    .sort({ _id: 1 })
    .lean<Array<Pick<AnnotationRecord, '_id' | 'version'>>>();
  return found.map(({ _id, version }) => ({ id: _id, version }));
}
