import type { Review } from '@relecture/shared/reviews/schema.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { keys } from '../api/keys';
import { isProblem } from '../api/problem';
import { openReview } from '../api/reviews';
import { tellProblem } from '../ui/tell';

/**
 * Tells the server that the reader has this slide in front of them: the first one begins the reading. With `null`
 * there is no slide to show (glass sent by post), and opening the room begins it.
 */
export function useReadMark(review: Review, slideId: string | null, reading: boolean): void {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (id: string | null) => openReview(review.id, id ?? undefined),
    retry: (_, error) => isProblem(error) && error.transient,
    retryDelay: (attempt) => Math.min(30_000, 1000 * 2 ** attempt),
    onSuccess: (opened) => client.setQueryData(keys.reviews.one(opened.id), opened),
    onError: tellProblem,
  });
  const unread = slideId !== null && !review.readSlideIds.includes(slideId);
  const due = reading && (review.status === 'assigned' || unread);
  useEffect(() => {
    if (due) mutate(slideId);
  }, [due, slideId, mutate]);
}
