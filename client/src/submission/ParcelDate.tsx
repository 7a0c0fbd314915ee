import { Button, Group, Popover, Select, TextInput } from '@mantine/core';
import {
  CASE_LIMITS,
  type Shipment,
  shipmentCondition,
  type updateShipmentBody,
} from '@relecture/shared/cases/schema.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { DateField } from '../ui/DateField';
import { today } from '../ui/typed-date';

type Arrival = Pick<z.input<typeof updateShipmentBody>, 'condition' | 'remarks'>;

/** A day in a parcel’s journey: today unless another is typed. */
export function ParcelDate({
  words,
  label,
  asksCondition = false,
  earliest = null,
  tooEarlyWords,
  onDate,
}: {
  words: string;
  label: string;
  asksCondition?: boolean;
  /** It cannot have been before this day. */
  earliest?: string | null;
  tooEarlyWords?: string;
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
            problem={tooEarly ? tooEarlyWords : null}
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
