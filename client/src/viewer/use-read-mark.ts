import type { Review } from '@relecture/shared/reviews/schema.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { keys } from '../api/keys';
import { isProblem } from '../api/problem';
import { openReview } from '../api/reviews';
import { tellProblem } from '../ui/tell';

/** Tells the server that the reader has this slide in front of them: the first one begins the reading. */
export function useReadMark(review: Review, slideId: string | null, reading: boolean): void {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (id: string) => openReview(review.id, id),
    retry: (_, error) => isProblem(error) && error.transient,
    retryDelay: (attempt) => Math.min(30_000, 1000 * 2 ** attempt),
    onSuccess: (opened) => client.setQueryData(keys.reviews.one(opened.id), opened),
    onError: tellProblem,
  });
  const due =
    reading && slideId !== null && (review.status === 'assigned' || !review.readSlideIds.includes(slideId));
  useEffect(() => {
    if (due && slideId !== null) mutate(slideId);
  }, [due, slideId, mutate]);
}
