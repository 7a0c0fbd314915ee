import { Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { listOrganisations } from '../api/users';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { ListSkeleton } from '../ui/Skeletons';
import classes from './admin.module.css';

export function Organisations() {
  const { t } = useTranslation('admin');
  const query = useQuery({ queryKey: keys.admin.organisations, queryFn: listOrganisations });
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const items = query.data.items.toSorted((a, b) => a.name.localeCompare(b.name, 'fr'));
  if (items.length === 0) return <EmptyState title={t('organisations.empty')} />;
  return (
    <section className="sheet" aria-labelledby="organisations">
      <Group p="sm" gap="sm" align="baseline">
        <Title order={2} id="organisations">
          {t('organisations.title')}
        </Title>
        <Text size="sm" c="dimmed" role="status">
          {t('organisations.count', { count: items.length })}
        </Text>
      </Group>
      <table className={classes.table}>
        <caption className="heard-only">{t('organisations.title')}</caption>
        <thead>
          <tr>
            {(['name', 'kind', 'city', 'region'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`organisations.columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((organisation) => (
            <tr key={organisation.id}>
              <td>{organisation.name}</td>
              <td>{t(`organisations.kinds.${organisation.kind}`)}</td>
              <td>{organisation.city}</td>
              <td>{organisation.region}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
