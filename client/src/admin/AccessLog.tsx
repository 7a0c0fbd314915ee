import { Button, Group, Select, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconFilterOff, IconLink } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { checkAccessChain, listAccounts, readAccessLog } from '../api/admin';
import { keys } from '../api/keys';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { formatNumber } from '../ui/format';
import { Notice } from '../ui/Notice';
import { ListSkeleton } from '../ui/Skeletons';
import { AccessTable } from './AccessTable';
import classes from './admin.module.css';
import { nameOf } from './name-of';

/** Who opened or changed what; and whether the chain still holds. */
export function AccessLog() {
  const { t } = useTranslation('admin');
  const [address, setAddress] = useSearchParams();
  const actorId = address.get('person') ?? undefined;
  const recordId = address.get('record') ?? undefined;
  const accounts = useQuery({ queryKey: keys.admin.users, queryFn: listAccounts });
  const log = useInfiniteQuery({
    queryKey: [...keys.admin.audit, actorId, recordId],
    queryFn: ({ pageParam }) => readAccessLog({ actorId, recordId }, pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
  });
  const change = (name: string, value: string | null) =>
    setAddress(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  const names = new Map(accounts.data?.items.map((account) => [account.id, nameOf(account)]));
  const entries = log.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <section className="sheet" aria-labelledby="access-log">
      <Group justify="space-between" p="sm" gap="sm">
        <div>
          <Title order={2} id="access-log">
            {t('log.title')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('log.about')}
          </Text>
        </div>
        <Group gap="sm">
          {recordId ? (
            <Button
              variant="subtle"
              leftSection={<IconFilterOff size={16} aria-hidden />}
              onClick={() => change('record', null)}
            >
              {t('log.oneRecord')} · {t('log.showAll')}
            </Button>
          ) : null}
          <Select
            aria-label={t('log.person')}
            placeholder={t('log.person')}
            clearable
            searchable
            w={220}
            data={[...names].map(([value, label]) => ({ value, label }))}
            value={actorId ?? null}
            onChange={(value) => change('person', value)}
          />
          <ChainCheck />
        </Group>
      </Group>
      {log.isPending ? <ListSkeleton /> : null}
      {log.isError ? <ErrorState error={log.error} onRetry={() => void log.refetch()} /> : null}
      {log.isSuccess && entries.length === 0 ? (
        <EmptyState
          icon={<IconFilterOff />}
          title={t('log.empty')}
          action={
            <Button variant="default" onClick={() => setAddress({}, { replace: true })}>
              {t('log.showAll')}
            </Button>
          }
        />
      ) : null}
      {entries.length > 0 ? (
        <AccessTable
          entries={entries}
          names={names}
          onRecord={recordId ? null : (id) => change('record', id)}
        />
      ) : null}
      {entries.length > 0 ? (
        <div className={classes.foot}>
          <Text size="sm" c="dimmed" role="status">
            {t('log.shown', { count: entries.length })}
          </Text>
          {log.hasNextPage ? (
            <Button
              variant="default"
              loading={log.isFetchingNextPage}
              onClick={() => void log.fetchNextPage()}
            >
              {t('log.more')}
            </Button>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

function ChainCheck() {
  const { t } = useTranslation('admin');
  const check = useMutation({ mutationFn: checkAccessChain });
  return (
    <>
      <Button
        leftSection={<IconLink size={16} aria-hidden />}
        loading={check.isPending}
        onClick={() => check.mutate()}
      >
        {t('log.check')}
      </Button>
      {check.isError ? <ErrorState error={check.error} onRetry={() => check.mutate()} /> : null}
      {check.data ? (
        <div className={classes.checked} data-testid="chain-check">
          {check.data.brokenAt === null ? (
            <Notice tone="green">
              {t('log.whole', { count: check.data.entries, formatted: formatNumber(check.data.entries) })}
            </Notice>
          ) : (
            <Notice
              tone="red"
              role="alert"
              icon={<IconAlertTriangle size={20} />}
              title={t('log.broken', { seq: formatNumber(check.data.brokenAt) })}
            >
              {t('log.brokenAdvice')}
            </Notice>
          )}
        </div>
      ) : null}
    </>
  );
}
