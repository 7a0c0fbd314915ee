import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Notice } from './Notice';
import { wordProblem } from './problem-words';

interface ErrorStateProps {
  error: unknown;
  onRetry?: (() => void) | undefined;
}

/** What failed, what is safe, and "Réessayer". */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const { t } = useTranslation('ui');
  const words = wordProblem(error);
  return (
    <div style={{ padding: 16 }}>
      <Notice tone="red" role="alert" icon={<IconAlertTriangle size={20} />} title={words.title}>
        <Group justify="space-between" align="flex-end">
          <Text>{words.advice}</Text>
          {onRetry ? (
            <Button variant="default" onClick={onRetry}>
              {t('retry')}
            </Button>
          ) : null}
        </Group>
      </Notice>
    </div>
  );
}
