import { Button, Group, Text, Title } from '@mantine/core';
import { IconBellOff } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { listNotifications, markAllNotificationsRead } from '../api/notifications';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { ListSkeleton } from '../ui/Skeletons';
import { tellProblem } from '../ui/tell';
import { NotificationLine } from './NotificationLine';

export default function Notifications() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const inbox = useInfiniteQuery({
    queryKey: [...keys.notifications, 'all'],
    queryFn: ({ pageParam }) => listNotifications(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const readAll = useMutation({
    mutationFn: markAllNotificationsRead,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.notifications }),
    onError: tellProblem,
  });
  const items = inbox.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div style={{ maxWidth: 820, margin: '0 auto', padding: 16 }}>
      <Group justify="space-between" mb="md">
        <div>
          <Title order={1}>{t('bell.title')}</Title>
          <Text c="dimmed">{t('bell.about')}</Text>
        </div>
        <Button
          variant="default"
          loading={readAll.isPending}
          disabled={!inbox.data?.pages[0]?.unread}
          onClick={() => readAll.mutate()}
        >
          {t('bell.readAll')}
        </Button>
      </Group>
      <div className="sheet">
        {inbox.isPending && <ListSkeleton />}
        {inbox.isError && <ErrorState error={inbox.error} onRetry={() => void inbox.refetch()} />}
        {inbox.isSuccess && items.length === 0 && (
          <EmptyState icon={<IconBellOff />} title={t('bell.empty')} description={t('bell.emptyNext')} />
        )}
        {items.map((item) => (
          <NotificationLine key={item.id} item={item} />
        ))}
        {inbox.hasNextPage && (
          <Group justify="center" p="sm">
            <Button
              variant="default"
              loading={inbox.isFetchingNextPage}
              onClick={() => void inbox.fetchNextPage()}
            >
              {t('bell.more')}
            </Button>
          </Group>
        )}
      </div>
    </div>
  );
}
