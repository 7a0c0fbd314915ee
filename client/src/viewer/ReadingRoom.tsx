import { room } from '@relecture/shared/events/sockets.js';
import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { readCase } from '../api/cases';
import { keys } from '../api/keys';
import { readReview } from '../api/reviews';
import { useUser } from '../app/session';
import { useRoom } from '../realtime/hooks';
import { ErrorState } from '../ui/ErrorState';
import { PageSkeleton } from '../ui/Skeletons';
import { Gate } from './Gate';
import classes from './ReadingRoom.module.css';
import { Room } from './Room';

const SCHEME = 'data-mantine-color-scheme';
/** Filled buttons carry white words: 4.5:1 wants a deeper teal than the one that shines on slate. */
const DARK_ACCENT = {
  '--mantine-color-accent-filled': 'var(--mantine-color-accent-7)',
  '--mantine-color-accent-filled-hover': 'var(--mantine-color-accent-8)',
  '--mantine-primary-color-filled': 'var(--mantine-color-accent-7)',
  '--mantine-primary-color-filled-hover': 'var(--mantine-color-accent-8)',
  // Edges of fields, ticks and radios: 3:1 on slate.
  '--mantine-color-dark-4': '#6b7887',
  // The room never scrolls as a whole: no place is kept for a scroll bar.
  'scrollbar-gutter': 'auto',
};

/**
 * The reading room is dark, the rest of the product is not. The attribute is set on the page itself, so that menus
 * and dialogs, which hang on the body, are dark too; nothing is remembered for the other screens.
 */
function useDarkRoom(): void {
  useLayoutEffect(() => {
    const page = document.documentElement;
    const before = page.getAttribute(SCHEME);
    page.setAttribute(SCHEME, 'dark');
    for (const [name, value] of Object.entries(DARK_ACCENT)) page.style.setProperty(name, value);
    return () => {
      page.setAttribute(SCHEME, before ?? 'light');
      for (const name of Object.keys(DARK_ACCENT)) page.style.removeProperty(name);
    };
  }, []);
}

/** `/reviews/:reviewId/read/:slideId?`: loads the review and its case, asks for acceptance first when it is due. */
export default function ReadingRoom() {
  const { t } = useTranslation('viewer');
  const { reviewId = '' } = useParams();
  const user = useUser();
  useDarkRoom();
  const review = useQuery({ queryKey: keys.reviews.one(reviewId), queryFn: () => readReview(reviewId) });
  const caseId = review.data?.caseId ?? '';
  const caseRecord = useQuery({
    queryKey: keys.cases.one(caseId),
    queryFn: () => readCase(caseId),
    enabled: caseId !== '',
  });
  useRoom(caseId ? room.case(caseId) : null);

  // What is on the screen stays there when a later reading of the records fails.
  if (review.data && caseRecord.data) {
    const { assignment, status } = review.data;
    const mine = assignment?.reviewer.id === user.id;
    if (mine && status === 'assigned' && assignment?.acceptedAt === null)
      return <Gate caseRecord={caseRecord.data} review={review.data} />;
    return <Room key={reviewId} caseRecord={caseRecord.data} review={review.data} mine={mine} user={user} />;
  }
  const failed = [review, caseRecord].find((query) => query.isError);
  return (
    <main className={classes.gate} aria-busy={!failed} aria-label={t('title')}>
      {failed ? <ErrorState error={failed.error} onRetry={() => void failed.refetch()} /> : <PageSkeleton />}
    </main>
  );
}
