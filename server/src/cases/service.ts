import { checkCompleteness } from '@relecture/shared/cases/completeness.js';
import {
  type CaseContent,
  type ChecklistLine,
  caseContent,
  type PatientIdentity,
} from '@relecture/shared/cases/schema.js';
import { type AnyKeys, Types } from 'mongoose';
import { firstEntry, publishRecord, transition } from '../events/index.js';
import { recordAccess } from '../platform/access-log.js';
import { calendarDay, now } from '../platform/clock.js';
import { asPerson, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { ageOn, completeIdentity, readIdentity, storeIdentity } from './identity.js';
import { OF_BIRTH, refuseFutureBirth, refuseImpossibleDates } from './impossible-dates.js';
import { CaseModel, type CaseRecord, CounterModel, type ProgressProjection } from './model.js';
import { mayCorrectPatient, mayEdit, maySeeCase, maySubmit, mayWithdraw } from './policy.js';

async function nextNumber(at: Date): Promise<string> {
  const year = calendarDay(at).slice(0, 4);
  const counter = await CounterModel.findOneAndUpdate(
    { _id: `case:${year}` },
    { $inc: { value: 1 } },
    { upsert: true, returnDocument: 'after' },
  ).lean();
  return `R${year.slice(2)}-${String(counter?.value ?? 0).padStart(6, '0')}`;
}

export interface Organisation {
  id: string;
  name: string;
  city: string;
  region: string;
}

/** Starts a draft in the principal's organisation. Any part of the content may come at once or later. */
export async function createCase(
  content: Partial<CaseContent>,
  principal: Principal,
  organisation: Organisation,
): Promise<CaseRecord> {
  const at = now();
  const { patient, ...rest } = caseContent.parse(content);
  refuseFutureBirth(patient);
  const _id = new Types.ObjectId();
  const projection: ProgressProjection = {
    progress: 'draft',
    party: 'none',
    heldBy: principal.displayName,
    since: at,
    dueAt: null,
    toDo: 'finish_draft',
    lacks: [],
    unreadReport: false,
  };
  await CaseModel.create({
    _id,
    ...firstEntry('case.created', 'draft', 'none', principal),
    status: 'draft',
    number: await nextNumber(at),
    organisationId: new Types.ObjectId(organisation.id),
    organisationName: organisation.name,
    organisationCity: organisation.city,
    region: organisation.region,
    createdBy: asPerson(principal),
    identity: storeIdentity(patient, _id, organisation.id),
    age: ageOn(patient?.birthDate, rest.firstDiagnosis?.date ?? calendarDay(at)),
    content: rest,
    access: { networkIds: [], readerIds: [], readerOrganisationIds: [] },
    projection,
  });
  await recordAccess({
    actorId: principal.id,
    action: 'case.created',
    recordKind: 'case',
    recordId: String(_id),
  });
  await publishRecord('case', String(_id));
  return await getCase(_id);
}

/** Null when there is none: an event may outlive the draft it speaks of. */
export async function findCase(caseId: string | Types.ObjectId): Promise<CaseRecord | null> {
  return Types.ObjectId.isValid(caseId) ? await CaseModel.findById(caseId).lean<CaseRecord>() : null;
}

/** @throws {ProblemError} NOT_FOUND */
export async function getCase(caseId: string | Types.ObjectId): Promise<CaseRecord> {
  const record = await findCase(caseId);
  if (!record) throw new ProblemError('NOT_FOUND');
  return record;
}

/** A case the principal may see; a case that exists but is not theirs is NOT_FOUND all the same. */
export async function seeCase(caseId: string | Types.ObjectId, principal: Principal): Promise<CaseRecord> {
  const record = await getCase(caseId);
  if (!maySeeCase(record, principal)) throw new ProblemError('NOT_FOUND');
  return record;
}

/** Sees the case, then applies a further rule. @throws {ProblemError} NOT_FOUND, FORBIDDEN */
export async function seeCaseFor(
  caseId: string | Types.ObjectId,
  principal: Principal,
  rule: (record: CaseRecord, principal: Principal) => boolean,
): Promise<CaseRecord> {
  const record = await seeCase(caseId, principal);
  if (!rule(record, principal)) throw new ProblemError('FORBIDDEN');
  return record;
}

/** Replaces whole sections of a draft. @throws {ProblemError} CONFLICT when `version` is not the current one. */
export async function updateCase(
  caseId: string,
  version: number,
  change: Partial<CaseContent>,
  principal: Principal,
): Promise<CaseRecord> {
  const record = await seeCase(caseId, principal);
  if (!mayEdit(record, principal)) {
    throw new ProblemError(
      ['draft', 'to_correct'].includes(record.status) ? 'FORBIDDEN' : 'CASE_NOT_EDITABLE',
    );
  }
  const { patient, ...sections } = change;
  refuseFutureBirth(patient);
  const set: Record<string, unknown> = { updatedAt: now() };
  for (const [name, value] of Object.entries(sections)) set[`content.${name}`] = value;
  const identity =
    patient === undefined
      ? record.identity
      : storeIdentity(patient, record._id, String(record.organisationId));
  const birthDate = readIdentity(identity, record._id)?.birthDate;
  const diagnosis = sections.firstDiagnosis ?? record.content.firstDiagnosis;
  set.identity = identity;
  set.age = ageOn(birthDate, diagnosis?.date ?? calendarDay(now()));
  const updated = await CaseModel.findOneAndUpdate(
    { _id: record._id, version, status: record.status },
    { $set: set as AnyKeys<CaseRecord>, $inc: { version: 1 } },
    { returnDocument: 'after' },
  ).lean<CaseRecord>();
  if (!updated) throw new ProblemError('CONFLICT');
  await recordAccess({ actorId: principal.id, action: 'case.edited', recordKind: 'case', recordId: caseId });
  return updated;
}

export function checklistOf(record: CaseRecord): ChecklistLine[] {
  return checkCompleteness(
    { ...record.content, patient: readIdentity(record.identity, record._id) },
    {
      slideCount: record.slideIds.length,
      shipmentCount: record.shipments.length,
      hasLocalReport: record.attachments.some((attachment) => attachment.kind === 'local_report'),
      today: calendarDay(now()),
    },
  );
}

/** Sends the case: its own record must be complete. Routing follows from the event. */
export async function submitCase(
  caseId: string,
  principal: Principal,
  version?: number,
): Promise<CaseRecord> {
  const record = await seeCase(caseId, principal);
  if (!['draft', 'to_correct'].includes(record.status)) throw new ProblemError('STATUS_CONFLICT');
  if (!maySubmit(record, principal)) throw new ProblemError('FORBIDDEN');
  if (version !== undefined && version !== record.version) throw new ProblemError('CONFLICT');
  refuseImpossibleDates({ ...record.content, patient: readIdentity(record.identity, record._id) });
  const missing = checklistOf(record).filter((line) => !line.done);
  if (missing.length > 0) {
    throw new ProblemError('CASE_INCOMPLETE', {
      fields: missing.map(({ code, section }) => ({ path: section, code, message: code })),
    });
  }
  return await transition<CaseRecord>({
    kind: 'case',
    id: record._id,
    event: 'case.submitted',
    from: ['draft', 'to_correct'],
    to: 'submitted',
    party: record.content.materialBy === 'shipment' ? 'transfer' : 'admission',
    by: principal,
    set: { submittedBy: asPerson(principal), submittedAt: record.submittedAt ?? now() },
    version: record.version,
  });
}

export async function withdrawCase(
  caseId: string,
  reason: string,
  principal: Principal,
): Promise<CaseRecord> {
  const record = await seeCaseFor(caseId, principal, mayWithdraw);
  return await transition<CaseRecord>({
    kind: 'case',
    id: record._id,
    event: 'case.withdrawn',
    from: ['submitted', 'to_correct', 'to_dispatch', 'routed'],
    to: 'withdrawn',
    party: 'none',
    by: principal,
    params: { reason },
  });
}

/** The wrong patient was typed: both identities stay on record, encrypted; the timeline says that it happened, and why. */
export async function correctPatient(
  caseId: string,
  patient: PatientIdentity,
  reason: string,
  principal: Principal,
): Promise<CaseRecord> {
  const record = await seeCaseFor(caseId, principal, mayCorrectPatient);
  refuseImpossibleDates({ ...record.content, patient }, OF_BIRTH);
  const identity = storeIdentity(patient, record._id, String(record.organisationId));
  return await transition<CaseRecord>({
    kind: 'case',
    id: record._id,
    event: 'case.patient-corrected',
    from: [record.status],
    to: 'same',
    party: 'same',
    by: principal,
    params: { reason },
    // The identity that goes to the former ones is the one read above.
    version: record.version,
    set: {
      identity,
      age: ageOn(patient.birthDate, record.content.firstDiagnosis?.date ?? calendarDay(now())),
    },
    push: { formerIdentities: { replacedAt: now(), by: asPerson(principal), identity: record.identity } },
  });
}

export const identityOf = (record: CaseRecord): PatientIdentity =>
  completeIdentity(record.identity, record._id);
export const partialIdentityOf = (record: CaseRecord): Partial<PatientIdentity> | null =>
  readIdentity(record.identity, record._id);
