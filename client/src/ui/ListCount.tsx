import { Text } from '@mantine/core';
import { COUNT_MAX } from '@relecture/shared/http/page.js';
import { useTranslation } from 'react-i18next';
import { formatNumber } from './format';

interface ListCountProps {
  /** Counted by the server up to a limit; null when it was not counted. */
  total: number | null | undefined;
  shown: number;
  kind: 'cases' | 'readings' | 'pairs';
}

/** How much a list holds: « 12 lectures », « 50 sur plus de 200 lectures ». */
export function ListCount({ total, shown, kind }: ListCountProps) {
  const { t } = useTranslation('ui');
  const words = () => {
    // An empty list says so itself.
    if (!total) return '';
    const all =
      total > COUNT_MAX
        ? t(`counted.${kind}.more`, { total: formatNumber(COUNT_MAX) })
        : t(`counted.${kind}.all`, { count: total });
    return shown < total ? t('counted.part', { shown: formatNumber(shown), all }) : all;
  };
  return (
    <Text size="sm" c="dimmed" role="status">
      {words()}
    </Text>
  );
}
