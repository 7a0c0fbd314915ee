import type { User } from '@relecture/shared/users/schema.js';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { listAnnotations } from '../api/annotations';
import { keys } from '../api/keys';
import { AnnotationStore } from './annotate/annotation-store';
import type { ShownAnnotation } from './annotate/content';
import { keep } from './save/kept';

const displayNameOf = (user: User) => [user.title, user.firstName, user.lastName].filter(Boolean).join(' ');

export function useAnnotationStore(reviewId: string, user: User): AnnotationStore {
  const [store] = useState(() =>
    keep(
      `${user.id}:${reviewId}:annotations`,
      user.id,
      () => new AnnotationStore(reviewId, { id: user.id, displayName: displayNameOf(user) }),
    ),
  );
  useEffect(() => {
    store.queue.start().catch(reportError);
  }, [store]);
  return store;
}

const NONE: readonly ShownAnnotation[] = [];

/** The annotations of the open slide: read from the server, kept fresh by the socket, overlaid by what is unsaved. */
export function useAnnotations(store: AnnotationStore, reviewId: string, slideId: string | null) {
  const list = useQuery({
    queryKey: keys.slides.annotations(slideId ?? '', reviewId),
    queryFn: () => {
      store.asking();
      return listAnnotations(slideId ?? '', reviewId);
    },
    enabled: slideId !== null,
    // Thousands of shapes: comparing them with the last answer costs more than drawing them.
    structuralSharing: false,
  });
  const { data } = list;
  useEffect(() => {
    if (slideId !== null && data) store.load(slideId, data.items);
  }, [store, slideId, data]);
  const annotations = useSyncExternalStore(store.subscribe, () =>
    slideId === null ? NONE : store.shownOn(slideId),
  );
  return { annotations, list };
}
