import { Text, UnstyledButton } from '@mantine/core';
import type { Notification } from '@relecture/shared/notifications/schema.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { keys } from '../api/keys';
import { markNotificationRead } from '../api/notifications';
import { formatDateTime } from '../ui/format';
import { useNetworkName } from '../ui/networks';
import classes from './NotificationLine.module.css';

/** Told to administrators, who do not see cases. */
const STORAGE = new Set<Notification['event']>(['slide.damaged', 'slide.restored']);

/** One line of the inbox, worded from its event; opening it marks it read. */
export function NotificationLine({ item, onOpened }: { item: Notification; onOpened?: () => void }) {
  const { t } = useTranslation('app');
  const { t: word } = useTranslation('cases');
  const client = useQueryClient();
  const networkName = useNetworkName();
  const read = useMutation({
    mutationFn: () => markNotificationRead(item.id),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.notifications }),
  });
  return (
    <UnstyledButton
      component={Link}
      to={STORAGE.has(item.event) ? '/admin/storage' : `/cases/${item.caseId}`}
      className={classes.line}
      data-unread={item.readAt === null}
      data-testid="notification"
      onClick={() => {
        if (item.readAt === null) read.mutate();
        onOpened?.();
      }}
    >
      <span className={classes.dot} aria-hidden />
      <span>
        <Text span fw={item.readAt === null ? 600 : 400} display="block">
          {item.readAt === null ? <span className="heard-only">{t('bell.unread')} </span> : null}
          {word(`told.${item.event}`, {
            network: item.networkId ? networkName(item.networkId) : '',
          })}
        </Text>
        <Text span size="sm" c="dimmed">
          {t('bell.caseNumber', { number: item.caseNumber })} · {formatDateTime(item.at)}
        </Text>
      </span>
    </UnstyledButton>
  );
}
