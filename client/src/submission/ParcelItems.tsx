import { ActionIcon, Button, Group, NumberInput, Select, TextInput } from '@mantine/core';
import { CASE_LIMITS, shipmentItem } from '@relecture/shared/cases/schema.js';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { StainField } from './StainField';

export type ParcelItem = z.infer<typeof shipmentItem> & { key: number };

interface ParcelItemsProps {
  items: ParcelItem[];
  onChange: (items: ParcelItem[]) => void;
}

/** What lies in a parcel, a line per kind and reference. */
export function ParcelItems({ items, onChange }: ParcelItemsProps) {
  const { t } = useTranslation('submission');
  const set = (key: number, part: Partial<ParcelItem>) =>
    onChange(items.map((item) => (item.key === key ? { ...item, ...part } : item)));
  return (
    <>
      {items.map((item, index) => (
        <Group key={item.key} gap={8} wrap="nowrap" align="flex-end">
          <Select
            label={index === 0 ? t('shipment.kind') : undefined}
            aria-label={t('shipment.kind')}
            allowDeselect={false}
            style={{ flex: 1.2 }}
            data={shipmentItem.shape.kind.options.map((value) => ({
              value,
              label: t(`shipment.kinds.${value}`),
            }))}
            value={item.kind}
            onChange={(value) => set(item.key, { kind: shipmentItem.shape.kind.parse(value) })}
          />
          <TextInput
            label={index === 0 ? t('shipment.label') : undefined}
            aria-label={t('shipment.label')}
            style={{ flex: 1.4 }}
            maxLength={CASE_LIMITS.shortText}
            value={item.label}
            onChange={(event) => set(item.key, { label: event.currentTarget.value })}
          />
          {item.kind === 'glass_slide' ? (
            <div style={{ flex: 1 }}>
              <StainField
                label={t('shipment.stain')}
                value={item.stain}
                onChange={(stain) => set(item.key, { stain })}
              />
            </div>
          ) : null}
          <NumberInput
            label={index === 0 ? t('shipment.count') : undefined}
            aria-label={t('shipment.count')}
            w={84}
            min={1}
            max={500}
            allowDecimal={false}
            value={item.count}
            onChange={(value) => set(item.key, { count: typeof value === 'number' ? value : 1 })}
          />
          <ActionIcon
            size={36}
            disabled={items.length === 1}
            aria-label={t('shipment.removeItem', { number: index + 1 })}
            onClick={() => onChange(items.filter((other) => other.key !== item.key))}
          >
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() =>
          onChange([
            ...items,
            {
              key: Math.max(...items.map((item) => item.key)) + 1,
              kind: 'glass_slide',
              label: '',
              count: 1,
              stain: '',
            },
          ])
        }
      >
        {t('shipment.addItem')}
      </Button>
    </>
  );
}
