import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type Organisation, postalAddress } from '@relecture/shared/users/schema.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeAddress } from '../api/admin';
import { keys } from '../api/keys';
import { FormError } from '../ui/FormError';
import { tellDone } from '../ui/tell';

const EMPTY = { service: '', street: '', postcode: '', town: '', phone: '' };
const { shape } = postalAddress;

interface AddressFormProps {
  organisation: Organisation;
  onClose: () => void;
}

/** Where the parcels of a house go: what the slip prints. */
export function AddressForm({ organisation, onClose }: AddressFormProps) {
  const { t } = useTranslation('admin');
  const { t: ui } = useTranslation('ui');
  const client = useQueryClient();
  const [address, setAddress] = useState(organisation.address ?? EMPTY);
  const set = (part: Partial<typeof EMPTY>) => setAddress((before) => ({ ...before, ...part }));
  const parsed = postalAddress.safeParse(address);
  const save = useMutation({
    mutationFn: () => changeAddress(organisation.id, postalAddress.parse(address)),
    onSuccess: async ({ name }) => {
      await client.invalidateQueries({ queryKey: keys.admin.organisations });
      tellDone(t('address.saved', { name }));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (parsed.success) save.mutate();
  };
  const postcodeWrong = address.postcode.length === 5 && !shape.postcode.safeParse(address.postcode).success;
  const phoneWrong = !shape.phone.safeParse(address.phone).success;
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('address.about')}
        </Text>
        <TextInput
          label={t('address.service')}
          description={t('address.serviceAbout')}
          maxLength={100}
          value={address.service}
          onChange={(event) => set({ service: event.currentTarget.value })}
        />
        <TextInput
          label={t('address.street')}
          required
          maxLength={100}
          value={address.street}
          onChange={(event) => set({ street: event.currentTarget.value })}
        />
        <Group gap="sm" align="flex-start" wrap="nowrap">
          <TextInput
            label={t('address.postcode')}
            required
            inputMode="numeric"
            maxLength={5}
            w={120}
            value={address.postcode}
            error={postcodeWrong ? t('address.postcodeWrong') : undefined}
            onChange={(event) => set({ postcode: event.currentTarget.value })}
          />
          <TextInput
            label={t('address.town')}
            required
            maxLength={60}
            style={{ flex: 1 }}
            value={address.town}
            onChange={(event) => set({ town: event.currentTarget.value })}
          />
        </Group>
        <TextInput
          label={t('address.phone')}
          type="tel"
          maxLength={30}
          value={address.phone}
          error={phoneWrong ? t('address.phoneWrong') : undefined}
          onChange={(event) => set({ phone: event.currentTarget.value })}
        />
        <FormError error={save.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button type="submit" disabled={!parsed.success} loading={save.isPending}>
            {t('address.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
