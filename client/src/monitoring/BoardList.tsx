import { Button, Checkbox, Group, SegmentedControl, Select, Title } from '@mantine/core';
import { reviewStatus } from '@relecture/shared/events/status.js';
import type { ReviewRow } from '@relecture/shared/reviews/schema.js';
import { IconFilterOff, IconInbox } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { listReviews } from '../api/reviews';
import { listExperts } from '../api/users';
import { useUser } from '../app/session';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { ListCount } from '../ui/ListCount';
import { useNetworkName } from '../ui/networks';
import { ListSkeleton } from '../ui/Skeletons';
import { BoardTable } from './BoardTable';
import { BulkBar } from './BulkBar';
import type { BoardFilters } from './board-filters';
import { FactPills } from './FactPills';
import classes from './monitoring.module.css';

interface BoardListProps {
  board: BoardFilters;
  networkIds: string[];
}

/** The reviews of the networks one coordinates, by what is due. */
export function BoardList({ board, networkIds }: BoardListProps) {
  const { t } = useTranslation('monitoring');
  const { filters } = board;
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const reviews = useInfiniteQuery({
    queryKey: keys.reviews.list(filters),
    queryFn: ({ pageParam }) => listReviews(filters, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const rows = reviews.data?.pages.flatMap((page) => page.items) ?? [];
  // What filters or a colleague took from the list is no longer chosen: nobody moves what they do not see.
  const chosen = new Set(rows.map(({ id }) => id).filter((id) => marked.has(id)));
  const mark = (reviewIds: string[], value: boolean) =>
    setMarked((before) => {
      const after = new Set(before);
      for (const id of reviewIds) value ? after.add(id) : after.delete(id);
      return after;
    });
  return (
    <section className="sheet" aria-labelledby="board-list">
      <Group justify="space-between" p="sm" gap="sm">
        <Group gap="sm" align="baseline">
          <Title order={2} id="board-list">
            {t('list.title')}
          </Title>
          <ListCount total={reviews.data?.pages[0]?.total} shown={rows.length} kind="readings" />
        </Group>
        <Filters board={board} networkIds={networkIds} rows={rows} />
      </Group>
      <FactPills board={board} />
      <BulkBar
        chosen={[...chosen]}
        reviewerId={rows.length > 0 ? filters.reviewerId : undefined}
        networkId={filters.networkId}
        onClear={() => setMarked(new Set())}
      />
      {reviews.isPending ? <ListSkeleton /> : null}
      {reviews.isError ? <ErrorState error={reviews.error} onRetry={() => void reviews.refetch()} /> : null}
      {reviews.isSuccess && rows.length === 0 ? (
        board.active ? (
          <EmptyState
            icon={<IconFilterOff />}
            title={t('list.emptyFiltered')}
            action={
              <Button variant="default" onClick={board.clear}>
                {t('filter.clear')}
              </Button>
            }
          />
        ) : (
          <EmptyState icon={<IconInbox />} title={t('list.empty')} description={t('list.emptyNext')} />
        )
      ) : null}
      {rows.length > 0 ? (
        <BoardTable
          rows={rows}
          sort={filters.sort ?? 'due'}
          openId={board.reviewId}
          onOpen={(reviewId) => board.set('review', reviewId)}
          chosen={chosen}
          onChoose={mark}
        />
      ) : null}
      {reviews.hasNextPage ? (
        <div className={classes.foot}>
          <Button
            variant="default"
            loading={reviews.isFetchingNextPage}
            onClick={() => void reviews.fetchNextPage()}
          >
            {t('list.more')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function Filters({ board, networkIds, rows }: BoardListProps & { rows: ReviewRow[] }) {
  const { t } = useTranslation('monitoring');
  const { t: ui } = useTranslation('ui');
  const { filters } = board;
  const user = useUser();
  const networkName = useNetworkName();
  const experts = useQuery({
    queryKey: keys.experts(filters.networkId ?? ''),
    queryFn: () => listExperts(filters.networkId ?? ''),
    enabled: filters.networkId !== undefined,
  });
  // Without a network the experts offered are those of the rows shown.
  const people = new Map(
    [...(experts.data?.items ?? []), ...rows.flatMap((row) => row.reviewer ?? [])].map((person) => [
      person.id,
      person.displayName,
    ]),
  );
  return (
    <Group gap="sm">
      <SegmentedControl
        aria-label={t('sort.label')}
        value={filters.sort ?? 'due'}
        onChange={(value) => board.set('sort', value === 'age' ? 'age' : null)}
        data={[
          { value: 'due', label: t('sort.due') },
          { value: 'age', label: t('sort.age') },
        ]}
      />
      <Checkbox
        label={t('filter.overdue')}
        checked={filters.overdue === 'true'}
        onChange={(event) => board.set('overdue', event.currentTarget.checked ? 'true' : null)}
      />
      <Checkbox
        label={t('filter.session')}
        checked={filters.session !== undefined}
        onChange={(event) => board.set('session', event.currentTarget.checked ? 'true' : null)}
      />
      {filters.session !== undefined ? (
        <SegmentedControl
          aria-label={t('session.title')}
          value={filters.session}
          onChange={(value) => board.set('session', value)}
          data={[
            { value: 'true', label: t('session.toDiscuss') },
            { value: 'discussed', label: t('session.discussed') },
          ]}
        />
      ) : null}
      {networkIds.length > 1 ? (
        <Select
          aria-label={t(user.national ? 'filter.networkNational' : 'filter.network')}
          placeholder={t(user.national ? 'filter.networkNational' : 'filter.network')}
          clearable
          searchable
          w={180}
          data={networkIds.map((value) => ({ value, label: networkName(value) }))}
          value={filters.networkId ?? null}
          onChange={(value) => board.set('network', value)}
        />
      ) : null}
      <Select
        aria-label={t('filter.status')}
        placeholder={t('filter.status')}
        clearable
        w={210}
        data={reviewStatus.options.map((value) => ({ value, label: ui(`review.${value}`) }))}
        value={filters.status ?? null}
        onChange={(value) => board.set('status', value)}
      />
      <Select
        aria-label={t('filter.reviewer')}
        placeholder={t('filter.reviewer')}
        clearable
        searchable
        w={200}
        data={[...people].map(([value, label]) => ({ value, label }))}
        value={filters.reviewerId ?? null}
        onChange={(value) => board.set('reviewer', value)}
      />
    </Group>
  );
}
