import { Badge, Tooltip } from '@mantine/core';
import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLinkState } from '../realtime/hooks';

/** Quiet while all is well; says so in words when news no longer arrives. */
export function LinkIndicator() {
  const { t } = useTranslation();
  const state = useLinkState();
  if (state === 'lost') {
    return (
      <Tooltip label={t('link.lostHint')} multiline w={280}>
        <Badge
          role="status"
          tabIndex={0}
          variant="light"
          color="orange"
          tt="none"
          c="var(--tone-amber)"
          leftSection={<IconPlugConnectedX size={14} aria-hidden />}
        >
          {t('link.lost')}
        </Badge>
      </Tooltip>
    );
  }
  const words = state === 'live' ? t('link.live') : t('link.connecting');
  return (
    <Tooltip label={words}>
      <span
        role="img"
        aria-label={words}
        style={{ display: 'flex', opacity: state === 'live' ? 1 : 0.4, color: 'var(--tone-teal)' }}
      >
        <IconPlugConnected size={18} aria-hidden />
      </span>
    </Tooltip>
  );
}
