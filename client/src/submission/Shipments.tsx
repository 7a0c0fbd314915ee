import { Box, Button, Drawer, Group, Stack, Text } from '@mantine/core';
import type { CasePage, ParcelRecipient } from '@relecture/shared/cases/page.js';
import { isAstray } from '@relecture/shared/cases/parcels.js';
import type { Shipment, updateShipmentBody } from '@relecture/shared/cases/schema.js';
import {
  IconAlertTriangle,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleHalf2,
  IconPencil,
  IconPrinter,
  IconTruck,
} from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { openSlip, updateShipment } from '../api/cases';
import { keys } from '../api/keys';
import { formatCalendarDate } from '../ui/format';
import { Notice } from '../ui/Notice';
import { Mark } from '../ui/StatusBadge';
import { tellProblem } from '../ui/tell';
import classes from './CaseForm.module.css';
import { ParcelDate } from './ParcelDate';
import { ShipmentForm } from './ShipmentForm';

const LOOK = {
  declared: [IconCircleDashed, 'grey'],
  sent: [IconTruck, 'blue'],
  received: [IconCircleCheckFilled, 'green'],
  returned: [IconCircleHalf2, 'grey'],
} as const;

/** The parcels of a case: what is in them, where they are and go, their slip, and the dates one may tell. */
export function Shipments({ page }: { page: CasePage }) {
  return (
    <Stack gap={8}>
      {page.shipments.map((shipment) => (
        <ShipmentLine key={shipment.id} page={page} shipment={shipment} />
      ))}
    </Stack>
  );
}

const housesOf = (recipients: readonly ParcelRecipient[]): string =>
  [...new Set(recipients.map(({ organisation }) => organisation))].join(', ');

function ShipmentLine({ page, shipment }: { page: CasePage; shipment: Shipment }) {
  const { t } = useTranslation('submission');
  const { t: ui } = useTranslation('ui');
  const client = useQueryClient();
  const [correcting, setCorrecting] = useState(false);
  const update = useMutation({
    mutationFn: (body: z.input<typeof updateShipmentBody>) => updateShipment(page.id, shipment.id, body),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.cases.one(page.id) }),
    onError: tellProblem,
  });
  const [shape, tone] = LOOK[shipment.status];
  const { parcelRecipients: recipients } = page;
  const mayCorrect = shipment.receivedOn === null && page.permissions.includes('declare_shipment');
  const mayPrint = recipients.length > 0 && page.permissions.includes('see_identity');
  const mayReceive = page.permissions.includes('receive_shipment');
  const astray = isAstray(shipment, recipients);
  const dates = [
    shipment.sentOn ? t('shipment.wasSent', { date: formatCalendarDate(shipment.sentOn) }) : null,
    shipment.receivedOn ? t('shipment.wasReceived', { date: formatCalendarDate(shipment.receivedOn) }) : null,
    shipment.forwardedOn
      ? t('shipment.wasForwarded', {
          date: formatCalendarDate(shipment.forwardedOn),
          house: shipment.sentTo.join(', '),
        })
      : null,
    shipment.arrivedOn ? t('shipment.wasArrived', { date: formatCalendarDate(shipment.arrivedOn) }) : null,
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
          {shipment.status === 'declared' ? <Destination recipients={recipients} /> : null}
        </div>
        <Group gap={6}>
          {mayCorrect ? (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPencil size={16} aria-hidden />}
              onClick={() => setCorrecting(true)}
            >
              {t('shipment.correct')}
            </Button>
          ) : null}
          {mayPrint ? (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPrinter size={16} aria-hidden />}
              onClick={() => void openSlip(page.id, shipment.id, t('shipment.slipFile')).catch(tellProblem)}
            >
              {t('shipment.slip')}
            </Button>
          ) : null}
          {shipment.sentOn === null && mayCorrect && recipients.length > 0 ? (
            <ParcelDate
              words={t('shipment.markSent')}
              label={t('shipment.sentOn')}
              onDate={(sentOn) => update.mutate({ sentOn })}
            />
          ) : null}
          {shipment.receivedOn === null && mayReceive ? (
            <ParcelDate
              words={t('shipment.markReceived')}
              label={t('shipment.receivedOn')}
              asksCondition
              earliest={shipment.sentOn}
              tooEarlyWords={t('shipment.beforeSending')}
              onDate={(receivedOn, arrival) => update.mutate({ receivedOn, ...arrival })}
            />
          ) : null}
          {astray && shipment.status === 'received' && mayReceive ? (
            <ParcelDate
              words={t('shipment.markForwarded')}
              label={t('shipment.forwardedOn')}
              earliest={shipment.receivedOn}
              tooEarlyWords={t('shipment.beforeReception')}
              onDate={(forwardedOn) => update.mutate({ forwardedOn })}
            />
          ) : null}
          {shipment.forwardedOn && !shipment.arrivedOn && !astray && mayReceive ? (
            <ParcelDate
              words={t('shipment.markArrived')}
              label={t('shipment.arrivedOn')}
              earliest={shipment.forwardedOn}
              tooEarlyWords={t('shipment.beforeForwarding')}
              onDate={(arrivedOn) => update.mutate({ arrivedOn })}
            />
          ) : null}
        </Group>
      </Group>
      {astray ? (
        <Box mt={8}>
          <Notice tone="amber" icon={<IconAlertTriangle size={20} />} testId="parcel-astray">
            {t(shipment.status === 'received' ? 'shipment.astrayThere' : 'shipment.astray', {
              there: shipment.sentTo.join(', '),
              here: housesOf(recipients),
            })}
          </Notice>
        </Box>
      ) : null}
      <Drawer
        opened={correcting && mayCorrect}
        onClose={() => setCorrecting(false)}
        position="right"
        size={600}
        title={t('shipment.correctTitle')}
        closeButtonProps={{ 'aria-label': ui('close') }}
      >
        <ShipmentForm
          getCaseId={async () => page.id}
          block=""
          shipment={shipment}
          mayLeave={recipients.length > 0}
          onDeclared={() => setCorrecting(false)}
          onCancel={() => setCorrecting(false)}
        />
      </Drawer>
    </div>
  );
}

/** Where to send it, as soon as anybody knows. */
function Destination({ recipients }: { recipients: readonly ParcelRecipient[] }) {
  const { t } = useTranslation('submission');
  if (recipients.length === 0) return <Text size="sm">{t('shipment.noRecipient')}</Text>;
  return recipients.map(({ networkId, name, organisation, address }) => (
    <Text size="sm" key={`${networkId} ${name}`} data-testid="parcel-recipient">
      {t('shipment.sendTo', {
        to: [
          organisation,
          address?.service,
          name,
          address?.street,
          address ? `${address.postcode} ${address.town}` : null,
        ]
          .filter(Boolean)
          .join(', '),
      })}
      {address ? null : ` ${t('shipment.noAddress')}`}
    </Text>
  ));
}
