import type { CasePage } from '@relecture/shared/cases/page.js';
import { room } from '@relecture/shared/events/sockets.js';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useLocation, useNavigate, useParams } from 'react-router';
import { readCase } from '../api/cases';
import { keys } from '../api/keys';
import { isProblem } from '../api/problem';
import { NotHere } from '../app/Crash';
import { useRoom } from '../realtime/hooks';
import { ErrorState } from '../ui/ErrorState';
import { PageSkeleton } from '../ui/Skeletons';
import { useTitle } from '../ui/use-title';
import { CaseFormBody } from './CaseFormBody';
import { Draft } from './draft';

/** `/cases/new` and `/cases/:caseId/edit`. */
export default function CaseForm() {
  const { caseId } = useParams();
  const { t } = useTranslation('submission');
  const location = useLocation();
  // A new draft gets its address at its first save: the editor must not notice, for somebody is typing in it.
  const editorKey = (location.state as { continues?: string } | null)?.continues ?? location.key;
  const editable = useRef(false);
  useTitle(t('title'));
  const page = useQuery({
    queryKey: keys.cases.one(caseId ?? ''),
    queryFn: () => readCase(caseId ?? ''),
    enabled: caseId !== undefined,
  });
  useRoom(caseId ? room.case(caseId) : null);
  if (caseId !== undefined && page.isPending) return <PageSkeleton />;
  if (isProblem(page.error, 'NOT_FOUND')) return <NotHere error={page.error} />;
  if (caseId !== undefined && page.isError)
    return <ErrorState error={page.error} onRetry={() => void page.refetch()} />;
  if (page.data && !page.data.permissions.includes('edit'))
    // The news that it was sent can come before the answer to the request that sent it.
    return <Navigate to={`/cases/${page.data.id}`} replace state={{ justSent: editable.current }} />;
  if (page.data) editable.current = true;
  return <Editor key={editorKey} editorKey={editorKey} page={page.data ?? null} caseId={caseId ?? null} />;
}

interface EditorProps {
  editorKey: string;
  page: CasePage | null;
  caseId: string | null;
}

function Editor({ page, caseId, editorKey }: EditorProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [draft] = useState(
    () =>
      new Draft(page, (saved) => {
        client.setQueryData(keys.cases.one(saved.id), saved);
        void client.invalidateQueries({ queryKey: keys.cases.all });
      }),
  );
  const state = useSyncExternalStore(draft.subscribe, draft.read);

  useEffect(() => {
    if (caseId === null && state.caseId !== null)
      void navigate(`/cases/${state.caseId}/edit`, {
        replace: true,
        preventScrollReset: true,
        state: { continues: editorKey },
      });
  }, [caseId, editorKey, navigate, state.caseId]);

  useEffect(() => {
    if (page) draft.adopt(page);
  }, [draft, page]);

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (draft.state.saving !== 'saved' || draft.state.clashes.length > 0) {
        void draft.flush().catch(() => undefined);
        event.preventDefault();
      }
    };
    window.addEventListener('beforeunload', warn);
    return () => {
      window.removeEventListener('beforeunload', warn);
      // Leaving the screen inside the page: what is typed is sent now, not after the pause.
      void draft.flush().catch(() => undefined);
    };
  }, [draft]);

  if (state.saving === 'closed' && state.caseId) return <Navigate to={`/cases/${state.caseId}`} replace />;
  return <CaseFormBody draft={draft} state={state} page={page} />;
}
