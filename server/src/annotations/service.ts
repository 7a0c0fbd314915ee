import { boundsMeet, boundsOf } from '@relecture/shared/annotations/geometry.js';
import { ANNOTATION_LIMITS, type Shape } from '@relecture/shared/annotations/schema.js';
import { room } from '@relecture/shared/events/sockets.js';
import { Types } from 'mongoose';
import type { CaseRecord } from '../cases/index.js';
import { signal } from '../events/index.js';
import { recordAccess } from '../platform/access-log.js';
import { decodeDateTextCursor, encodeCursor } from '../platform/cursor.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { getReview, reviewsOfCase } from '../reviews/index.js';
import { seeSlide } from '../slides/index.js';
import {
  type AnnotationContent,
  AnnotationModel,
  type AnnotationRecord,
  type AnnotationVersion,
  AnnotationVersionModel,
} from './model.js';
import { mayDraw, maySeeShapes } from './policy.js';
import { bringInPending, projectPending, readCurrent, type Stroke, writeVersion } from './versions.js';

/** The slide belongs to the review's case, and the principal is its reader now. */
async function seeForDrawing(slideId: string, reviewId: string, principal: Principal) {
  const { slide } = await seeSlide(slideId, principal);
  const review = await getReview(reviewId);
  if (!review.caseId.equals(slide.caseId)) throw new ProblemError('NOT_FOUND');
  if (!mayDraw(review, principal)) throw new ProblemError('FORBIDDEN');
  return { review, slide };
}

async function write(stroke: Stroke, principal: Principal): Promise<AnnotationRecord> {
  const { annotationId, slideId, review } = stroke;
  const { current, made } = await writeVersion(stroke, principal, () => checkRoom(slideId));
  if (!made) return current;
  await recordAccess({
    actorId: principal.id,
    action: `annotation.${made.action}`,
    recordKind: 'slide',
    recordId: slideId,
    params: { annotationId, version: made.version },
  });
  signal({
    kind: 'annotation',
    id: annotationId,
    version: made.version,
    slideId,
    caseId: String(review.caseId),
    by: principal.id,
    rooms: [room.slide(slideId)],
  });
  return current;
}

async function checkRoom(slideId: string): Promise<void> {
  const count = await AnnotationModel.countDocuments({ slideId: new Types.ObjectId(slideId) });
  if (count >= ANNOTATION_LIMITS.perSlide) {
    throw new ProblemError('INVALID_INPUT', {
      fields: [{ path: 'shape', code: 'too_many', message: 'too_many' }],
      params: { limit: ANNOTATION_LIMITS.perSlide },
    });
  }
}

/** A shape none of which lies on the slide says nothing of it. The page draws none; another program may. */
function refuseBeside(
  { width, height }: { width: number | null; height: number | null },
  shape: Shape,
): void {
  const slide = {
    minX: 0,
    minY: 0,
    maxX: width ?? Number.POSITIVE_INFINITY,
    maxY: height ?? Number.POSITIVE_INFINITY,
  };
  if (!boundsMeet(boundsOf(shape.points), slide))
    throw new ProblemError('INVALID_INPUT', {
      fields: [{ path: 'shape', code: 'beside_slide', message: 'beside_slide' }],
    });
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
  const { review, slide } = await seeForDrawing(slideId, reviewId, principal);
  refuseBeside(slide, content.shape);
  return await write(
    { annotationId, slideId, review, baseVersion, content: { ...content, deleted: false } },
    principal,
  );
}

/** Marks a shape as deleted; its history stays, and saving it again restores it. */
export async function deleteAnnotation(
  slideId: string,
  annotationId: string,
  baseVersion: number,
  principal: Principal,
): Promise<AnnotationRecord> {
  const current = await readCurrent(annotationId);
  if (!current || String(current.slideId) !== slideId) throw new ProblemError('NOT_FOUND');
  const { review } = await seeForDrawing(slideId, String(current.reviewId), principal);
  const { shape, category, label, note } = current;
  return await write(
    { annotationId, slideId, review, baseVersion, content: { shape, category, label, note, deleted: true } },
    principal,
  );
}

/** Reviews of the case whose shapes the principal may see. */
async function seenReviews(
  caseId: Types.ObjectId,
  caseRecord: CaseRecord,
  principal: Principal,
): Promise<Types.ObjectId[]> {
  const reviews = await reviewsOfCase(caseId);
  return reviews.filter((review) => maySeeShapes(review, caseRecord, principal)).map(({ _id }) => _id);
}

/** In the order in which they were drawn; deleted ones too, so that they can be restored. */
export async function listAnnotations(
  slideId: string,
  { reviewId, after, limit }: { reviewId?: string | undefined; after?: string | undefined; limit: number },
  principal: Principal,
): Promise<{ items: AnnotationRecord[]; next: string | null }> {
  const { slide, caseRecord } = await seeSlide(slideId, principal);
  const seen = await seenReviews(slide.caseId, caseRecord, principal);
  const wanted = reviewId ? seen.filter((id) => String(id) === reviewId) : seen;
  if (wanted.length === 0) return { items: [], next: null };
  await bringInPending(wanted);
  await recordAccess({
    actorId: principal.id,
    action: 'annotations.read',
    recordKind: 'slide',
    recordId: slideId,
  });
  const found = await AnnotationModel.find({
    slideId: slide._id,
    reviewId: { $in: wanted },
    ...afterCursor(after),
  })
    .sort({ createdAt: 1, _id: 1 })
    .limit(limit + 1)
    .lean<AnnotationRecord[]>();
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    next: found.length > limit && last ? encodeCursor([last.createdAt.toISOString(), last._id]) : null,
  };
}

function afterCursor(after: string | undefined): Record<string, unknown> {
  if (!after) return {};
  const { date, last } = decodeDateTextCursor(after);
  return { $or: [{ createdAt: { $gt: date } }, { createdAt: date, _id: { $gt: last } }] };
}

export async function readHistory(
  slideId: string,
  annotationId: string,
  principal: Principal,
): Promise<AnnotationVersion[]> {
  const { slide, caseRecord } = await seeSlide(slideId, principal);
  const seen = await seenReviews(slide.caseId, caseRecord, principal);
  await bringInPending(seen);
  const entries = await AnnotationVersionModel.find({
    annotationId,
    slideId: slide._id,
    reviewId: { $in: seen },
    // Never acknowledged: a signature came before it.
    pending: { $ne: true },
  })
    .sort({ version: 1 })
    .limit(1000)
    .lean<AnnotationVersion[]>();
  if (entries.length === 0) throw new ProblemError('NOT_FOUND');
  return entries;
}

export type ShapeToSeal = Pick<
  AnnotationRecord,
  '_id' | 'version' | 'slideId' | 'shape' | 'category' | 'label' | 'note'
>;

/** What a signature seals: each living shape of the review, in the order of the ids. The caller holds the review. */
export async function* shapesToSeal(reviewId: Types.ObjectId): AsyncGenerator<ShapeToSeal> {
  await projectPending(reviewId);
  yield* AnnotationModel.find(
    { reviewId, deleted: false },
    { version: 1, slideId: 1, shape: 1, category: 1, label: 1, note: 1 },
  )
    .sort({ _id: 1 })
    .lean<ShapeToSeal[]>()
    .cursor() as AsyncIterable<ShapeToSeal>;
}
