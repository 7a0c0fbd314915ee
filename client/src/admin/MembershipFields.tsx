import { ActionIcon, Checkbox, Group, Select, Stack, TagsInput } from '@mantine/core';
import { networkMembership } from '@relecture/shared/users/schema.js';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AccountChange } from '../api/admin';
import { useNetworkName, useNetworks } from '../ui/networks';

interface MembershipFieldsProps {
  networks: AccountChange['networks'];
  onChange: (networks: AccountChange['networks']) => void;
}

const AS = ['reviewer', 'coordinator'] as const;
const AGES = networkMembership.shape.ages.unwrap().options;

/** The networks a person reads for or coordinates, and what they are competent for in each. */
export function MembershipFields({ networks, onChange }: MembershipFieldsProps) {
  const { t } = useTranslation('admin');
  const all = useNetworks();
  const networkName = useNetworkName();
  const change = (index: number, part: Partial<AccountChange['networks'][number]>) =>
    onChange(networks.map((network, place) => (place === index ? { ...network, ...part } : network)));
  return (
    <Stack gap="sm">
      {networks.map((membership, index) => {
        const network = networkName(membership.networkId);
        return (
          <Group key={`${membership.networkId} ${membership.as}`} gap="sm" align="flex-end">
            <Select
              label={t('form.networkAs', { network })}
              allowDeselect={false}
              w={170}
              data={AS.map((value) => ({ value, label: t(`people.as.${value}`) }))}
              value={membership.as}
              onChange={(value) =>
                change(index, { as: value === 'coordinator' ? 'coordinator' : 'reviewer' })
              }
            />
            <TagsInput
              label={t('form.competences', { network })}
              style={{ flex: 1, minWidth: 200 }}
              value={membership.competences}
              onChange={(competences) => change(index, { competences })}
            />
            {membership.as === 'reviewer' ? (
              <>
                <Select
                  label={t('form.ages')}
                  aria-label={t('form.agesOf', { network })}
                  allowDeselect={false}
                  w={150}
                  data={AGES.map((value) => ({ value, label: t(`form.age.${value}`) }))}
                  value={membership.ages}
                  onChange={(value) => change(index, { ages: AGES.find((each) => each === value) ?? 'all' })}
                />
                <Checkbox
                  label={t('form.third')}
                  aria-label={t('form.thirdOf', { network })}
                  mb={8}
                  checked={membership.third}
                  onChange={(event) => change(index, { third: event.currentTarget.checked })}
                />
              </>
            ) : null}
            <ActionIcon
              size={36}
              aria-label={t('form.removeNetwork', { network })}
              onClick={() => onChange(networks.filter((_, place) => place !== index))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
        );
      })}
      <Select
        label={t('form.addNetwork')}
        searchable
        value={null}
        data={(all.data?.items ?? []).map(({ id }) => ({ value: id, label: networkName(id, 'long') }))}
        onChange={(networkId) => {
          if (networkId === null) return;
          const taken = networks.filter((network) => network.networkId === networkId).map(({ as }) => as);
          const as = AS.find((value) => !taken.includes(value));
          if (as) onChange([...networks, networkMembership.parse({ networkId, as })]);
        }}
      />
    </Stack>
  );
}
