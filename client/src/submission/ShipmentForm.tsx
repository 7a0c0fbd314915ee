import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { CASE_LIMITS, type Shipment } from '@relecture/shared/cases/schema.js';
import { IconPackage } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { declareShipment, openSlip, readCase, updateShipment } from '../api/cases';
import { keys } from '../api/keys';
import { DateField } from '../ui/DateField';
import { FormError } from '../ui/FormError';
import { tellDone, tellProblem } from '../ui/tell';
import classes from './CaseForm.module.css';
import { type ParcelItem, ParcelItems } from './ParcelItems';

interface ShipmentFormProps {
  getCaseId: () => Promise<string>;
  /** Offered as the label of the first item. */
  block: string;
  materialRequestId?: string;
  /** Declared before, to put right as long as it has not arrived. */
  shipment?: Shipment;
  /** Somebody is there to send it to: before that nothing leaves, and there is no slip. */
  mayLeave: boolean;
  onDeclared?: (shipmentId: string) => void;
  onCancel?: () => void;
}

const startOf = (shipment: Shipment | undefined, block: string): ParcelItem[] =>
  shipment
    ? shipment.items.map((item, key) => ({ ...item, key }))
    : [{ key: 0, kind: 'block', label: block, count: 1, stain: '' }];

/** What is put in the parcel; the slip that travels with it opens as soon as it has an address. */
export function ShipmentForm({
  getCaseId,
  block,
  materialRequestId,
  shipment,
  mayLeave,
  onDeclared,
  onCancel,
}: ShipmentFormProps) {
  const { t } = useTranslation('submission');
  const client = useQueryClient();
  const { t: ui } = useTranslation('ui');
  const [items, setItems] = useState(() => startOf(shipment, block));
  const [carrier, setCarrier] = useState(shipment?.carrier ?? '');
  const [trackingNumber, setTracking] = useState(shipment?.trackingNumber ?? '');
  const [sentOn, setSentOn] = useState<string | null>(shipment?.sentOn ?? null);
  const [note, setNote] = useState(shipment?.note ?? '');
  const save = useMutation({
    mutationFn: async () => {
      const caseId = await getCaseId();
      const content = {
        items: items.map(({ key: _, ...item }) => ({
          ...item,
          stain: item.kind === 'glass_slide' ? item.stain : '',
        })),
        carrier,
        trackingNumber,
        note,
      };
      const saved = shipment
        ? await updateShipment(caseId, shipment.id, { ...content, ...(sentOn ? { sentOn } : {}) })
        : await declareShipment(caseId, {
            ...content,
            sentOn,
            materialRequestId: materialRequestId ?? null,
          });
      const page = await client.fetchQuery({
        queryKey: keys.cases.one(caseId),
        queryFn: () => readCase(caseId),
        staleTime: 0,
      });
      return { page, saved };
    },
    onSuccess: ({ page, saved }) => {
      tellDone(t(shipment ? 'shipment.corrected' : 'shipment.declared'));
      onDeclared?.(saved.id);
      if (!shipment && page.parcelRecipients.length > 0) {
        openSlip(page.id, saved.id, t('shipment.slipFile')).catch(tellProblem);
      }
    },
  });

  return (
    <Stack gap="sm" data-testid="shipment-form">
      <Text size="sm" c="dimmed">
        {t(shipment ? 'shipment.aboutCorrection' : mayLeave ? 'shipment.about' : 'shipment.aboutDraft')}
      </Text>
      <ParcelItems items={items} onChange={setItems} />
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
        {mayLeave ? <DateField label={t('shipment.sentOn')} value={sentOn} onChange={setSentOn} /> : null}
        <Textarea
          className={classes.wide}
          label={t('shipment.note')}
          autosize
          maxLength={CASE_LIMITS.text}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      </div>
      <FormError error={save.error} />
      <Group gap="sm">
        <Button
          variant={shipment ? 'filled' : 'light'}
          loading={save.isPending}
          disabled={items.some(({ kind, label }) => kind !== 'unstained_sections' && label.trim() === '')}
          leftSection={<IconPackage size={16} aria-hidden />}
          onClick={() => save.mutate()}
        >
          {t(shipment ? 'shipment.save' : mayLeave ? 'shipment.declareAndPrint' : 'shipment.declare')}
        </Button>
        {onCancel ? (
          <Button variant="default" onClick={onCancel}>
            {ui('cancel')}
          </Button>
        ) : null}
      </Group>
    </Stack>
  );
}
