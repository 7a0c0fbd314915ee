import { checkDates, FINDING_SECTION } from './dates.js';
import { type CaseContent, type ChecklistLine, patientIdentity } from './schema.js';

/** What the case has beside its own content. */
export interface CaseMaterial {
  /** Slides that are being uploaded, checked or are readable; refused and removed ones do not count. */
  slideCount: number;
  shipmentCount: number;
  hasLocalReport: boolean;
  /** The day it is, where the case is filled in. */
  today: string;
}

/**
 * The checklist of a case, in the order of the form. A case can be sent when each line is done.
 * Pure: the form and the server ask the same function.
 */
export function checkCompleteness(content: CaseContent, material: CaseMaterial): ChecklistLine[] {
  const diagnosis = content.firstDiagnosis;
  const specimens = content.specimens;
  const [wrongDate] = checkDates(content, material.today).filter(({ blocking }) => blocking);
  return [
    {
      code: 'patient_identity',
      section: 'patient',
      done:
        patientIdentity.safeParse(content.patient).success &&
        Boolean(content.patient?.birthName && content.patient.firstName && content.patient.localExamNumber),
    },
    { code: 'patient_informed', section: 'patient', done: content.patientInformed },
    { code: 'prescriber', section: 'patient', done: Boolean(content.prescriber?.name) },
    {
      code: 'specimen',
      section: 'specimens',
      done:
        specimens.length > 0 &&
        specimens.every((specimen) => specimen.site && specimen.sampleType && specimen.sampledOn),
    },
    { code: 'primary_site', section: 'specimens', done: Boolean(content.primarySite) },
    {
      code: 'first_diagnosis',
      section: 'diagnosis',
      done: Boolean(diagnosis?.text && (diagnosis.formal ? diagnosis.morphology : true)),
    },
    {
      code: 'first_diagnosis_date',
      section: 'diagnosis',
      done: Boolean(diagnosis?.date) || diagnosis?.formal === false,
    },
    { code: 'dates', section: wrongDate ? FINDING_SECTION[wrongDate.field] : 'diagnosis', done: !wrongDate },
    { code: 'local_report', section: 'diagnosis', done: material.hasLocalReport },
    { code: 'intent', section: 'question', done: content.intent !== null },
    { code: 'question', section: 'question', done: content.question.length > 0 },
    {
      code: 'expert_wish_reason',
      section: 'question',
      done: content.wishedExpert === null || content.wishedExpert.reason.length > 0,
    },
    {
      code: 'material',
      section: 'material',
      done: content.materialBy === 'slides' ? material.slideCount > 0 : material.shipmentCount > 0,
    },
  ];
}
