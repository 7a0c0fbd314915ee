import { z } from 'zod';
import { instant, objectId } from '../http/page.js';
import { person } from '../users/schema.js';

export const ANNOTATION_LIMITS = {
  pointsPerShape: 20_000,
  label: 200,
  note: 4000,
  perSlide: 20_000,
} as const;

/** Level-0 pixels of the slide, unrotated, whatever the screen showed. */
export const point = z.tuple([z.number().finite(), z.number().finite()]);

/**
 * Shapes: `rectangle` two opposite corners; `polygon` its corners; `freehand` the closed stroke's points;
 * `point` one; `ruler` two ends.
 */
export const shape = z.discriminatedUnion('type', [
  z.object({ type: z.literal('rectangle'), points: z.array(point).length(2) }),
  z.object({
    type: z.literal('polygon'),
    points: z.array(point).min(3).max(ANNOTATION_LIMITS.pointsPerShape),
  }),
  z.object({
    type: z.literal('freehand'),
    points: z.array(point).min(2).max(ANNOTATION_LIMITS.pointsPerShape),
  }),
  z.object({ type: z.literal('point'), points: z.array(point).length(1) }),
  z.object({ type: z.literal('ruler'), points: z.array(point).length(2) }),
]);
export type Shape = z.infer<typeof shape>;

export const annotationCategory = z.enum(['region', 'mitosis', 'tumour', 'question', 'other']);

export const annotation = z.object({
  /** Made by the page (UUID v4), so that a stroke drawn offline keeps its name and saving twice is harmless. */
  id: z.uuid(),
  slideId: objectId,
  reviewId: objectId,
  /** 1 at the first save, +1 at each. */
  version: z.number().int().min(1),
  shape,
  category: annotationCategory,
  label: z.string(),
  note: z.string(),
  author: person,
  createdAt: instant,
  updatedAt: instant,
  deleted: z.boolean(),
});
export type Annotation = z.infer<typeof annotation>;

/**
 * `PUT /api/slides/:slideId/annotations/:annotationId`. `baseVersion` is the version last seen (0 for a new shape);
 * another version in the store answers 409 CONFLICT with the current one, and nothing is lost.
 * The same body sent twice answers the same version.
 */
export const saveAnnotationBody = z.object({
  reviewId: objectId,
  baseVersion: z.number().int().min(0),
  shape,
  category: annotationCategory.default('region'),
  label: z.string().trim().max(ANNOTATION_LIMITS.label).default(''),
  note: z.string().trim().max(ANNOTATION_LIMITS.note).default(''),
});
export type SaveAnnotationBody = z.input<typeof saveAnnotationBody>;
/** `DELETE …?baseVersion=`: marks it deleted (history keeps it; a restore is a save). */
export const deleteAnnotationQuery = z.object({ baseVersion: z.coerce.number().int().min(1) });
/** All at once unless `limit` asks for pages: a viewer wants every shape of the slide. */
export const listAnnotationsQuery = z.object({
  reviewId: objectId.optional(),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(ANNOTATION_LIMITS.perSlide).default(ANNOTATION_LIMITS.perSlide),
});
export const annotationList = z.object({
  items: z.array(annotation),
  /** Cursor of the next page; null on the last one. */
  next: z.string().nullable().default(null),
});
export const annotationHistory = z.object({
  items: z.array(
    z.object({
      version: z.number().int(),
      at: instant,
      by: person,
      action: z.enum(['created', 'changed', 'deleted', 'restored']),
      shape,
      category: annotationCategory,
      label: z.string(),
      note: z.string(),
    }),
  ),
});
