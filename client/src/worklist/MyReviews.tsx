import { Button, Title } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { keys } from '../api/keys';
import { listReviews } from '../api/reviews';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { ListCount } from '../ui/ListCount';
import { ListSkeleton } from '../ui/Skeletons';
import { ListFoot } from './ListFoot';
import { FILTERS, type Show } from './shows';
import classes from './Worklist.module.css';
import { WorklistTable } from './WorklistTable';

interface MyReviewsProps {
  show: Show;
  networkId: string | undefined;
  prepares: boolean;
}

export function MyReviews({ show, networkId, prepares }: MyReviewsProps) {
  const { t } = useTranslation('worklist');
  const title = t(prepares ? `house.${show}` : `mine.${show}`);
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
          {title}
        </Title>
        <ListCount total={reviews.data?.pages[0]?.total} shown={rows.length} kind="readings" />
      </div>
      {reviews.isPending ? <ListSkeleton /> : null}
      {reviews.isError ? <ErrorState error={reviews.error} onRetry={() => void reviews.refetch()} /> : null}
      {reviews.isSuccess && rows.length === 0 ? (
        <EmptyState
          icon={<IconInbox />}
          title={
            networkId ? t('empty.filtered') : t(prepares && show === 'open' ? 'house.empty' : `empty.${show}`)
          }
          description={
            networkId
              ? null
              : show === 'open'
                ? t(prepares ? 'house.emptyNext' : 'empty.openNext')
                : show === 'signed' && !prepares
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
      {rows.length > 0 ? <WorklistTable rows={rows} caption={title} list={show} prepares={prepares} /> : null}
      <ListFoot
        more={reviews.hasNextPage}
        loading={reviews.isFetchingNextPage}
        onMore={() => void reviews.fetchNextPage()}
      />
    </section>
  );
}
