import { z } from 'zod';
import { admissionLack } from '../assignments/admission.js';
import { caseTimelineEntry } from '../events/catalog.js';
import { caseProgress, caseStatus, party } from '../events/status.js';
import { calendarDate, countedPageOf, instant, objectId, pageQuery } from '../http/page.js';
import { person } from '../users/schema.js';

/** Limits, named once for the form and the server. */
export const CASE_LIMITS = {
  shortText: 200,
  text: 4000,
  longText: 20_000,
  specimens: 30,
  stains: 100,
  contexts: 40,
  attachmentBytes: 50 * 1024 * 1024,
  attachments: 40,
} as const;

const shortText = z.string().trim().max(CASE_LIMITS.shortText);
const text = z.string().trim().max(CASE_LIMITS.text);

export const sex = z.enum(['F', 'M', 'I']);
export type Sex = z.infer<typeof sex>;

/** INS identity status, ANS "Référentiel identifiant national de santé": only a qualified one may travel further. */
export const insStatus = z.enum(['provisional', 'retrieved', 'validated', 'qualified']);

/**
 * Patient identity: encrypted at rest field by field, shown only to the sender's organisation, the assigned
 * reviewers and their preparers. Everyone else sees the case number.
 */
export const patientIdentity = z.object({
  birthName: shortText,
  firstName: shortText,
  usedName: shortText.default(''),
  birthDate: calendarDate,
  sex,
  /** Matricule INS: 13 digits (Corsica 2A/2B allowed) and the 2-digit key; null when unknown. */
  ins: z
    .object({
      matricule: z.string().regex(/^\d{6}[\dAB]\d{6}\d{2}$/, 'INS'),
      status: insStatus,
    })
    .nullable()
    .default(null),
  /** The sender's exam number, e.g. "26H04512". */
  localExamNumber: shortText,
});
export type PatientIdentity = z.infer<typeof patientIdentity>;

export const sampleType = z.enum([
  'excision',
  'resection',
  'biopsy',
  'core_needle_biopsy',
  'endoscopic_biopsy',
  'curettage',
  'cytology',
  'bone_marrow',
  'other',
]);
export const fixative = z.enum(['formalin', 'bouin', 'afa', 'alcohol', 'none', 'other', 'unknown']);

export const specimen = z.object({
  id: z.string().max(40),
  /** ICD-O-3 topography of the place the specimen was taken from, e.g. "C77.3". */
  site: z.string().max(8).nullable(),
  label: shortText.default(''),
  sampleType: sampleType.nullable(),
  sampledOn: calendarDate.nullable(),
  fixative: fixative.nullable(),
  /** Whether fresh tissue was frozen and kept; null when not known. */
  frozenTissueKept: z.boolean().nullable(),
});
export type Specimen = z.infer<typeof specimen>;

export const ancillaryTest = z.object({
  id: z.string().max(40),
  kind: z.enum(['stain', 'immunohistochemistry', 'in_situ_hybridisation', 'molecular']),
  /** Marker or test in the field's own words: "CD20", "MDM2 (FISH)", "t(11;14)". */
  name: shortText,
  result: z.enum(['positive', 'negative', 'equivocal', 'pending', 'done']),
  detail: shortText.default(''),
});
export type AncillaryTest = z.infer<typeof ancillaryTest>;

export const firstDiagnosis = z.object({
  /** False: "pas de diagnostic formel", a suspicion only. */
  formal: z.boolean(),
  /** ICD-O-3 morphology with behaviour, "9690/3"; null without a formal diagnosis. */
  morphology: z.string().max(8).nullable(),
  /** The diagnosis or the suspicion in words. */
  text,
  /** Date of the sender's diagnosis: the patient's clock starts there. */
  date: calendarDate.nullable(),
});
export type FirstDiagnosis = z.infer<typeof firstDiagnosis>;

export const intent = z.enum(['systematic', 'advice']);
export type Intent = z.infer<typeof intent>;
export const urgency = z.enum(['normal', 'urgent']);
export type Urgency = z.infer<typeof urgency>;

/**
 * What the sender fills in. Every part may be absent while the case is a draft: it is saved at every step.
 * `checkCompleteness` says what is missing before it can be sent.
 */
export const caseContent = z.object({
  patient: patientIdentity.partial().nullable().default(null),
  prescriber: z
    .object({ name: shortText, speciality: shortText.default('') })
    .nullable()
    .default(null),
  /** Date of the tumour board (RCP), when planned. */
  tumourBoardOn: calendarDate.nullable().default(null),
  /** The patient was told of the second reading and of this platform (Code de la santé publique, L1111-2). */
  patientInformed: z.boolean().default(false),
  /** ICD-O-3 topography of the primary tumour. */
  primarySite: z.string().max(8).nullable().default(null),
  specimens: z.array(specimen).max(CASE_LIMITS.specimens).default([]),
  ancillaryTests: z.array(ancillaryTest).max(CASE_LIMITS.stains).default([]),
  clinicalInformation: text.default(''),
  firstDiagnosis: firstDiagnosis.nullable().default(null),
  intent: intent.nullable().default(null),
  contexts: z.array(z.string().max(60)).max(CASE_LIMITS.contexts).default([]),
  question: text.default(''),
  urgency: urgency.default('normal'),
  wishedExpert: z.object({ userId: objectId, reason: text }).nullable().default(null),
  /** The sender contests the proposed networks; a coordinator then decides. */
  contestedRouting: z
    .object({ reason: text.min(1) })
    .nullable()
    .default(null),
  /** How the material travels: digitised slides, or a parcel when the laboratory has no scanner. */
  materialBy: z.enum(['slides', 'shipment']).default('slides'),
});
export type CaseContent = z.infer<typeof caseContent>;

/** `POST /api/cases`: any part; the rest can follow. */
export const createCaseBody = caseContent.partial();
export type CreateCaseBody = z.input<typeof createCaseBody>;
/** `PATCH /api/cases/:caseId`: whole sections replace sections; `version` is the one last read. */
const { shape: sections } = caseContent;
/** The sections without their defaults: zod fills a default inside `partial()`, and would empty what was not sent. */
const caseSections = z
  .object({
    patient: sections.patient.unwrap(),
    prescriber: sections.prescriber.unwrap(),
    tumourBoardOn: sections.tumourBoardOn.unwrap(),
    patientInformed: sections.patientInformed.unwrap(),
    primarySite: sections.primarySite.unwrap(),
    specimens: sections.specimens.unwrap(),
    ancillaryTests: sections.ancillaryTests.unwrap(),
    clinicalInformation: sections.clinicalInformation.unwrap(),
    firstDiagnosis: sections.firstDiagnosis.unwrap(),
    intent: sections.intent.unwrap(),
    contexts: sections.contexts.unwrap(),
    question: sections.question.unwrap(),
    urgency: sections.urgency.unwrap(),
    wishedExpert: sections.wishedExpert.unwrap(),
    contestedRouting: sections.contestedRouting.unwrap(),
    materialBy: sections.materialBy.unwrap(),
  })
  .partial();
export const updateCaseBody = z.object({ version: z.number().int().min(0), content: caseSections });
export type UpdateCaseBody = z.input<typeof updateCaseBody>;

export const submitCaseBody = z.object({ version: z.number().int().min(0).optional() }).default({});
/** Keep the slides, or no longer. */
export const legalHoldBody = z.object({ held: z.boolean(), reason: z.string().trim().min(3).max(2000) });
export const withdrawBody = z.object({ reason: text.min(3) });
export const correctPatientBody = z.object({ patient: patientIdentity, reason: text.min(3) });

export const attachmentKind = z.enum(['local_report', 'imaging', 'operative_report', 'letter', 'other']);
export const attachment = z.object({
  id: objectId,
  kind: attachmentKind,
  /** Name shown to people; the stored file has a random name. */
  title: z.string(),
  mediaType: z.string(),
  bytes: z.number().int(),
  addedAt: instant,
  addedBy: person,
});
export type Attachment = z.infer<typeof attachment>;

export const shipmentItem = z.object({
  kind: z.enum(['block', 'unstained_sections', 'glass_slide']),
  label: shortText,
  count: z.number().int().min(1).max(500),
  /** What stained glass shows; blocks and unstained sections are stained where they arrive. */
  stain: z.string().trim().max(60).default(''),
});
export const shipmentCondition = z.enum(['intact', 'incomplete', 'damaged']);
export const shipment = z.object({
  id: objectId,
  items: z.array(shipmentItem),
  carrier: z.string(),
  trackingNumber: z.string(),
  note: z.string(),
  status: z.enum(['declared', 'sent', 'received', 'returned']),
  declaredAt: instant,
  sentOn: calendarDate.nullable(),
  receivedOn: calendarDate.nullable(),
  /** Of the parcel as it arrived, told by whoever received it. */
  condition: shipmentCondition.nullable(),
  remarks: z.string(),
  /** The houses it was sent to, as they were known on that day. */
  sentTo: z.array(z.string()),
  /** Sent on to the house that reads now. */
  forwardedOn: calendarDate.nullable(),
  /** The house it was sent on to has it. */
  arrivedOn: calendarDate.nullable(),
  /** The material request it answers, when it does. */
  materialRequestId: objectId.nullable(),
});
export type Shipment = z.infer<typeof shipment>;

export const declareShipmentBody = z.object({
  items: z.array(shipmentItem).min(1).max(50),
  carrier: shortText.default(''),
  trackingNumber: shortText.default(''),
  note: text.default(''),
  sentOn: calendarDate.nullable().default(null),
  materialRequestId: objectId.nullable().default(null),
});
/** The sender's side of a parcel, until it is received. */
const shipmentAsSent = z.object({
  items: z.array(shipmentItem).min(1).max(50),
  carrier: shortText,
  trackingNumber: shortText,
  note: text,
  sentOn: calendarDate,
});
/** The receiving network's side. */
const shipmentAsReceived = z.object({
  receivedOn: calendarDate,
  condition: shipmentCondition,
  remarks: text,
  forwardedOn: calendarDate,
  arrivedOn: calendarDate,
});
export const SENDER_SHIPMENT_FIELDS = shipmentAsSent.keyof().options;
export const updateShipmentBody = shipmentAsSent.extend(shipmentAsReceived.shape).partial();

export const caseMessage = z.object({
  id: objectId,
  at: instant,
  by: person,
  text: z.string(),
});
export type CaseMessage = z.infer<typeof caseMessage>;
export const postMessageBody = z.object({ text: text.min(1) });

/** One line of the checklist beside the form; `code` names it, `section` is where the form shows it. */
export const CHECKLIST = [
  'patient_identity',
  'patient_informed',
  'prescriber',
  'specimen',
  'primary_site',
  'first_diagnosis',
  'first_diagnosis_date',
  'dates',
  'local_report',
  'intent',
  'question',
  'expert_wish_reason',
  'material',
] as const;
export const checklistCode = z.enum(CHECKLIST);
export type ChecklistCode = z.infer<typeof checklistCode>;
export const checklistLine = z.object({
  code: checklistCode,
  section: z.enum(['patient', 'specimens', 'diagnosis', 'question', 'material']),
  done: z.boolean(),
});
export type ChecklistLine = z.infer<typeof checklistLine>;

/** What a list shows of a case. `patientName` and `localExamNumber` are null for whoever may not see the identity. */
export const caseRow = z.object({
  id: objectId,
  number: z.string(),
  status: caseStatus,
  progress: caseProgress,
  patientName: z.string().nullable(),
  localExamNumber: z.string().nullable(),
  primarySite: z.string().nullable(),
  morphology: z.string().nullable(),
  diagnosisText: z.string().nullable(),
  networkIds: z.array(z.string()),
  organisation: z.string(),
  /** Who has it now: a role, and a person's name when there is one. */
  party,
  heldBy: z.string().nullable(),
  since: instant,
  dueAt: instant.nullable(),
  overdue: z.boolean(),
  urgency,
  slideCount: z.number().int(),
  /** What the sender has to do, when something waits for them. */
  toDo: z
    .enum([
      'finish_draft',
      'replace_slide',
      'complete_material',
      'correct_fields',
      'answer_material',
      'read_report',
    ])
    .nullable(),
  /** What the reading that waits most still lacks before it is admitted. */
  lacks: z.array(admissionLack),
  unreadReport: z.boolean(),
  submittedAt: instant.nullable(),
  updatedAt: instant,
});
export type CaseRow = z.infer<typeof caseRow>;

export const listCasesQuery = pageQuery.extend({
  /** Exact birth name, exam number or case number. Travels in the body of a POST, never in a URL. */
  progress: caseProgress.optional(),
  toDo: z.enum(['true']).optional(),
  networkId: z.string().max(40).optional(),
});
export const caseRowPage = countedPageOf(caseRow);

/** `POST /api/cases/search`: exact match on birth name, exam number or INS through a keyed hash; or a case number. */
export const searchCasesBody = z.object({ text: z.string().trim().min(2).max(120) });
/** `POST /api/cases/duplicates`: is this person, or this exam number, already in the sender's organisation? */
export const duplicatesBody = z.object({
  patient: patientIdentity.partial(),
  exceptCaseId: objectId.optional(),
});
export const duplicatesAnswer = z.object({
  samePerson: z.array(z.object({ id: objectId, number: z.string() })),
  sameExam: z.array(z.object({ id: objectId, number: z.string() })),
});

/** What this person may do now on this case; the page shows only these. The server checks each again. */
export const casePermission = z.enum([
  'edit',
  'submit',
  'withdraw',
  'correct_patient',
  'add_slide',
  'add_attachment',
  'declare_shipment',
  'receive_shipment',
  'post_message',
  'see_identity',
  'dispatch',
  'assign',
  'answer_material',
  'admit',
  'delete_draft',
  'hold_slides',
]);
export type CasePermission = z.infer<typeof casePermission>;

export const caseTimeline = z.array(caseTimelineEntry);
