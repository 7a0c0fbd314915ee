import { room } from '@relecture/shared/events/sockets.js';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams } from 'react-router';
import { readCase } from '../api/cases';
import { keys } from '../api/keys';
import { isProblem } from '../api/problem';
import { NotHere } from '../app/Crash';
import { useRoom } from '../realtime/hooks';
import { ErrorState } from '../ui/ErrorState';
import { PageSkeleton } from '../ui/Skeletons';
import { useTitle } from '../ui/use-title';
import { CaseHeader } from './CaseHeader';
import classes from './CaseScreen.module.css';
import { ClinicalPanel } from './ClinicalPanel';
import { MaterialRequests } from './MaterialRequests';
import { Messages } from './Messages';
import { ReportsPanel } from './ReportsPanel';
import { ReviewsPanel } from './ReviewsPanel';
import { SentPanel } from './SentPanel';
import { SlidesPanel } from './SlidesPanel';
import { TimelinePanel } from './TimelinePanel';
import { WhyNetwork } from './WhyNetwork';

/** Everyone's case page; what each may see and do differs, and the server says it. */
export default function CaseScreen() {
  const { caseId = '' } = useParams();
  const { t } = useTranslation('case');
  const location = useLocation();
  const justSent = (location.state as { justSent?: boolean } | null)?.justSent === true;
  const query = useQuery({ queryKey: keys.cases.one(caseId), queryFn: () => readCase(caseId) });
  useRoom(room.case(caseId));
  useTitle(query.data?.number ?? t('title'));
  if (query.isPending) return <PageSkeleton />;
  if (isProblem(query.error, 'NOT_FOUND')) return <NotHere error={query.error} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const page = query.data;
  return (
    <div className={classes.page}>
      <CaseHeader page={page} />
      {justSent && page.reports.length === 0 ? <SentPanel page={page} /> : null}
      <div className={classes.columns}>
        <div className={classes.left}>
          <SlidesPanel page={page} />
        </div>
        <div className={classes.middle}>
          <MaterialRequests page={page} open />
          <ReportsPanel page={page} />
          <ReviewsPanel page={page} />
          <MaterialRequests page={page} open={false} />
          <ClinicalPanel page={page} />
          <Messages page={page} />
        </div>
        <div className={classes.right}>
          <WhyNetwork page={page} />
          <TimelinePanel page={page} />
        </div>
      </div>
    </div>
  );
}
