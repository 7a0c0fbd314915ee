import { Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Rows of the height a list will have, while it loads. */
export function ListSkeleton({ rows = 8 }: { rows?: number }) {
  const { t } = useTranslation('ui');
  return (
    <Stack gap={8} p="md" role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <Skeleton key={index} height={28} radius="sm" width={index % 3 === 2 ? '82%' : '100%'} />
      ))}
    </Stack>
  );
}

export function PageSkeleton() {
  return (
    <Stack p="md" gap="md">
      <Skeleton height={26} width={260} />
      <Skeleton height={14} width={420} maw="80%" />
      <ListSkeleton rows={10} />
    </Stack>
  );
}
