import { Button, Group, SegmentedControl, Text, Title } from '@mantine/core';
import { type DuplicateState, duplicateState } from '@relecture/shared/cases/duplicates.js';
import { IconArrowLeft, IconCopy } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { listDuplicates } from '../api/duplicates';
import { keys } from '../api/keys';
import { hasRole, useUser } from '../app/session';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { ListCount } from '../ui/ListCount';
import { ListSkeleton } from '../ui/Skeletons';
import { useTitle } from '../ui/use-title';
import { DuplicateRow } from './DuplicateRow';
import classes from './monitoring.module.css';

/** Cases of one person that two houses sent: one tumour event, or two? A coordinator says. */
export default function Duplicates() {
  const { t } = useTranslation('monitoring');
  useTitle(t('duplicates.title'));
  const user = useUser();
  const [address, setAddress] = useSearchParams();
  const state = duplicateState.catch('suspected').parse(address.get('state') ?? 'suspected');
  if (!hasRole(user, 'coordinator'))
    return (
      <EmptyState
        wholePage
        icon={<IconCopy />}
        title={t('duplicates.notYours')}
        action={
          <Button component={Link} to="/" variant="default">
            {t('dispatch.toHome')}
          </Button>
        }
      />
    );
  return (
    <div className={classes.page}>
      <Button
        component={Link}
        to="/board"
        variant="subtle"
        size="compact-sm"
        leftSection={<IconArrowLeft size={16} aria-hidden />}
      >
        {t('duplicates.back')}
      </Button>
      <Title order={1} mt={4}>
        {t('duplicates.title')}
      </Title>
      <Text c="dimmed" mb="md" maw={860}>
        {t('duplicates.about')}
      </Text>
      <Pairs
        key={state}
        state={state}
        onState={(next) => setAddress(next === 'suspected' ? {} : { state: next }, { replace: true })}
      />
    </div>
  );
}

function Pairs({ state, onState }: { state: DuplicateState; onState: (state: DuplicateState) => void }) {
  const { t } = useTranslation('monitoring');
  const pairs = useInfiniteQuery({
    queryKey: keys.duplicatePairs(state),
    queryFn: ({ pageParam }) => listDuplicates(state, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const rows = pairs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="sheet" aria-labelledby="duplicate-list">
      <Group justify="space-between" p="sm" gap="sm">
        <Group gap="sm" align="baseline">
          <Title order={2} id="duplicate-list">
            {t('duplicates.list')}
          </Title>
          <ListCount total={pairs.data?.pages[0]?.total} shown={rows.length} kind="pairs" />
        </Group>
        <SegmentedControl
          aria-label={t('duplicates.show')}
          value={state}
          onChange={(value) => onState(duplicateState.parse(value))}
          data={duplicateState.options.map((value) => ({ value, label: t(`duplicates.state.${value}`) }))}
        />
      </Group>
      {pairs.isPending ? <ListSkeleton /> : null}
      {pairs.isError ? <ErrorState error={pairs.error} onRetry={() => void pairs.refetch()} /> : null}
      {pairs.isSuccess && rows.length === 0 ? (
        <EmptyState
          icon={<IconCopy />}
          title={t(`duplicates.empty.${state}`)}
          description={state === 'suspected' ? t('duplicates.emptyNext') : undefined}
        />
      ) : null}
      {rows.map((pair) => (
        <DuplicateRow key={pair.id} pair={pair} />
      ))}
      {pairs.hasNextPage ? (
        <div className={classes.foot}>
          <Button
            variant="default"
            loading={pairs.isFetchingNextPage}
            onClick={() => void pairs.fetchNextPage()}
          >
            {t('list.more')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
