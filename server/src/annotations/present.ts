import type { Annotation } from '@relecture/shared/annotations/schema.js';
import type { AnnotationRecord, AnnotationVersion } from './model.js';

export const presentAnnotation = (record: AnnotationRecord): Annotation => ({
  id: record._id,
  slideId: String(record.slideId),
  reviewId: String(record.reviewId),
  version: record.version,
  shape: record.shape,
  category: record.category,
  label: record.label,
  note: record.note,
  author: record.author,
  createdAt: record.createdAt.toISOString(),
  updatedAt: record.updatedAt.toISOString(),
  deleted: record.deleted,
});

export const presentVersion = (entry: AnnotationVersion) => ({
  version: entry.version,
  at: entry.at.toISOString(),
  by: entry.by,
  action: entry.action,
  shape: entry.shape,
  category: entry.category,
  label: entry.label,
  note: entry.note,
});
