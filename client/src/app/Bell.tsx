import { ActionIcon, Anchor, Divider, Indicator, Popover, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBell } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { keys } from '../api/keys';
import { listNotifications } from '../api/notifications';
import { ErrorState } from '../ui/ErrorState';
import { ListSkeleton } from '../ui/Skeletons';
import { NotificationLine } from './NotificationLine';

export function Bell() {
  const { t } = useTranslation();
  const [open, panel] = useDisclosure(false);
  const inbox = useQuery({ queryKey: [...keys.notifications, 'latest'], queryFn: () => listNotifications() });
  const unread = inbox.data?.unread ?? 0;
  return (
    <Popover opened={open} onChange={panel.toggle} width={380} position="bottom-end" shadow="md" trapFocus>
      <Indicator
        disabled={unread === 0}
        label={unread > 99 ? '99+' : unread}
        size={16}
        offset={5}
        color="var(--tone-red)"
      >
        <Popover.Target>
          <ActionIcon size={36} onClick={panel.toggle} aria-label={t('bell.label', { count: unread })}>
            <IconBell size={20} aria-hidden />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown p={0} aria-label={t('bell.title')}>
        <div style={{ maxHeight: 420, overflowY: 'auto' }}>
          {inbox.isPending && <ListSkeleton rows={4} />}
          {inbox.isError && <ErrorState error={inbox.error} onRetry={() => void inbox.refetch()} />}
          {inbox.data?.items.length === 0 && (
            <Text p="md" c="dimmed">
              {t('bell.empty')}
            </Text>
          )}
          {inbox.data?.items.slice(0, 12).map((item) => (
            <NotificationLine key={item.id} item={item} onOpened={panel.close} />
          ))}
        </div>
        <Divider />
        <Anchor component={Link} to="/notifications" onClick={panel.close} p="sm" display="block" ta="center">
          {t('bell.all')}
        </Anchor>
      </Popover.Dropdown>
    </Popover>
  );
}
