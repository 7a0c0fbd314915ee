import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCloudUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../ui/format';
import { wordProblem } from '../ui/problem-words';
import type { DraftState } from './draft';

/** « Enregistré à 14:05 », or what stands in the way. */
export function SaveState({ state, onRetry }: { state: DraftState; onRetry: () => void }) {
  const { t } = useTranslation('submission');
  if (state.saving === 'failed') {
    return (
      <Group gap="xs" role="alert" maw={620} wrap="nowrap">
        <IconAlertTriangle style={{ flex: 'none' }} size={18} color="var(--tone-red)" aria-hidden />
        <Text c="var(--tone-red)" size="sm">
          {t('saving.failed')} {wordProblem(state.problem).title} {wordProblem(state.problem).advice}
        </Text>
        <Button size="xs" variant="default" style={{ flex: 'none' }} onClick={onRetry}>
          {t('saving.retry')}
        </Button>
      </Group>
    );
  }
  const [Shape, words] =
    state.saving === 'saved'
      ? state.savedAt
        ? ([IconCheck, t('saving.savedAt', { time: formatTime(state.savedAt) })] as const)
        : state.caseId
          ? ([IconCheck, t('saving.saved')] as const)
          : ([IconCloudUp, t('saving.nothingYet')] as const)
      : ([IconCloudUp, t('saving.saving')] as const);
  return (
    <Group gap={6} role="status" data-testid="save-state">
      <Shape size={16} color="var(--tone-teal)" aria-hidden />
      <Text size="sm" c="dimmed">
        {words}
      </Text>
    </Group>
  );
}
