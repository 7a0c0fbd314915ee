import type { ReportContent } from '@relecture/shared/reports/schema.js';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { keys } from '../api/keys';
import { readReportDraft } from '../api/reports';
import { keep } from '../viewer/save/kept';
import { ReportDraftStore } from './report-draft-store';

export type ReportDraftDesk = ReturnType<typeof useReportDraft>;

/** The draft of a review's report, for its reader. */
export function useReportDraft(reviewId: string, userId: string, editable: boolean) {
  const [store] = useState(() =>
    keep(`${userId}:${reviewId}:report`, userId, () => new ReportDraftStore(reviewId, userId)),
  );
  useEffect(() => {
    store.queue.start().catch(reportError);
  }, [store]);
  const draft = useQuery({
    queryKey: keys.reviews.reportDraft(reviewId),
    queryFn: () => readReportDraft(reviewId),
    enabled: editable,
  });
  const { data } = draft;
  useEffect(() => {
    if (data) store.load(data);
  }, [store, data]);
  const content = useSyncExternalStore(store.subscribe, store.content);
  const snapshot = useSyncExternalStore(store.queue.subscribe, store.queue.getSnapshot);
  return {
    content,
    query: draft,
    snapshot,
    change: (part: Partial<ReportContent>) => store.change(part),
    theirs: store.theirs(),
    resolve: (choice: 'mine' | 'theirs') => store.resolve(choice),
    flush: () => store.queue.flush(),
    retryNow: () => store.queue.retryNow(),
  };
}
