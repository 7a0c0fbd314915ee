import { Button, Text, Title } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { listArrivals } from '../api/arrivals';
import { listCases } from '../api/cases';
import { keys } from '../api/keys';
import { NotFound } from '../app/Crash';
import { hasRole, useUser } from '../app/session';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { ListSkeleton } from '../ui/Skeletons';
import { useTitle } from '../ui/use-title';
import classes from './MyCases.module.css';
import { TrayRow } from './TrayRow';

/** Arrivals pass no gate that would tell of them: the page asks again. */
const ASK_AGAIN_MS = 10_000;

/** Slides that came by themselves and whose case nobody knows yet: each goes to its case in two clicks. */
export default function Tray() {
  const { t } = useTranslation('arrivals');
  useTitle(t('title'));
  const user = useUser();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: keys.arrivals.tray,
    queryFn: listArrivals,
    refetchInterval: ASK_AGAIN_MS,
  });
  const cases = useQuery({ queryKey: keys.cases.list({}), queryFn: () => listCases({}, null) });
  if (!hasRole(user, 'submitter', 'preparer')) return <NotFound />;
  const refresh = () => void client.invalidateQueries({ queryKey: keys.arrivals.tray });
  return (
    <div className={classes.page}>
      <Title order={1}>{t('title')}</Title>
      <Text c="dimmed" mb="md">
        {t('about')}
      </Text>
      <section className="sheet" aria-label={t('title')}>
        {query.isPending ? <ListSkeleton /> : null}
        {query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
        {query.data?.items.length === 0 ? (
          <EmptyState
            icon={<IconInbox size={32} stroke={1.4} />}
            title={t('empty')}
            description={t('emptyNext')}
            action={
              <Button variant="default" component={Link} to="/cases">
                {t('toCases')}
              </Button>
            }
          />
        ) : null}
        {query.data && query.data.items.length > 0 ? (
          <table className={classes.table}>
            <caption className="heard-only">{t('title')}</caption>
            <thead>
              <tr>
                {(['name', 'case', 'stain', 'block', 'action'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`columns.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {query.data.items.map((arrival) => (
                <TrayRow
                  key={arrival.id}
                  arrival={arrival}
                  cases={cases.data?.items ?? []}
                  onChanged={refresh}
                />
              ))}
            </tbody>
          </table>
        ) : null}
      </section>
    </div>
  );
}
