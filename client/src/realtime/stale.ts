import type { ChangeMessage } from '@relecture/shared/events/sockets.js';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { keys } from '../api/keys';

/** Which queries a change makes stale. */
function staleKeys(message: ChangeMessage): QueryKey[] {
  const { kind, id, caseId, slideId } = message;
  const onCase = caseId ? [keys.cases.one(caseId)] : [];
  switch (kind) {
    case 'case':
      return [keys.cases.one(id), keys.cases.all, keys.reviews.all, keys.dispatch, keys.boards];
    case 'slide':
      return [keys.slides.one(id), ...onCase, keys.cases.all];
    case 'upload':
      return onCase;
    case 'review':
      return [keys.reviews.one(id), keys.reviews.all, keys.boards, keys.cases.all, ...onCase];
    case 'annotation':
      return slideId ? [keys.slides.annotations(slideId)] : [['annotations']];
    case 'message':
      return caseId ? [keys.cases.one(caseId)] : [['case']];
    case 'notification':
      return [keys.notifications];
  }
}

export function markStale(client: QueryClient, message: ChangeMessage): void {
  for (const queryKey of staleKeys(message)) void client.invalidateQueries({ queryKey });
}
