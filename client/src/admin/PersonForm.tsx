import { Button, Checkbox, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { type Role, role } from '@relecture/shared/users/schema.js';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AvailabilityFields } from '../account/AvailabilityFields';
import { availabilityOf, typedOf } from '../account/typed-availability';
import { type Account, type AccountChange, changeAccount, createAccount } from '../api/admin';
import { keys } from '../api/keys';
import { isProblem } from '../api/problem';
import { listOrganisations } from '../api/users';
import { FormError } from '../ui/FormError';
import { tellDone } from '../ui/tell';
import { today } from '../ui/typed-date';
import { GivePassword } from './GivePassword';
import { MembershipFields } from './MembershipFields';
import { nameOf } from './name-of';
import { TemporaryPassword } from './TemporaryPassword';

const TITLES = ['Dr', 'Pr'];

interface PersonFormProps {
  /** Null for a new person. */
  account: Account | null;
  onClose: () => void;
}

const startOf = (account: Account | null) => ({
  email: account?.email ?? '',
  organisationId: account?.organisation.id ?? null,
  title: account?.title ?? '',
  firstName: account?.firstName ?? '',
  lastName: account?.lastName ?? '',
  rpps: account?.rpps ?? '',
  roles: account?.roles ?? ([] as Role[]),
  networks: account?.networks ?? ([] as AccountChange['networks']),
  national: account?.national ?? false,
  active: account?.active ?? true,
});

/** Creates an account, or changes one: rights, networks, availability, closed or open. */
export function PersonForm({ account, onClose }: PersonFormProps) {
  const { t } = useTranslation('admin');
  const { t: ui } = useTranslation('ui');
  const { t: app } = useTranslation('app');
  const client = useQueryClient();
  const [person, setPerson] = useState(() => startOf(account));
  const [typed, setTyped] = useState(() =>
    account ? typedOf(account, today()) : { leaves: [], capacity: 0, conflicts: [] },
  );
  const whole = availabilityOf(typed);
  const set = (part: Partial<typeof person>) => setPerson((before) => ({ ...before, ...part }));
  const organisations = useQuery({
    queryKey: keys.admin.organisations,
    queryFn: listOrganisations,
  });
  const reads = person.roles.includes('reviewer');
  const [given, setGiven] = useState<{ name: string; password: string } | null>(null);
  const save = useMutation({
    mutationFn: async (): Promise<Account & { temporaryPassword?: string }> => {
      const change: AccountChange = {
        title: person.title,
        firstName: person.firstName.trim(),
        lastName: person.lastName.trim(),
        rpps: person.rpps === '' ? null : person.rpps,
        roles: person.roles,
        networks: person.networks,
        national: person.national && person.roles.includes('coordinator'),
      };
      return account
        ? await changeAccount(account.id, { ...change, active: person.active, ...(reads ? whole : {}) })
        : await createAccount({
            ...change,
            email: person.email.trim(),
            organisationId: person.organisationId ?? '',
          });
    },
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: keys.admin.users });
      if (saved.temporaryPassword) {
        setGiven({ name: nameOf(saved), password: saved.temporaryPassword });
        return;
      }
      tellDone(t('form.saved', { name: nameOf(saved) }));
      onClose();
    },
  });
  const rppsWrong = person.rpps !== '' && !/^\d{11}$/.test(person.rpps);
  const emailTaken = isProblem(save.error) && save.error.fields.some(({ path }) => path === 'email');
  const ready =
    person.firstName.trim() !== '' &&
    person.lastName.trim() !== '' &&
    person.roles.length > 0 &&
    !rppsWrong &&
    (!reads || whole !== null) &&
    (account !== null || (person.email.includes('@') && person.organisationId !== null));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) save.mutate();
  };

  if (given) return <TemporaryPassword {...given} onClose={onClose} />;
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group grow gap="sm" align="flex-start">
          <Select
            label={t('form.title')}
            clearable
            data={TITLES}
            value={person.title || null}
            onChange={(value) => set({ title: value ?? '' })}
          />
          <TextInput
            label={t('form.firstName')}
            required
            maxLength={100}
            value={person.firstName}
            onChange={(event) => set({ firstName: event.currentTarget.value })}
          />
          <TextInput
            label={t('form.lastName')}
            required
            maxLength={100}
            value={person.lastName}
            onChange={(event) => set({ lastName: event.currentTarget.value })}
          />
        </Group>
        {account === null ? (
          <>
            <TextInput
              label={t('form.email')}
              type="email"
              required
              autoComplete="off"
              value={person.email}
              error={emailTaken ? t('form.emailTaken') : undefined}
              onChange={(event) => set({ email: event.currentTarget.value })}
            />
            <Select
              label={t('form.organisation')}
              required
              searchable
              data={(organisations.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              value={person.organisationId}
              onChange={(value) => set({ organisationId: value })}
            />
          </>
        ) : null}
        <TextInput
          label={t('form.rpps')}
          inputMode="numeric"
          maxLength={11}
          value={person.rpps}
          error={rppsWrong && person.rpps.length === 11 ? t('form.rppsWrong') : undefined}
          onChange={(event) => set({ rpps: event.currentTarget.value.replaceAll(/\s/g, '') })}
        />
        <Checkbox.Group
          label={t('form.roles')}
          required
          value={person.roles}
          onChange={(values) => set({ roles: role.options.filter((value) => values.includes(value)) })}
        >
          <Group gap="md" mt={4}>
            {role.options.map((value) => (
              <Checkbox key={value} value={value} label={app(`account.roles.${value}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <MembershipFields networks={person.networks} onChange={(networks) => set({ networks })} />
        {person.roles.includes('coordinator') ? (
          <Checkbox
            label={t('form.national')}
            checked={person.national}
            onChange={(event) => set({ national: event.currentTarget.checked })}
          />
        ) : null}
        {account && reads ? (
          <AvailabilityFields
            value={typed}
            onChange={(part) => setTyped((before) => ({ ...before, ...part }))}
            organisations={(organisations.data?.items ?? []).filter(
              ({ id }) => id !== account.organisation.id,
            )}
          />
        ) : null}
        {account?.active ? (
          <GivePassword
            account={account}
            onGiven={(password) => setGiven({ name: nameOf(account), password })}
          />
        ) : null}
        {account ? (
          <Switch
            label={t('form.active')}
            checked={person.active}
            onChange={(event) => set({ active: event.currentTarget.checked })}
          />
        ) : null}
        {account?.active && !person.active ? (
          <Text size="sm" c="var(--tone-amber)" role="status">
            {t('form.closing')}
          </Text>
        ) : null}
        {emailTaken ? null : <FormError error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={save.isPending}>
            {t(account ? 'form.save' : 'form.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
