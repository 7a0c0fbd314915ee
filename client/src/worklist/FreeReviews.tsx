import { Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { listReviews } from '../api/reviews';
import { ErrorState } from '../ui/ErrorState';
import { ListCount } from '../ui/ListCount';
import { ListSkeleton } from '../ui/Skeletons';
import { ListFoot } from './ListFoot';
import classes from './Worklist.module.css';
import { WorklistTable } from './WorklistTable';

/** Admitted reviews of my networks that nobody has, never from my own house: one may take them. */
export function FreeReviews({ networkId }: { networkId: string | undefined }) {
  const { t } = useTranslation('worklist');
  const filters = { scope: 'unassigned' as const, networkId };
  const reviews = useInfiniteQuery({
    queryKey: keys.reviews.list(filters),
    queryFn: ({ pageParam }) => listReviews(filters, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const rows = reviews.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="sheet" aria-labelledby="free-reviews" style={{ marginTop: 16 }}>
      <div className={classes.head}>
        <Title order={2} id="free-reviews">
          {t('free.title')}
        </Title>
        {rows.length > 0 ? (
          <Text size="sm" c="dimmed" component="span">
            {t('free.about')}
          </Text>
        ) : null}
        <ListCount total={reviews.data?.pages[0]?.total} shown={rows.length} kind="readings" />
      </div>
      {reviews.isPending ? <ListSkeleton rows={2} /> : null}
      {reviews.isError ? <ErrorState error={reviews.error} onRetry={() => void reviews.refetch()} /> : null}
      {reviews.isSuccess && rows.length === 0 ? (
        <Text c="dimmed" px="md" pb="md">
          {t('empty.free')}
        </Text>
      ) : null}
      {rows.length > 0 ? <WorklistTable rows={rows} caption={t('free.title')} list="free" /> : null}
      <ListFoot
        more={reviews.hasNextPage}
        loading={reviews.isFetchingNextPage}
        onMore={() => void reviews.fetchNextPage()}
      />
    </section>
  );
}
