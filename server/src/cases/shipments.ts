import type { declareShipmentBody, Shipment, updateShipmentBody } from '@relecture/shared/cases/schema.js';
import { Types } from 'mongoose';
import type { z } from 'zod';
import { transition } from '../events/index.js';
import { now } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { CaseModel, type CaseRecord, type StoredShipment } from './model.js';
import { mayAddMaterial, mayReceiveShipment, maySeeIdentity } from './policy.js';
import { seeCase, seeCaseFor } from './service.js';

/** A block's label often is the exam number: like the note, it goes with the identity. The others see what travels. */
export function presentShipment(
  { items, note, ...shipment }: StoredShipment,
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
  };
}

/** Blocks, sections or glass on their way: a laboratory without a scanner can send a case. */
export async function declareShipment(
  caseId: string,
  body: z.output<typeof declareShipmentBody>,
  principal: Principal,
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

export async function updateShipment(
  caseId: string,
  shipmentId: string,
  change: z.output<typeof updateShipmentBody>,
  principal: Principal,
): Promise<Shipment> {
  const record = await seeCase(caseId, principal);
  const shipment = record.shipments.find((item) => String(item.id) === shipmentId);
  if (!shipment) throw new ProblemError('NOT_FOUND');
  const asSender = mayAddMaterial(record, principal);
  const asReceiver = mayReceiveShipment(record, principal);
  if (change.receivedOn !== undefined ? !asReceiver && !asSender : !asSender)
    throw new ProblemError('FORBIDDEN');

  const set: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(change))
    if (value !== undefined) set[`shipments.$[s].${name}`] = value;
  const received = change.receivedOn !== undefined && shipment.status !== 'received';
  const sent = change.sentOn !== undefined && shipment.status === 'declared';
  if (received) set['shipments.$[s].status'] = 'received';
  else if (sent) set['shipments.$[s].status'] = 'sent';
  await CaseModel.updateOne(
    { _id: record._id },
    { $set: { ...set, updatedAt: now() } },
    { arrayFilters: [{ 's.id': shipment.id }] },
  );
  if (received || sent) {
    await transition<CaseRecord>({
      kind: 'case',
      id: record._id,
      event: received ? 'shipment.received' : 'shipment.sent',
      from: [record.status],
      to: 'same',
      party: received && record.party === 'transfer' ? 'admission' : 'same',
      by: principal,
      params: { shipmentId },
    });
  }
  const fresh = await seeCase(caseId, principal);
  const updated = fresh.shipments.find((item) => String(item.id) === shipmentId);
  if (!updated) throw new ProblemError('NOT_FOUND');
  return presentShipment(updated, fresh, principal);
}
