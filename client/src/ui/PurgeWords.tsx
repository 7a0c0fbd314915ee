import { Text } from '@mantine/core';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { useTranslation } from 'react-i18next';
import { formatDate } from './format';

/** Since when a slide cannot be seen any more, and by whose rule. */
export function PurgeWords({ slide: { purge } }: { slide: Pick<Slide, 'purge'> }) {
  const { t } = useTranslation('ui');
  if (!purge) return null;
  return (
    <Text span display="block" size="sm" data-testid="slide-purged">
      {t('purged', { date: formatDate(purge.at), organisation: purge.organisation, count: purge.months })}
    </Text>
  );
}
