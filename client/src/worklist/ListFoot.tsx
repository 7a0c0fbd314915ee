import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface ListFootProps {
  more: boolean;
  loading: boolean;
  onMore: () => void;
}

/** Lists are always paged: the next page on demand. */
export function ListFoot({ more, loading, onMore }: ListFootProps) {
  const { t } = useTranslation('worklist');
  if (!more) return null;
  return (
    <Group justify="flex-end" p="sm">
      <Button variant="default" loading={loading} onClick={onMore}>
        {t('more')}
      </Button>
    </Group>
  );
}
