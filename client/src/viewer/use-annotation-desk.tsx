import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Resolution } from '@relecture/shared/annotations/save-queue.js';
import type { Shape } from '@relecture/shared/annotations/schema.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import type { AnnotationStore } from './annotate/annotation-store';
import { type AnnotationContent, type Category, contentOf, type ShownAnnotation } from './annotate/content';
import { useAnnotations } from './use-annotations';

interface DeskOptions {
  store: AnnotationStore;
  review: Review;
  slideId: string | null;
  editable: boolean;
  category: Category;
}

export type AnnotationDesk = ReturnType<typeof useAnnotationDesk>;

/** What a person does with the annotations of the open slide, each act saved at once and undoable. */
export function useAnnotationDesk({ store, review, slideId, editable, category }: DeskOptions) {
  const { t } = useTranslation(['viewer', 'ui']);
  const client = useQueryClient();
  const { annotations, list } = useAnnotations(store, review.id, slideId);
  const [selectedId, select] = useState<string | null>(null);
  const may = editable && slideId !== null;

  const remove = (annotation: ShownAnnotation) => {
    if (!may) return;
    store.change(slideId, annotation.id, null, annotation.version);
    if (selectedId === annotation.id) select(null);
    const note = `removed-${annotation.id}`;
    notifications.show({
      id: note,
      autoClose: 8000,
      closeButtonProps: { 'aria-label': t('ui:close') },
      message: (
        <>
          {t('annotations.removed')}{' '}
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              store.change(slideId, annotation.id, contentOf(annotation));
              notifications.hide(note);
            }}
          >
            {t('toolbar.undo')}
          </Button>
        </>
      ),
    });
  };

  return {
    annotations,
    list,
    selectedId,
    select,
    remove,
    add: (shape: Shape) => {
      if (!may) return;
      const id = crypto.randomUUID();
      store.change(slideId, id, { shape, category, label: '', note: '' });
      select(id);
    },
    reshape: (annotation: ShownAnnotation, shape: Shape) => {
      if (may) store.patch(slideId, annotation.id, { shape }, annotation.version);
    },
    edit: (annotation: ShownAnnotation, part: Partial<AnnotationContent>) => {
      if (may) store.patch(slideId, annotation.id, part, annotation.version);
    },
    removeSelected: () => {
      const annotation = annotations.find((each) => each.id === selectedId);
      if (annotation) remove(annotation);
    },
    undo: () => {
      if (may) store.undo(slideId);
    },
    redo: () => {
      if (may) store.redo(slideId);
    },
    /** Puts an earlier version back, as a new one. */
    restore: (annotationId: string, content: AnnotationContent) => {
      if (may) store.change(slideId, annotationId, contentOf(content));
    },
    resolve: (annotation: ShownAnnotation, choice: Resolution | 'both') => {
      if (slideId === null) return;
      store.resolve(slideId, annotation.id, choice);
      void client.invalidateQueries({ queryKey: keys.slides.annotations(slideId) });
    },
    canUndo: may && store.canUndo(slideId),
    canRedo: may && store.canRedo(slideId),
  };
}
