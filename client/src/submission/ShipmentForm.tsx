import {
  ActionIcon,
  Button,
  Group,
  NumberInput,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { CASE_LIMITS, shipmentItem } from '@relecture/shared/cases/schema.js';
import { IconPackage, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { declareShipment, openSlip } from '../api/cases';
import { keys } from '../api/keys';
import { DateField } from '../ui/DateField';
import { wordProblem } from '../ui/problem-words';
import { tellDone, tellProblem } from '../ui/tell';
import classes from './CaseForm.module.css';
import { StainField } from './StainField';

type Item = z.infer<typeof shipmentItem> & { key: number };

interface ShipmentFormProps {
  getCaseId: () => Promise<string>;
  /** Offered as the label of the first item. */
  block: string;
  materialRequestId?: string;
  onDeclared?: (shipmentId: string) => void;
}

/** What is put in the parcel; declaring it prints the slip that travels with it. */
export function ShipmentForm({ getCaseId, block, materialRequestId, onDeclared }: ShipmentFormProps) {
  const { t } = useTranslation('submission');
  const client = useQueryClient();
  const [items, setItems] = useState<Item[]>([{ key: 0, kind: 'block', label: block, count: 1, stain: '' }]);
  const [carrier, setCarrier] = useState('');
  const [trackingNumber, setTracking] = useState('');
  const [sentOn, setSentOn] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const set = (key: number, part: Partial<Item>) =>
    setItems(items.map((item) => (item.key === key ? { ...item, ...part } : item)));
  const declare = useMutation({
    mutationFn: async () => {
      const caseId = await getCaseId();
      const made = await declareShipment(caseId, {
        items: items.map(({ key: _, ...item }) => ({
          ...item,
          stain: item.kind === 'glass_slide' ? item.stain : '',
        })),
        carrier,
        trackingNumber,
        note,
        sentOn,
        materialRequestId: materialRequestId ?? null,
      });
      await client.invalidateQueries({ queryKey: keys.cases.one(caseId) });
      return { caseId, made };
    },
    onSuccess: ({ caseId, made }) => {
      tellDone(t('shipment.declared'));
      onDeclared?.(made.id);
      openSlip(caseId, made.id, t('shipment.slipFile')).catch(tellProblem);
    },
  });

  return (
    <Stack gap="sm" data-testid="shipment-form">
      <Text size="sm" c="dimmed">
        {t('shipment.about')}
      </Text>
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
            onClick={() => setItems(items.filter((other) => other.key !== item.key))}
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
          setItems([
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
      <div className={classes.fields}>
        <TextInput
          label={t('shipment.carrier')}
          maxLength={CASE_LIMITS.shortText}
          value={carrier}
          onChange={(event) => setCarrier(event.currentTarget.value)}
        />
        <TextInput
          label={t('shipment.tracking')}
          maxLength={CASE_LIMITS.shortText}
          value={trackingNumber}
          onChange={(event) => setTracking(event.currentTarget.value)}
        />
        <DateField label={t('shipment.sentOn')} value={sentOn} onChange={setSentOn} />
        <Textarea
          className={classes.wide}
          label={t('shipment.note')}
          autosize
          maxLength={CASE_LIMITS.text}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      </div>
      {declare.isError ? (
        <Text role="alert" c="var(--tone-red)">
          {wordProblem(declare.error).title} {wordProblem(declare.error).advice}
        </Text>
      ) : null}
      <Button
        variant="light"
        style={{ alignSelf: 'flex-start' }}
        loading={declare.isPending}
        disabled={items.some((item) => item.label.trim() === '')}
        leftSection={<IconPackage size={16} aria-hidden />}
        onClick={() => declare.mutate()}
      >
        {t('shipment.declare')}
      </Button>
    </Stack>
  );
}
