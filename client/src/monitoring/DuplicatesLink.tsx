import { Button } from '@mantine/core';
import { COUNT_MAX } from '@relecture/shared/http/page.js';
import { IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { listDuplicates } from '../api/duplicates';
import { keys } from '../api/keys';
import { formatCount } from '../ui/format';

/** To the screen of suspected duplicates; with their number, when there are any. */
export function DuplicatesLink() {
  const { t } = useTranslation('monitoring');
  const { data } = useQuery({
    queryKey: [...keys.duplicatePairs('suspected'), 'count'],
    queryFn: () => listDuplicates('suspected', null, 1),
  });
  const count = data?.total ?? 0;
  return (
    <Button
      component={Link}
      to="/duplicates"
      variant="default"
      leftSection={<IconCopy size={16} aria-hidden />}
    >
      {count > 0
        ? t('duplicates.linkCount', { formatted: formatCount(count, COUNT_MAX) })
        : t('duplicates.link')}
    </Button>
  );
}
