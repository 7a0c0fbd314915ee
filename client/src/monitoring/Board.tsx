import { Group, Text, Title } from '@mantine/core';
import { room } from '@relecture/shared/events/sockets.js';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { readBoard } from '../api/reviews';
import { useUser } from '../app/session';
import { useRooms } from '../realtime/rooms';
import { ErrorState } from '../ui/ErrorState';
import { ListSkeleton } from '../ui/Skeletons';
import { useTitle } from '../ui/use-title';
import { BoardList } from './BoardList';
import { useBoardFilters } from './board-filters';
import { DuplicatesLink } from './DuplicatesLink';
import { ExportMenu } from './ExportMenu';
import { Figures } from './Figures';
import classes from './monitoring.module.css';
import { ReviewPanel } from './ReviewPanel';

/** The charts weigh more than the rest of the screen: they come after it. */
const Charts = lazy(() => import('./Charts'));

/** The coordinator's home: what needs a decision, the open reviews, then the figures over time. */
export default function Board() {
  const { t } = useTranslation('monitoring');
  useTitle(t('title'));
  const user = useUser();
  const board = useBoardFilters();
  const networkId = board.filters.networkId ?? null;
  const figures = useQuery({ queryKey: keys.board(networkId), queryFn: () => readBoard(networkId) });
  useRooms([
    ...user.networks
      .filter(({ as }) => as === 'coordinator')
      .map((network) => room.network(network.networkId)),
    ...(user.national ? [room.national()] : []),
  ]);

  return (
    <div className={classes.page}>
      <Group justify="space-between" align="flex-start" mb="md">
        <div>
          <Title order={1}>{t('title')}</Title>
          <Text c="dimmed">{t(user.national ? 'aboutNational' : 'about')}</Text>
        </div>
        <Group gap="sm">
          <DuplicatesLink />
          <ExportMenu networkId={networkId} networkIds={figures.data?.networkIds ?? []} />
        </Group>
      </Group>
      {figures.isPending ? <ListSkeleton rows={2} /> : null}
      {figures.isError ? <ErrorState error={figures.error} onRetry={() => void figures.refetch()} /> : null}
      {figures.data ? <Figures figures={figures.data.figures} networkId={networkId} /> : null}
      <BoardList board={board} networkIds={figures.data?.networkIds ?? []} />
      {figures.data ? (
        <Suspense fallback={<ListSkeleton rows={4} />}>
          <Charts board={figures.data} networkId={networkId} />
        </Suspense>
      ) : null}
      <ReviewPanel reviewId={board.reviewId} onClose={() => board.set('review', null)} />
    </div>
  );
}
