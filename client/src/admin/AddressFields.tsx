import { Group, TextInput } from '@mantine/core';
import { type PostalAddress, postalAddress } from '@relecture/shared/users/schema.js';
import { useTranslation } from 'react-i18next';

export const NO_ADDRESS: PostalAddress = { service: '', street: '', postcode: '', town: '', phone: '' };
const { shape } = postalAddress;

interface AddressFieldsProps {
  address: PostalAddress;
  required: boolean;
  onChange: (part: Partial<PostalAddress>) => void;
}

/** Where the parcels of a house go: what the slip prints. */
export function AddressFields({ address, required, onChange }: AddressFieldsProps) {
  const { t } = useTranslation('admin');
  const postcodeWrong = address.postcode.length === 5 && !shape.postcode.safeParse(address.postcode).success;
  const phoneWrong = !shape.phone.safeParse(address.phone).success;
  return (
    <>
      <TextInput
        label={t('address.service')}
        description={t('address.serviceAbout')}
        maxLength={100}
        value={address.service}
        onChange={(event) => onChange({ service: event.currentTarget.value })}
      />
      <TextInput
        label={t('address.street')}
        required={required}
        maxLength={100}
        value={address.street}
        onChange={(event) => onChange({ street: event.currentTarget.value })}
      />
      <Group gap="sm" align="flex-start" wrap="nowrap">
        <TextInput
          label={t('address.postcode')}
          required={required}
          inputMode="numeric"
          maxLength={5}
          w={120}
          value={address.postcode}
          error={postcodeWrong ? t('address.postcodeWrong') : undefined}
          onChange={(event) => onChange({ postcode: event.currentTarget.value })}
        />
        <TextInput
          label={t('address.town')}
          required={required}
          maxLength={60}
          style={{ flex: 1 }}
          value={address.town}
          onChange={(event) => onChange({ town: event.currentTarget.value })}
        />
      </Group>
      <TextInput
        label={t('address.phone')}
        type="tel"
        maxLength={30}
        value={address.phone}
        error={phoneWrong ? t('address.phoneWrong') : undefined}
        onChange={(event) => onChange({ phone: event.currentTarget.value })}
      />
    </>
  );
}
