import { Button, Drawer, Group, Select, Text, TextInput, Title, UnstyledButton } from '@mantine/core';
import { role } from '@relecture/shared/users/schema.js';
import { IconCircleCheck, IconCircleX, IconSearch, IconSearchOff, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { type Account, listAccounts } from '../api/admin';
import { keys } from '../api/keys';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { useNetworkName } from '../ui/networks';
import { ListSkeleton } from '../ui/Skeletons';
import { Mark } from '../ui/StatusBadge';
import classes from './admin.module.css';
import { nameOf } from './name-of';
import { PersonForm } from './PersonForm';
import { plain } from './plain';

/** Every account: who, where, what they may do. */
export function People() {
  const { t } = useTranslation('admin');
  const { t: app } = useTranslation('app');
  const { t: ui } = useTranslation('ui');
  const [address, setAddress] = useSearchParams();
  const wanted = role.safeParse(address.get('role')).data;
  const text = address.get('q') ?? '';
  const [form, setForm] = useState<{ account: Account | null; times: number } | null>(null);
  const [opened, setOpened] = useState(false);
  const open = (account: Account | null) => {
    // Each time anew: what was typed and given up is not offered again.
    setForm((before) => ({ account, times: (before?.times ?? 0) + 1 }));
    setOpened(true);
  };
  const query = useQuery({ queryKey: keys.admin.users, queryFn: listAccounts });
  const change = (name: string, value: string | null) =>
    setAddress(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  const shown = (query.data?.items ?? [])
    .filter(
      (account) =>
        (!wanted || account.roles.includes(wanted)) &&
        plain([nameOf(account), account.email, account.organisation.name].join(' ')).includes(plain(text)),
    )
    .toSorted((a, b) => a.lastName.localeCompare(b.lastName, 'fr'));

  return (
    <section className="sheet" aria-labelledby="people">
      <Group justify="space-between" p="sm" gap="sm">
        <Group gap="sm" align="baseline">
          <Title order={2} id="people">
            {t('people.title')}
          </Title>
          <Text size="sm" c="dimmed" role="status">
            {query.isSuccess ? t('people.count', { count: shown.length }) : ''}
          </Text>
        </Group>
        <Group gap="sm">
          <Select
            aria-label={t('people.role')}
            placeholder={t('people.role')}
            clearable
            w={200}
            data={role.options.map((value) => ({ value, label: app(`account.roles.${value}`) }))}
            value={wanted ?? null}
            onChange={(value) => change('role', value)}
          />
          <TextInput
            aria-label={t('people.search')}
            placeholder={t('people.search')}
            w={320}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={text}
            onChange={(event) => change('q', event.currentTarget.value)}
          />
          <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => open(null)}>
            {t('people.new')}
          </Button>
        </Group>
      </Group>
      {query.isPending ? <ListSkeleton /> : null}
      {query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isSuccess && shown.length === 0 ? (
        <EmptyState
          icon={<IconSearchOff />}
          title={t('people.empty')}
          action={
            <Button variant="default" onClick={() => setAddress({}, { replace: true })}>
              {t('people.showAll')}
            </Button>
          }
        />
      ) : null}
      {shown.length > 0 ? <PeopleTable accounts={shown} onEdit={open} /> : null}
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        position="right"
        size={520}
        title={form?.account ? t('form.change', { name: nameOf(form.account) }) : t('form.create')}
        closeButtonProps={{ 'aria-label': ui('close') }}
      >
        {form ? (
          <PersonForm key={form.times} account={form.account} onClose={() => setOpened(false)} />
        ) : null}
      </Drawer>
    </section>
  );
}

/** A long address breaks at its @, never inside a word. */
function Email({ address }: { address: string }) {
  const at = address.lastIndexOf('@') + 1;
  return (
    <>
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </>
  );
}

interface PeopleTableProps {
  accounts: Account[];
  onEdit: (account: Account) => void;
}

function PeopleTable({ accounts, onEdit }: PeopleTableProps) {
  const { t } = useTranslation('admin');
  const { t: app } = useTranslation('app');
  const networkName = useNetworkName();
  return (
    <table className={classes.table}>
      <caption className="heard-only">{t('people.title')}</caption>
      <thead>
        <tr>
          {(['name', 'organisation', 'roles', 'networks', 'state'] as const).map((column) => (
            <th key={column} scope="col" className={classes[column]}>
              {t(`people.columns.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {accounts.map((account) => (
          <tr key={account.id} data-testid="person-row">
            <td>
              <UnstyledButton
                className={classes.open}
                aria-label={t('people.edit', { name: nameOf(account) })}
                onClick={() => onEdit(account)}
              >
                {nameOf(account)}
              </UnstyledButton>
              <span className={classes.secondary}>
                <Email address={account.email} />
              </span>
            </td>
            <td>{account.organisation.name}</td>
            <td>
              {account.roles.map((item) => (
                <span key={item} className={classes.line}>
                  {app(`account.roles.${item}`)}
                </span>
              ))}
            </td>
            <td>
              {account.networks.map((network) => (
                <span key={`${network.networkId} ${network.as}`} className={classes.line}>
                  {networkName(network.networkId)}{' '}
                  <span className={classes.dim}>({t(`people.as.${network.as}`)})</span>
                </span>
              ))}
              {account.national ? <span className={classes.line}>{t('people.national')}</span> : null}
              {account.networks.length === 0 && !account.national ? (
                <span className={classes.dim}>{t('people.none')}</span>
              ) : null}
            </td>
            <td>
              <Mark
                look={account.active ? [IconCircleCheck, 'green'] : [IconCircleX, 'grey']}
                words={t(account.active ? 'people.active' : 'people.closed')}
              />
              {account.active && account.passwordTemporary ? (
                <span className={classes.secondary}>{t('people.temporary')}</span>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
