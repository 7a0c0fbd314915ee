import { Button, Group, Select, Text, TextInput, Title } from '@mantine/core';
import { type CaseProgress, caseProgress } from '@relecture/shared/events/status.js';
import { IconFilePlus, IconFolderOpen, IconSearch, IconSearchOff } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { listCases, searchCases } from '../api/cases';
import { keys } from '../api/keys';
import { hasRole, useUser } from '../app/session';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { ListCount } from '../ui/ListCount';
import { ListSkeleton } from '../ui/Skeletons';
import { useTitle } from '../ui/use-title';
import { CaseTable } from './CaseTable';
import classes from './MyCases.module.css';
import { ToDoList } from './ToDoList';

/** The sender's home: what there is to do, then every case. */
export default function MyCases() {
  const { t } = useTranslation('cases');
  const { t: ui } = useTranslation('ui');
  useTitle(t('title'));
  const user = useUser();
  const [address, setAddress] = useSearchParams();
  const progress = caseProgress.safeParse(address.get('progress')).data;
  /** What is searched for stays out of the address: it may be a name. */
  const [searched, setSearched] = useState<string | null>(null);
  const maySubmit = hasRole(user, 'submitter', 'preparer');

  return (
    <div className={classes.page}>
      <Group justify="space-between" align="flex-end" mb="md">
        <div>
          <Title order={1}>{t('title')}</Title>
          <Text c="dimmed">{t('about', { organisation: user.organisation.name })}</Text>
        </div>
        {maySubmit ? (
          <Button component={Link} to="/cases/new" leftSection={<IconFilePlus size={18} aria-hidden />}>
            {t('new')}
          </Button>
        ) : null}
      </Group>
      {maySubmit ? <ToDoList /> : null}
      <section className="sheet" aria-labelledby="all-cases">
        <Group justify="space-between" p="sm" gap="sm">
          <Title order={2} id="all-cases">
            {t('all')}
          </Title>
          <Group gap="sm">
            <Select
              aria-label={t('filter.progress')}
              placeholder={t('filter.progress')}
              clearable
              w={230}
              data={caseProgress.options.map((value) => ({ value, label: ui(`progress.${value}`) }))}
              value={progress ?? null}
              onChange={(value) => setAddress(value ? { progress: value } : {}, { replace: true })}
            />
            <SearchField searched={searched} onSearch={setSearched} />
          </Group>
        </Group>
        {searched === null ? <AllCases progress={progress} /> : <FoundCases key={searched} text={searched} />}
      </section>
    </div>
  );
}

interface SearchFieldProps {
  searched: string | null;
  onSearch: (text: string | null) => void;
}

function SearchField({ searched, onSearch }: SearchFieldProps) {
  const { t } = useTranslation('cases');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('text') ?? '').trim();
    onSearch(text.length < 2 ? null : text);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: the search element is not known to every screen reader yet
    <form role="search" onSubmit={submit}>
      <TextInput
        name="text"
        w={330}
        aria-label={t('search.label')}
        placeholder={t('search.placeholder')}
        autoComplete="off"
        leftSection={<IconSearch size={16} aria-hidden />}
        onChange={(event) => {
          if (event.currentTarget.value === '' && searched !== null) onSearch(null);
        }}
      />
    </form>
  );
}

function AllCases({ progress }: { progress: CaseProgress | undefined }) {
  const { t } = useTranslation('cases');
  const cases = useInfiniteQuery({
    queryKey: keys.cases.list({ progress }),
    queryFn: ({ pageParam }) => listCases({ progress }, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  if (cases.isPending) return <ListSkeleton />;
  if (cases.isError) return <ErrorState error={cases.error} onRetry={() => void cases.refetch()} />;
  const rows = cases.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) {
    return progress ? (
      <EmptyState
        icon={<IconSearchOff />}
        title={t('empty.filtered')}
        action={
          <Button component={Link} to="/cases" variant="default">
            {t('empty.showAll')}
          </Button>
        }
      />
    ) : (
      <EmptyState
        icon={<IconFolderOpen />}
        title={t('empty.none')}
        description={t('empty.noneNext')}
        action={
          <Button component={Link} to="/cases/new" variant="light">
            {t('new')}
          </Button>
        }
      />
    );
  }
  return (
    <>
      <CaseTable rows={rows} caption={t('all')} />
      <Group justify="space-between" p="sm">
        <ListCount total={cases.data.pages[0]?.total} shown={rows.length} kind="cases" />
        {cases.hasNextPage ? (
          <Button
            variant="default"
            loading={cases.isFetchingNextPage}
            onClick={() => void cases.fetchNextPage()}
          >
            {t('more')}
          </Button>
        ) : null}
      </Group>
    </>
  );
}

function FoundCases({ text }: { text: string }) {
  const { t } = useTranslation('cases');
  // A search is a fresh question each time, and what was found is not kept: the text may be a name.
  const found = useQuery({ queryKey: ['search'], queryFn: () => searchCases(text), gcTime: 0, staleTime: 0 });
  if (found.isPending || found.isRefetching) return <ListSkeleton rows={3} />;
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data.items.length === 0)
    return (
      <EmptyState
        icon={<IconSearchOff />}
        title={t('empty.notFound')}
        description={t('empty.notFoundNext')}
      />
    );
  return <CaseTable rows={found.data.items} caption={t('search.label')} />;
}
