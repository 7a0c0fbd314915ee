import type { AdmissionLack } from '@relecture/shared/assignments/admission.js';
import type {
  Attachment,
  CaseContent,
  CaseRow,
  PatientIdentity,
  Shipment,
} from '@relecture/shared/cases/schema.js';
import type { Party } from '@relecture/shared/events/status.js';
import { type CaseProgress, type CaseStatus, caseStatus } from '@relecture/shared/events/status.js';
import type { Person } from '@relecture/shared/users/schema.js';
import { model, Schema, type Types } from 'mongoose';
import {
  addOutboxIndex,
  type Outgoing,
  outgoingFields,
  registerOutgoing,
  registerTravelling,
  type Travelling,
  travelFields,
} from '../events/index.js';
import type { EncryptedField } from '../platform/field-cipher.js';
import { keepSecret } from '../platform/secret-text.js';

/** Patient identity at rest: each field encrypted on its own, with keyed hashes beside it for exact search. */
export interface StoredIdentity {
  fields: Partial<Record<keyof Omit<PatientIdentity, 'ins'> | 'insMatricule' | 'insStatus', EncryptedField>>;
  /** Hashes of birth name + first name + birth date + sex, of the exam number within the organisation, of the INS. */
  personHash: string | null;
  nameHash: string | null;
  examHash: string | null;
  insHash: string | null;
}

export interface StoredAttachment {
  id: Types.ObjectId;
  kind: Attachment['kind'];
  /** Encrypted: file names carry patients' names. */
  title: EncryptedField;
  /** Random name in UPLOADS_DIR/attachments; the bytes are encrypted. */
  storedAs: string;
  mediaType: string;
  bytes: number;
  sha256: string;
  addedAt: Date;
  addedBy: Person;
}

export interface StoredShipment {
  id: Types.ObjectId;
  items: Shipment['items'];
  carrier: string;
  trackingNumber: string;
  note: string;
  status: 'declared' | 'sent' | 'received' | 'returned';
  declaredAt: Date;
  sentOn: string | null;
  receivedOn: string | null;
  condition: Shipment['condition'];
  remarks: string;
  sentTo: string[];
  forwardedOn: string | null;
  /** Absent on a parcel of before this was kept. */
  arrivedOn?: string | null;
  materialRequestId: string | null;
}

/** What a list shows of the case's progress; written by an idempotent handler, rebuilt by a command. */
export interface ProgressProjection {
  progress: CaseProgress;
  party: Party;
  heldBy: string | null;
  since: Date;
  dueAt: Date | null;
  toDo: CaseRow['toDo'];
  /** What the reading furthest behind lacks before it is admitted. */
  lacks: AdmissionLack[];
  unreadReport: boolean;
}

export interface CaseRecord extends Travelling {
  status: CaseStatus;
  /** "R26-004217": year and a sequence; what everyone may say aloud. */
  number: string;
  organisationId: Types.ObjectId;
  organisationName: string;
  organisationCity: string;
  region: string;
  createdBy: Person;
  submittedBy: Person | null;
  submittedAt: Date | null;
  identity: StoredIdentity;
  /** Identities that were corrected: nothing is erased. */
  formerIdentities: Array<{ replacedAt: Date; by: Person; identity: StoredIdentity }>;
  /** Age in years at the first diagnosis, for routing; the birth date itself stays encrypted. */
  age: number | null;
  content: Omit<CaseContent, 'patient'>;
  attachments: StoredAttachment[];
  shipments: StoredShipment[];
  /** Slides that are arriving or readable; refused and removed ones leave the list. */
  slideIds: Types.ObjectId[];
  /** Somebody asked that nothing of its slides be destroyed, whatever the rule of the house. */
  legalHold: { by: Person; at: Date; reason: string } | null;
  /** Networks and people that later steps let in. */
  access: {
    networkIds: string[];
    readerIds: Types.ObjectId[];
    readerOrganisationIds: Types.ObjectId[];
    /** Raised with each change of the readers: one who looked at older reviews does not overwrite a newer look. */
    revision?: number;
  };
  projection: ProgressProjection;
}

const anyObject = { type: Schema.Types.Mixed, required: true };
const schema = new Schema<CaseRecord>(
  {
    ...travelFields(caseStatus.options),
    number: { type: String, required: true, unique: true },
    organisationId: { type: Schema.Types.ObjectId, required: true },
    organisationName: { type: String, required: true },
    organisationCity: { type: String, default: '' },
    region: { type: String, required: true },
    createdBy: anyObject,
    submittedBy: { type: Schema.Types.Mixed, default: null },
    submittedAt: { type: Date, default: null },
    identity: anyObject,
    formerIdentities: { type: [Schema.Types.Mixed], default: [] } as never,
    age: { type: Number, default: null },
    content: anyObject,
    attachments: { type: [Schema.Types.Mixed], default: [] } as never,
    shipments: { type: [Schema.Types.Mixed], default: [] } as never,
    slideIds: { type: [Schema.Types.ObjectId], default: [] },
    legalHold: { type: Schema.Types.Mixed, default: null },
    access: {
      networkIds: { type: [String], default: [] },
      readerIds: { type: [Schema.Types.ObjectId], default: [] },
      readerOrganisationIds: { type: [Schema.Types.ObjectId], default: [] },
      revision: { type: Number, default: 0 },
    },
    projection: anyObject,
  },
  { versionKey: false, minimize: false },
);
schema.index({ organisationId: 1, updatedAt: -1, _id: -1 });
schema.index({ organisationId: 1, 'projection.toDo': 1, updatedAt: -1, _id: -1 });
schema.index({ organisationId: 1, 'projection.progress': 1, updatedAt: -1, _id: -1 });
schema.index({ 'access.readerIds': 1, updatedAt: -1, _id: -1 });
schema.index({ 'access.networkIds': 1, updatedAt: -1, _id: -1 });
schema.index({ status: 1, since: 1, _id: 1 });
// Which case a file belongs to: for the sweep of those that have none.
schema.index({ 'attachments.storedAs': 1 });
schema.index({ organisationId: 1, 'identity.personHash': 1 });
// The same person whoever sent them: who has read for them before.
schema.index({ 'identity.personHash': 1 }, { sparse: true });
schema.index({ 'identity.insHash': 1 }, { sparse: true });
schema.index({ organisationId: 1, 'identity.nameHash': 1 });
schema.index({ organisationId: 1, 'identity.examHash': 1 });
schema.index({ organisationId: 1, 'identity.insHash': 1 });
addOutboxIndex(schema);
keepSecret(schema, 'case', [
  'timeline.*.params.reason',
  'legalHold.reason',
  'content.prescriber.name',
  'content.prescriber.speciality',
  'content.specimens.*.label',
  'content.ancillaryTests.*.name',
  'content.ancillaryTests.*.detail',
  'content.clinicalInformation',
  'content.firstDiagnosis.text',
  'content.question',
  'content.wishedExpert.reason',
  'content.contestedRouting.reason',
  'shipments.*.items.*.label',
  'shipments.*.carrier',
  'shipments.*.trackingNumber',
  'shipments.*.note',
  'shipments.*.remarks',
  'shipments.*.items.*.stain',
]);

export const CaseModel = model<CaseRecord>('Case', schema);
registerTravelling('case', CaseModel);

/** Its only timeline entry is `message.posted`: message and event are one write. */
interface MessageRecord extends Outgoing {
  caseId: Types.ObjectId;
  at: Date;
  by: Person;
  text: string;
}
const messageSchema = new Schema<MessageRecord>(
  {
    ...outgoingFields,
    caseId: { type: Schema.Types.ObjectId, required: true },
    at: { type: Date, required: true },
    by: anyObject,
    text: { type: String, required: true },
  },
  { versionKey: false },
);
messageSchema.index({ caseId: 1, at: 1 });
addOutboxIndex(messageSchema);
keepSecret(messageSchema, 'message', ['text']);
export const MessageModel = model<MessageRecord>('Message', messageSchema);
registerOutgoing('message', MessageModel);

/** Case numbers: one counter a year, raised atomically. */
const counterSchema = new Schema<{ _id: string; value: number }>(
  { _id: { type: String, required: true }, value: { type: Number, required: true } },
  { versionKey: false },
);
export const CounterModel = model<{ _id: string; value: number }>('Counter', counterSchema);
