import { ActionIcon, Button, Fieldset, Group, MultiSelect, NumberInput, Stack, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { DateField } from '../ui/DateField';
import type { TypedAvailability } from './typed-availability';

interface AvailabilityFieldsProps {
  value: TypedAvailability;
  onChange: (part: Partial<TypedAvailability>) => void;
  /** Those one may have a conflict with. */
  organisations: ReadonlyArray<{ id: string; name: string }>;
}

/** Leave, capacity and declared conflicts of a reviewer, for themselves or for the administrator. */
export function AvailabilityFields({ value, onChange, organisations }: AvailabilityFieldsProps) {
  const { t } = useTranslation('account');
  const { leaves, capacity, conflicts } = value;
  const change = (index: number, part: Partial<TypedAvailability['leaves'][number]>) =>
    onChange({ leaves: leaves.map((leave, place) => (place === index ? { ...leave, ...part } : leave)) });
  return (
    <Stack gap="md">
      <Fieldset legend={t('availability.leaves')}>
        <Stack gap="sm">
          {leaves.length === 0 ? <Text c="dimmed">{t('availability.noLeave')}</Text> : null}
          {leaves.map((leave, index) => (
            <Group key={leave.key} gap="sm" align="flex-start" data-testid="leave">
              <DateField
                label={t('availability.from')}
                w={170}
                value={leave.from}
                onChange={(from) => change(index, { from })}
              />
              <DateField
                label={t('availability.to')}
                w={170}
                value={leave.to}
                problem={
                  leave.from !== null && leave.to !== null && leave.to < leave.from
                    ? t('availability.order')
                    : null
                }
                onChange={(to) => change(index, { to })}
              />
              <ActionIcon
                size={36}
                mt={24}
                aria-label={t('availability.removeLeave', { number: index + 1 })}
                onClick={() => onChange({ leaves: leaves.filter((_, place) => place !== index) })}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          <div>
            <Button
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() =>
                onChange({ leaves: [...leaves, { key: crypto.randomUUID(), from: null, to: null }] })
              }
            >
              {t('availability.addLeave')}
            </Button>
          </div>
        </Stack>
      </Fieldset>
      <NumberInput
        label={t('availability.capacity')}
        description={t('availability.capacityAbout')}
        min={0}
        max={200}
        allowDecimal={false}
        maw={320}
        value={capacity}
        onChange={(typed) => onChange({ capacity: Number(typed) || 0 })}
      />
      <MultiSelect
        label={t('availability.conflicts')}
        description={t('availability.conflictsAbout')}
        placeholder={conflicts.length === 0 ? t('availability.noConflict') : ''}
        searchable
        data={organisations.map(({ id, name }) => ({ value: id, label: name }))}
        value={conflicts}
        onChange={(chosen) => onChange({ conflicts: chosen })}
      />
    </Stack>
  );
}
