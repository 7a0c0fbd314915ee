import { isDeepStrictEqual } from 'node:util';
import {
  type declareShipmentBody,
  SENDER_SHIPMENT_FIELDS,
  type Shipment,
  type updateShipmentBody,
} from '@relecture/shared/cases/schema.js';
import { Types } from 'mongoose';
import type { z } from 'zod';
import { transition } from '../events/index.js';
import { now } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import type { CaseRecord, StoredShipment } from './model.js';
import { isSender, mayAddMaterial, mayReceiveShipment, maySeeIdentity } from './policy.js';
import { seeCase, seeCaseFor } from './service.js';

/** A block's label often is the exam number: like the note, it goes with the identity. The others see what travels. */
export function presentShipment(
  { items, note, remarks, ...shipment }: StoredShipment,
  record: CaseRecord,
  principal: Principal,
): Shipment {
  const identity = maySeeIdentity(record, principal);
  return {
    ...shipment,
    id: String(shipment.id),
    declaredAt: shipment.declaredAt.toISOString(),
    items: identity ? items : items.map((item) => ({ ...item, label: '' })),
    note: identity ? note : '',
    // A parcel of before its way was kept has neither.
    sentTo: shipment.sentTo ?? [],
    forwardedOn: shipment.forwardedOn ?? null,
    arrivedOn: shipment.arrivedOn ?? null,
    remarks: identity || mayReceiveShipment(record, principal) ? remarks : '',
  };
}

/** Told from further down the path: the houses where the case is read now. */
export type RecipientsOf = (caseId: string) => Promise<ReadonlyArray<{ readonly organisation: string }>>;

const housesOf = async (caseId: string, recipientsOf: RecipientsOf): Promise<string[]> => [
  ...new Set((await recipientsOf(caseId)).map(({ organisation }) => organisation)),
];

/** Blocks, sections or glass on their way: a laboratory without a scanner can send a case. */
export async function declareShipment(
  caseId: string,
  body: z.output<typeof declareShipmentBody>,
  principal: Principal,
  recipientsOf: RecipientsOf,
): Promise<Shipment> {
  const record = await seeCaseFor(caseId, principal, mayAddMaterial);
  const shipment: StoredShipment = {
    id: new Types.ObjectId(),
    items: body.items,
    carrier: body.carrier,
    trackingNumber: body.trackingNumber,
    note: body.note,
    status: body.sentOn ? 'sent' : 'declared',
    declaredAt: now(),
    sentOn: body.sentOn,
    receivedOn: null,
    condition: null,
    remarks: '',
    sentTo: body.sentOn ? await housesOf(caseId, recipientsOf) : [],
    forwardedOn: null,
    arrivedOn: null,
    materialRequestId: body.materialRequestId,
  };
  await transition<CaseRecord>({
    kind: 'case',
    id: record._id,
    event: 'shipment.declared',
    from: [record.status],
    to: 'same',
    party: 'same',
    by: principal,
    params: { shipmentId: String(shipment.id), items: body.items.length },
    push: { shipments: shipment },
  });
  return presentShipment(shipment, record, principal);
}

type ShipmentChange = z.output<typeof updateShipmentBody>;

/** Whoever sends never acknowledges receipt: a person of both sides is the sender. */
function mayChange(
  record: CaseRecord,
  shipment: StoredShipment,
  change: ShipmentChange,
  principal: Principal,
) {
  const fields = Object.keys(change) as Array<keyof ShipmentChange>;
  const bySender = (field: string) => (SENDER_SHIPMENT_FIELDS as readonly string[]).includes(field);
  if (isSender(record, principal)) {
    if (!mayAddMaterial(record, principal) || !fields.every(bySender)) throw new ProblemError('FORBIDDEN');
    // What has arrived is what it is.
    if (['received', 'returned'].includes(shipment.status)) throw new ProblemError('STATUS_CONFLICT');
    return;
  }
  if (!mayReceiveShipment(record, principal) || fields.some(bySender)) throw new ProblemError('FORBIDDEN');
  if (change.receivedOn === undefined && shipment.status !== 'received')
    throw new ProblemError('STATUS_CONFLICT');
}

/** What the change makes of the parcel; null when it changes nothing. */
async function changed(
  shipment: StoredShipment,
  change: ShipmentChange,
  house: string,
  houses: () => Promise<string[]>,
) {
  const after: StoredShipment = { ...shipment, ...withoutUndefined(change) };
  if (isDeepStrictEqual(after, shipment)) return null;
  const received = change.receivedOn !== undefined && shipment.status !== 'received';
  const sent = !received && change.sentOn !== undefined && shipment.status === 'declared';
  if (received) {
    after.status = 'received';
    // Sent before anybody was known to read it: it is where it was taken in.
    if (!after.sentTo?.length) after.sentTo = [house];
  } else if (sent) after.status = 'sent';
  const forwarded = change.forwardedOn && change.forwardedOn !== shipment.forwardedOn;
  if (sent || forwarded) after.sentTo = await houses();
  // On the road again: where it had arrived before is no longer where it is.
  if (forwarded) after.arrivedOn = change.arrivedOn ?? null;
  const event = received ? 'shipment.received' : sent ? 'shipment.sent' : 'shipment.described';
  return { after, event, received } as const;
}

/** Days of the calendar, compared as such: sent, then received, then sent on. */
function refuseDisorder({ sentOn, receivedOn, forwardedOn, arrivedOn }: StoredShipment): void {
  const refuse = (path: string, code: string) => {
    throw new ProblemError('INVALID_INPUT', { fields: [{ path, code, message: code }] });
  };
  if (sentOn && receivedOn && receivedOn < sentOn) refuse('receivedOn', 'before_sending');
  if (receivedOn && forwardedOn && forwardedOn < receivedOn) refuse('forwardedOn', 'before_reception');
  if (arrivedOn && (!forwardedOn || arrivedOn < forwardedOn)) refuse('arrivedOn', 'before_sending');
}

const withoutUndefined = <T extends object>(change: T): Partial<T> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;

/** Two sides write on one parcel: a change that lost the race is made again on what the other one wrote. */
const ATTEMPTS = 5;

/**
 * Each side tells what it knows: the sender what is in the parcel and how it travels, until it has arrived; the
 * network when and how it arrived. The dates, the clock and the timeline are one write.
 * @throws {ProblemError} NOT_FOUND, FORBIDDEN, INVALID_INPUT (dates in the wrong order), STATUS_CONFLICT: the sender's
 * word comes before it has arrived, the network's with it or after
 */
export async function updateShipment(
  caseId: string,
  shipmentId: string,
  change: ShipmentChange,
  principal: Principal,
  recipientsOf: RecipientsOf,
): Promise<Shipment> {
  for (let attempt = 1; ; attempt++) {
    const record = await seeCase(caseId, principal);
    const shipment = record.shipments.find((item) => String(item.id) === shipmentId);
    if (!shipment) throw new ProblemError('NOT_FOUND');
    mayChange(record, shipment, change, principal);
    const asked = withoutUndefined(change);
    // A new way begins without an arrival.
    refuseDisorder({ ...shipment, ...(asked.forwardedOn ? { arrivedOn: null } : {}), ...asked });
    const made = await changed(shipment, change, principal.organisationName, () =>
      housesOf(caseId, recipientsOf),
    );
    if (!made) return presentShipment(shipment, record, principal);
    const { after, event, received } = made;
    try {
      await transition<CaseRecord>({
        kind: 'case',
        id: record._id,
        event,
        from: [record.status],
        to: 'same',
        party: received && record.party === 'transfer' ? 'admission' : 'same',
        by: principal,
        params: { shipmentId, ...(received && after.condition ? { condition: after.condition } : {}) },
        set: { shipments: record.shipments.map((item) => (item === shipment ? after : item)) },
        // The list is written whole: it must be the one that was read.
        version: record.version,
      });
      return presentShipment(after, record, principal);
    } catch (error) {
      const lost = error instanceof ProblemError && ['CONFLICT', 'STATUS_CONFLICT'].includes(error.code);
      if (!lost || attempt === ATTEMPTS) throw error;
    }
  }
}
