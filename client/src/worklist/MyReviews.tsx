import { Button, Text, Title } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { keys } from '../api/keys';
import { listReviews } from '../api/reviews';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { ListSkeleton } from '../ui/Skeletons';
import { ListFoot } from './ListFoot';
import { FILTERS, type Show } from './shows';
import classes from './Worklist.module.css';
import { WorklistTable } from './WorklistTable';

interface MyReviewsProps {
  show: Show;
  networkId: string | undefined;
}

export function MyReviews({ show, networkId }: MyReviewsProps) {
  const { t } = useTranslation('worklist');
  const filters = { ...FILTERS[show], networkId };
  const reviews = useInfiniteQuery({
    queryKey: keys.reviews.list(filters),
    queryFn: ({ pageParam }) => listReviews(filters, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const rows = reviews.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="sheet" aria-labelledby="my-reviews">
      <div className={classes.head}>
        <Title order={2} id="my-reviews">
          {t(`mine.${show}`)}
        </Title>
        <Text size="sm" c="dimmed" role="status">
          {reviews.isSuccess ? t(reviews.hasNextPage ? 'shown' : 'count', { count: rows.length }) : ''}
        </Text>
      </div>
      {reviews.isPending ? <ListSkeleton /> : null}
      {reviews.isError ? <ErrorState error={reviews.error} onRetry={() => void reviews.refetch()} /> : null}
      {reviews.isSuccess && rows.length === 0 ? (
        <EmptyState
          icon={<IconInbox />}
          title={networkId ? t('empty.filtered') : t(`empty.${show}`)}
          description={
            networkId
              ? null
              : show === 'open'
                ? t('empty.openNext')
                : show === 'signed'
                  ? t('empty.signedNext')
                  : null
          }
          action={
            show !== 'open' || networkId ? (
              <Button component={Link} to="/worklist" variant="default">
                {t('empty.showAll')}
              </Button>
            ) : null
          }
        />
      ) : null}
      {rows.length > 0 ? <WorklistTable rows={rows} caption={t(`mine.${show}`)} list={show} /> : null}
      <ListFoot
        more={reviews.hasNextPage}
        loading={reviews.isFetchingNextPage}
        onMore={() => void reviews.fetchNextPage()}
      />
    </section>
  );
}
