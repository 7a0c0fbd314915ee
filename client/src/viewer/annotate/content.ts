import type { Annotation, annotationCategory, Shape } from '@relecture/shared/annotations/schema.js';
import type { z } from 'zod';

export type Category = z.infer<typeof annotationCategory>;
export const CATEGORIES: readonly Category[] = ['region', 'tumour', 'mitosis', 'question', 'other'];

/** What the reviewer gives an annotation; who and when are the server's. */
export interface AnnotationContent {
  shape: Shape;
  category: Category;
  label: string;
  note: string;
}

export function contentOf(annotation: AnnotationContent): AnnotationContent {
  const { shape, category, label, note } = annotation;
  return { shape, category, label, note };
}

export function sameContent(a: AnnotationContent, b: AnnotationContent): boolean {
  return (
    a.category === b.category &&
    // The server trims what people type.
    a.label.trim() === b.label.trim() &&
    a.note.trim() === b.note.trim() &&
    a.shape.type === b.shape.type &&
    a.shape.points.length === b.shape.points.length &&
    a.shape.points.every(([x, y], i) => x === b.shape.points[i]?.[0] && y === b.shape.points[i]?.[1])
  );
}

type ShownState = 'saved' | 'saving' | 'retrying' | 'signed_out' | 'rejected' | 'conflict';

/** An annotation as the page shows it: the server's record, or what the person last made of it. */
export interface ShownAnnotation extends AnnotationContent {
  id: string;
  slideId: string;
  /** 0 while the server has not had it. */
  version: number;
  authorId: string;
  authorName: string;
  createdAt: string;
  state: ShownState;
  /** Set in a conflict: what somebody else saved meanwhile (null: deleted). */
  theirs?: AnnotationContent | null;
  problemCode?: string;
  /** The local wish is to delete it, and the server has not agreed yet. */
  deleting: boolean;
}

export function shownFrom(record: Annotation): ShownAnnotation {
  return {
    ...contentOf(record),
    id: record.id,
    slideId: record.slideId,
    version: record.version,
    authorId: record.author.id,
    authorName: record.author.displayName,
    createdAt: record.createdAt,
    state: 'saved',
    deleting: false,
  };
}
