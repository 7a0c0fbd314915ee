import type { FoundSeries } from '@relecture/shared/arrivals/schema.js';
import { Types } from 'mongoose';
import { mayAddMaterial, seeCaseFor } from '../cases/index.js';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { admitSlide } from '../slides/index.js';
import { originOf } from './desk.js';
import { searchPacs } from './dicomweb/foreign.js';
import { ArrivalModel, type ArrivalRecord, SourceModel, type SourceRecord } from './model.js';
import { maySeeArrival } from './policy.js';
import { dropStaged, newKey } from './staging.js';
import { beginWork } from './work.js';

/** What is on its way, waits in the tray, or was refused; newest first. */
const OPEN: ArrivalRecord['state'][] = ['arriving', 'waiting', 'attaching', 'refused'];

export async function listArrivals(
  principal: Principal,
  { before, limit }: { before: string | null; limit: number },
): Promise<ArrivalRecord[]> {
  const found = await ArrivalModel.find({
    organisationId: new Types.ObjectId(principal.organisationId),
    state: { $in: OPEN },
    ...(before === null ? {} : { _id: { $lt: new Types.ObjectId(before) } }),
  })
    .sort({ _id: -1 })
    .limit(limit)
    .lean<ArrivalRecord[]>();
  await recordAccess({
    actorId: principal.id,
    action: 'arrival.listed',
    recordKind: 'organisation',
    recordId: principal.organisationId,
  });
  return found;
}

/** On their way into this case: the drop zone shows them beside what comes from this computer. */
export async function arrivalsOfCase(caseId: string, principal: Principal): Promise<ArrivalRecord[]> {
  await seeCaseFor(caseId, principal, mayAddMaterial);
  return await ArrivalModel.find({
    organisationId: new Types.ObjectId(principal.organisationId),
    state: { $in: ['arriving', 'attaching', 'refused'] },
    caseId: new Types.ObjectId(caseId),
  })
    .sort({ _id: -1 })
    .limit(100)
    .lean<ArrivalRecord[]>();
}

async function see(arrivalId: string, principal: Principal): Promise<ArrivalRecord> {
  const found = await ArrivalModel.findById(arrivalId).lean<ArrivalRecord>();
  if (!found || !maySeeArrival(found, principal)) throw new ProblemError('NOT_FOUND');
  return found;
}

export interface Attachment {
  readonly caseId: string;
  readonly stain: string;
  readonly block: string;
}

/** A person says whose slide it is. */
export async function attachArrival(
  arrivalId: string,
  { caseId, stain, block }: Attachment,
  principal: Principal,
): Promise<ArrivalRecord> {
  const arrival = await see(arrivalId, principal);
  await admitSlide(caseId, arrival.bytes, principal);
  const attaching = await ArrivalModel.findOneAndUpdate(
    { _id: arrival._id, state: 'waiting' },
    {
      $set: {
        state: 'attaching',
        caseId: new Types.ObjectId(caseId),
        attachedBy: new Types.ObjectId(principal.id),
        stain,
        block,
      },
    },
    { returnDocument: 'after' },
  ).lean<ArrivalRecord>();
  if (!attaching) throw new ProblemError('STATUS_CONFLICT');
  await recordAccess({
    actorId: principal.id,
    action: 'arrival.assigned',
    recordKind: 'case',
    recordId: caseId,
  });
  beginWork(arrival._id);
  return attaching;
}

/** Not ours, or sent by mistake: its bytes go. The original in its folder, or on its server, stays where it is. */
export async function discardArrival(arrivalId: string, principal: Principal): Promise<void> {
  const arrival = await see(arrivalId, principal);
  const discarded = await ArrivalModel.findOneAndUpdate(
    { _id: arrival._id, state: { $in: ['waiting', 'refused'] } },
    { $set: { state: 'discarded' } },
  ).lean();
  if (!discarded) throw new ProblemError('STATUS_CONFLICT');
  await dropStaged(arrival.storageKey);
  await recordAccess({
    actorId: principal.id,
    action: 'arrival.discarded',
    recordKind: 'arrival',
    recordId: arrivalId,
  });
}

async function pacsOf(principal: Principal): Promise<SourceRecord['pacs']> {
  const settings = await SourceModel.findById(principal.organisationId).lean<SourceRecord>();
  if (!settings?.pacs.active || settings.pacs.url === '') throw new ProblemError('PACS_NOT_SET');
  return settings.pacs;
}

export async function hasPacs(principal: Principal): Promise<boolean> {
  const settings = await SourceModel.findById(principal.organisationId).lean<SourceRecord>();
  return settings?.pacs.active === true && settings.pacs.url !== '';
}

export async function findSeries(accession: string, principal: Principal): Promise<FoundSeries[]> {
  const found = await searchPacs(await pacsOf(principal), accession);
  await recordAccess({
    actorId: principal.id,
    action: 'arrival.searched',
    recordKind: 'organisation',
    recordId: principal.organisationId,
  });
  return found;
}

/** Has a series fetched into a case. Asked for twice while it comes, it is one arrival. */
export async function orderSeries(
  { caseId, stain, block, study, series }: Attachment & { study: string; series: string },
  principal: Principal,
): Promise<ArrivalRecord> {
  await pacsOf(principal);
  await admitSlide(caseId, 0, principal);
  const origin = originOf(principal.organisationId, 'pacs', caseId, series);
  const at = now();
  const order = {
    organisationId: new Types.ObjectId(principal.organisationId),
    source: 'pacs',
    state: 'arriving',
    origin,
    place: JSON.stringify({ study, series }),
    storageKey: newKey(),
    caseId: new Types.ObjectId(caseId),
    attachedBy: new Types.ObjectId(principal.id),
    stain,
    block,
    createdAt: at,
    updatedAt: at,
  } satisfies Partial<ArrivalRecord>;
  // One that was refused may be asked for again.
  await ArrivalModel.updateOne(
    { origin, state: { $in: ['refused', 'discarded'] } },
    { $unset: { origin: 1 } },
  );
  try {
    await ArrivalModel.create(order);
    await recordAccess({
      actorId: principal.id,
      action: 'arrival.ordered',
      recordKind: 'case',
      recordId: caseId,
    });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 11000) throw error;
  }
  const arrival = await ArrivalModel.findOne({ origin }).lean<ArrivalRecord>();
  if (!arrival) throw new ProblemError('STATUS_CONFLICT');
  beginWork(arrival._id);
  return arrival;
}
