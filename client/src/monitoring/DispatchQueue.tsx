import { Button, Group, Title } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { listDispatchQueue } from '../api/cases';
import { keys } from '../api/keys';
import { useGlow } from '../realtime/rooms';
import { wordSince } from '../ui/duration';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { formatNumber } from '../ui/format';
import { ListCount } from '../ui/ListCount';
import { ListSkeleton } from '../ui/Skeletons';
import { Entity } from './Entity';
import classes from './monitoring.module.css';

/** The cases the rules could not place. */
export function DispatchQueue() {
  const { t } = useTranslation('monitoring');
  const { t: ui } = useTranslation('ui');
  const glows = useGlow();
  const queue = useInfiniteQuery({
    queryKey: keys.dispatch,
    queryFn: ({ pageParam }) => listDispatchQueue(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  if (queue.isPending) return <ListSkeleton />;
  if (queue.isError) return <ErrorState error={queue.error} onRetry={() => void queue.refetch()} />;
  const rows = queue.data.pages.flatMap((page) => page.items);
  return (
    <section className="sheet" aria-labelledby="dispatch-queue">
      <Group p="sm" gap="sm" align="baseline">
        <Title order={2} id="dispatch-queue">
          {t('dispatch.queue')}
        </Title>
        <ListCount total={queue.data.pages[0]?.total} shown={rows.length} kind="cases" />
      </Group>
      {rows.length === 0 ? (
        <EmptyState
          icon={<IconInbox />}
          title={t('dispatch.empty')}
          description={t('dispatch.emptyNext')}
          action={
            <Button component={Link} to="/board" variant="default">
              {t('dispatch.toBoard')}
            </Button>
          }
        />
      ) : (
        <table className={classes.table}>
          <caption className="heard-only">{t('dispatch.queue')}</caption>
          <thead>
            <tr>
              <th scope="col" style={{ width: '42%' }}>
                {t('dispatch.columns.entity')}
              </th>
              <th scope="col">{t('dispatch.columns.sender')}</th>
              <th scope="col" style={{ width: '10%' }}>
                {t('dispatch.columns.material')}
              </th>
              <th scope="col" style={{ width: '20%' }}>
                {t('dispatch.columns.since')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr
                key={row.id}
                data-testid="dispatch-row"
                className={glows(row.id, row.id) ? 'glow-once' : undefined}
              >
                <td>
                  <Link to={`/dispatch?case=${row.id}`} className={classes.open}>
                    <Entity row={row} />
                  </Link>
                  <span className={classes.secondary}>{row.number}</span>
                </td>
                <td>{row.organisation}</td>
                <td>{formatNumber(row.slideCount)}</td>
                <td>
                  {wordSince(row.since)}
                  {row.urgency === 'urgent' ? (
                    <span className={classes.urgent}>{ui('urgency.urgent')}</span>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {queue.hasNextPage ? (
        <div className={classes.foot}>
          <Button
            variant="default"
            loading={queue.isFetchingNextPage}
            onClick={() => void queue.fetchNextPage()}
          >
            {t('list.more')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
