import { Group, Stack, Text, Title } from '@mantine/core';
import type { SlideFormatFact } from '@relecture/shared/slides/formats.js';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { listFormats } from '../api/slides';
import { ErrorState } from '../ui/ErrorState';
import { ListSkeleton } from '../ui/Skeletons';
import classes from './admin.module.css';

/** Which slides this machine reads, by what, and what to install for the others. */
export function Formats() {
  const { t } = useTranslation('admin');
  const query = useQuery({ queryKey: keys.admin.formats, queryFn: listFormats });
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const { items, readers } = query.data;
  return (
    <Stack>
      <section className="sheet" aria-labelledby="formats">
        <Group p="sm" gap="sm" align="baseline">
          <Title order={2} id="formats">
            {t('formats.title')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('formats.about')}
          </Text>
        </Group>
        <table className={classes.table}>
          <caption className="heard-only">{t('formats.title')}</caption>
          <thead>
            <tr>
              {(['name', 'endings', 'reader', 'reading', 'advice'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`formats.columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr
                key={item.format}
                data-testid="format-row"
                data-format={item.format}
                data-readable={item.readable}
              >
                <td>{item.name}</td>
                <td>{item.endings}</td>
                <td>{t(`formats.readers.${item.reader}`)}</td>
                <td>{item.readable ? t(`formats.reading.${item.reading}`) : t('formats.notRead')}</td>
                <td>
                  <Advice item={item} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="sheet" aria-labelledby="readers">
        <Title order={2} id="readers" p="sm">
          {t('formats.readersTitle')}
        </Title>
        <table className={classes.table}>
          <caption className="heard-only">{t('formats.readersTitle')}</caption>
          <tbody>
            {readers.map(({ reader, present, version }) => (
              <tr key={reader} data-testid="reader-row" data-reader={reader}>
                <th scope="row">{t(`formats.readers.${reader}`)}</th>
                <td>{present ? (version ?? t('formats.present')) : t('formats.absent')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Stack>
  );
}

function Advice({ item }: { item: SlideFormatFact }) {
  const { t } = useTranslation('admin');
  if (item.install) {
    return (
      <>
        {t('formats.install')} <code>{`apt-get install ${item.install}`}</code>
      </>
    );
  }
  if (!item.readable) return t('formats.export');
  return item.severalFiles ? t('formats.severalFiles') : null;
}
