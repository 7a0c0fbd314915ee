import { Button, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import type { QueueMood } from '@relecture/shared/annotations/save-queue.js';
import {
  type Icon,
  IconAlertTriangle,
  IconCloudCheck,
  IconCloudOff,
  IconCloudUpload,
  IconLogin2,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../../ui/format';
import classes from '../ReadingRoom.module.css';
import type { QueueSnapshot } from './queue-runner';

const ICONS: Record<QueueMood, Icon> = {
  saved: IconCloudCheck,
  saving: IconCloudUpload,
  retrying: IconCloudOff,
  signed_out: IconLogin2,
  rejected: IconAlertTriangle,
  conflict: IconAlertTriangle,
};
const GRAVEST: readonly QueueMood[] = ['conflict', 'rejected', 'signed_out', 'retrying', 'saving', 'saved'];

interface SavedStateProps {
  queues: readonly QueueSnapshot<unknown>[];
  onRetry: () => void;
}

/** Always in view: what is saved, since when, and what happens to what is not. */
export function SavedState({ queues, onRetry }: SavedStateProps) {
  const { t } = useTranslation('viewer');
  const mood = GRAVEST.find((each) => queues.some((queue) => queue.mood === each)) ?? 'saved';
  const waiting = queues.reduce((sum, queue) => sum + queue.entries.size, 0);
  const lastSavedAt = Math.max(...queues.map((queue) => queue.lastSavedAt ?? 0));
  const copyKept = queues.every((queue) => queue.copyKept);
  const Shape = ICONS[mood];
  const words =
    mood === 'saved'
      ? lastSavedAt > 0
        ? t('saved.at', { time: formatTime(new Date(lastSavedAt)) })
        : t('saved.all')
      : t(`saved.${mood}`);
  return (
    <Popover width={340} position="bottom-end" withArrow>
      <Popover.Target>
        <UnstyledButton className={classes.saved} data-mood={mood} data-testid="saved-state">
          <Shape size={18} aria-hidden />
          <span role="status">
            {words}
            {mood === 'retrying' && copyKept ? ` · ${t('saved.copyKept')}` : ''}
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text>{mood === 'saved' ? t('saved.allHint') : t(`saved.${mood}Hint`, { count: waiting })}</Text>
          <Text size="sm" c={copyKept ? 'dimmed' : 'var(--tone-red)'}>
            {copyKept ? t('saved.copyHint') : t('saved.noCopy')}
          </Text>
          {mood === 'retrying' ? (
            <Button size="compact-sm" onClick={onRetry}>
              {t('saved.retryNow')}
            </Button>
          ) : null}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
