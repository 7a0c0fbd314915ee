import { Button, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import {
  type Organisation,
  organisationFacts,
  organisationKind,
  postalAddress,
  REGIONS,
} from '@relecture/shared/users/schema.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addOrganisation, changeOrganisation } from '../api/admin';
import { keys } from '../api/keys';
import { isProblem } from '../api/problem';
import { FormError } from '../ui/FormError';
import { tellDone } from '../ui/tell';
import { AddressFields, NO_ADDRESS } from './AddressFields';

interface OrganisationFormProps {
  /** Null for a new one. */
  organisation: Organisation | null;
  onClose: () => void;
}

/** What a house is called, where it is, and where its parcels go. */
export function OrganisationForm({ organisation, onClose }: OrganisationFormProps) {
  const { t } = useTranslation('admin');
  const { t: ui } = useTranslation('ui');
  const client = useQueryClient();
  const [name, setName] = useState(organisation?.name ?? '');
  const [city, setCity] = useState(organisation?.city ?? '');
  const [region, setRegion] = useState<string | null>(organisation?.region ?? null);
  const [kind, setKind] = useState<string | null>(organisation?.kind ?? null);
  const [address, setAddress] = useState(organisation?.address ?? NO_ADDRESS);
  const facts = organisationFacts.safeParse({ name, city, region, kind });
  const written = Object.values(address).some((part) => part.trim() !== '');
  const place = written ? postalAddress.safeParse(address) : null;
  // A house that has an address keeps one.
  const ready = facts.success && (place ? place.success : !organisation?.address);
  const save = useMutation({
    mutationFn: () => {
      const whole = organisationFacts.parse({ name, city, region, kind });
      const where = written ? postalAddress.parse(address) : null;
      return organisation
        ? changeOrganisation(organisation.id, { ...whole, ...(where ? { address: where } : {}) })
        : addOrganisation({ ...whole, address: where });
    },
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: keys.admin.organisations });
      tellDone(t(organisation ? 'organisation.saved' : 'organisation.added', { name: saved.name }));
      onClose();
    },
  });
  const nameTaken = isProblem(save.error) && save.error.fields.some(({ path }) => path === 'name');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t('organisation.name')}
          required
          maxLength={120}
          value={name}
          error={nameTaken ? t('organisation.nameTaken') : undefined}
          onChange={(event) => {
            setName(event.currentTarget.value);
            save.reset();
          }}
        />
        <Select
          label={t('organisation.kind')}
          required
          allowDeselect={false}
          data={organisationKind.options.map((value) => ({
            value,
            label: t(`organisations.kinds.${value}`),
          }))}
          value={kind}
          onChange={setKind}
        />
        <Group gap="sm" grow align="flex-start">
          <TextInput
            label={t('organisation.city')}
            required
            maxLength={60}
            value={city}
            onChange={(event) => setCity(event.currentTarget.value)}
          />
          <Select
            label={t('organisation.region')}
            required
            searchable
            allowDeselect={false}
            data={[...REGIONS]}
            value={region}
            onChange={setRegion}
          />
        </Group>
        <Title order={3} mt="xs">
          {t('address.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('address.about')}
        </Text>
        <AddressFields
          address={address}
          required={written || Boolean(organisation?.address)}
          onChange={(part) => setAddress((before) => ({ ...before, ...part }))}
        />
        {nameTaken ? null : <FormError error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={save.isPending}>
            {t(organisation ? 'organisation.save' : 'organisation.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
