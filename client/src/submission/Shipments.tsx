import { Button, Group, Popover, Select, Stack, Text, TextInput } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import {
  CASE_LIMITS,
  type Shipment,
  shipmentCondition,
  type updateShipmentBody,
} from '@relecture/shared/cases/schema.js';
import {
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleHalf2,
  IconPrinter,
  IconTruck,
} from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { openSlip, updateShipment } from '../api/cases';
import { keys } from '../api/keys';
import { DateField } from '../ui/DateField';
import { formatCalendarDate } from '../ui/format';
import { Mark } from '../ui/StatusBadge';
import { tellProblem } from '../ui/tell';
import { today } from '../ui/typed-date';
import classes from './CaseForm.module.css';

const LOOK = {
  declared: [IconCircleDashed, 'grey'],
  sent: [IconTruck, 'blue'],
  received: [IconCircleCheckFilled, 'green'],
  returned: [IconCircleHalf2, 'grey'],
} as const;

/** The parcels of a case: what is in them, where they are, their slip, and the dates one may tell. */
export function Shipments({ page }: { page: CasePage }) {
  return (
    <Stack gap={8}>
      {page.shipments.map((shipment) => (
        <ShipmentLine key={shipment.id} page={page} shipment={shipment} />
      ))}
    </Stack>
  );
}

function ShipmentLine({ page, shipment }: { page: CasePage; shipment: Shipment }) {
  const { t } = useTranslation('submission');
  const { t: ui } = useTranslation('ui');
  const client = useQueryClient();
  const update = useMutation({
    mutationFn: (body: z.input<typeof updateShipmentBody>) => updateShipment(page.id, shipment.id, body),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.cases.one(page.id) }),
    onError: tellProblem,
  });
  const [shape, tone] = LOOK[shipment.status];
  const dates = [
    shipment.sentOn ? t('shipment.wasSent', { date: formatCalendarDate(shipment.sentOn) }) : null,
    shipment.receivedOn ? t('shipment.wasReceived', { date: formatCalendarDate(shipment.receivedOn) }) : null,
  ].filter(Boolean);
  return (
    <div className={classes.row} data-testid="shipment-row">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Mark look={[shape, tone]} words={ui(`shipment.${shipment.status}`)} />
          <Text>
            {shipment.items
              .map((item) =>
                [t(`shipment.counted.${item.kind}`, { count: item.count }), item.label, item.stain]
                  .filter(Boolean)
                  .join(' '),
              )
              .join(', ')}
          </Text>
          <Text size="sm" c="dimmed">
            {[shipment.carrier, shipment.trackingNumber, ...dates].filter(Boolean).join(' · ')}
          </Text>
          {shipment.note ? <Text size="sm">{shipment.note}</Text> : null}
          {shipment.condition ? (
            <Text size="sm">
              {[ui(`condition.${shipment.condition}`), shipment.remarks].filter(Boolean).join(' · ')}
            </Text>
          ) : null}
        </div>
        <Group gap={6}>
          {page.permissions.includes('see_identity') ? (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPrinter size={16} aria-hidden />}
              onClick={() => void openSlip(page.id, shipment.id, t('shipment.slipFile')).catch(tellProblem)}
            >
              {t('shipment.slip')}
            </Button>
          ) : null}
          {shipment.sentOn === null && page.permissions.includes('declare_shipment') ? (
            <DateButton
              words={t('shipment.markSent')}
              label={t('shipment.sentOn')}
              onDate={(sentOn) => update.mutate({ sentOn })}
            />
          ) : null}
          {shipment.receivedOn === null && page.permissions.includes('receive_shipment') ? (
            <DateButton
              words={t('shipment.markReceived')}
              label={t('shipment.receivedOn')}
              asksCondition
              earliest={shipment.sentOn}
              onDate={(receivedOn, arrival) => update.mutate({ receivedOn, ...arrival })}
            />
          ) : null}
        </Group>
      </Group>
    </div>
  );
}

type Arrival = Pick<z.input<typeof updateShipmentBody>, 'condition' | 'remarks'>;

function DateButton({
  words,
  label,
  asksCondition = false,
  earliest = null,
  onDate,
}: {
  words: string;
  label: string;
  asksCondition?: boolean;
  /** A parcel does not arrive before this day. */
  earliest?: string | null;
  onDate: (date: string, arrival: Arrival) => void;
}) {
  const { t } = useTranslation('submission');
  const { t: ui } = useTranslation('ui');
  const [condition, setCondition] = useState<NonNullable<Shipment['condition']>>('intact');
  const [remarks, setRemarks] = useState('');
  const [open, setOpen] = useState(false);
  const [date, setDate] = useState<string | null>(today);
  const tooEarly = date !== null && earliest !== null && date < earliest;
  return (
    <Popover opened={open} onChange={setOpen} trapFocus position="bottom-end">
      <Popover.Target>
        <Button size="xs" variant="light" onClick={() => setOpen(!open)}>
          {words}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Group align="flex-end" gap={8}>
          <DateField
            label={label}
            value={date}
            onChange={setDate}
            problem={tooEarly ? t('shipment.beforeSending') : null}
          />
          {asksCondition ? (
            <>
              <Select
                label={t('shipment.condition')}
                allowDeselect={false}
                comboboxProps={{ withinPortal: false }}
                data={shipmentCondition.options.map((value) => ({ value, label: ui(`condition.${value}`) }))}
                value={condition}
                onChange={(value) => setCondition(shipmentCondition.parse(value))}
              />
              <TextInput
                label={t('shipment.remarks')}
                maxLength={CASE_LIMITS.text}
                value={remarks}
                onChange={(event) => setRemarks(event.currentTarget.value)}
              />
            </>
          ) : null}
          <Button
            disabled={date === null || tooEarly}
            onClick={() => {
              if (date) onDate(date, { condition, remarks });
              setOpen(false);
            }}
          >
            {words}
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}
