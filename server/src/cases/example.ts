import type { CreateCaseBody } from '@relecture/shared/cases/schema.js';

/** A body that makes a complete case but for its report and its slides; invented patient. Shown in the OpenAPI document. */
export const CREATE_EXAMPLE: CreateCaseBody = {
  patient: {
    birthName: 'EXEMPLE',
    firstName: 'Camille',
    birthDate: '1968-04-12',
    sex: 'F',
    ins: null,
    localExamNumber: '26H04512',
  },
  prescriber: { name: 'Dr Anne Lefort', speciality: 'Hématologie' },
  patientInformed: true,
  primarySite: 'C77.3',
  specimens: [
    {
      id: 's1',
      site: 'C77.3',
      label: 'A1',
      sampleType: 'excision',
      sampledOn: '2026-11-02',
      fixative: 'formalin',
      frozenTissueKept: true,
    },
  ],
  ancillaryTests: [
    { id: 't1', kind: 'immunohistochemistry', name: 'CD20', result: 'positive' },
    { id: 't2', kind: 'immunohistochemistry', name: 'CD10', result: 'positive' },
  ],
  clinicalInformation: 'Adénopathies axillaires depuis trois mois.',
  firstDiagnosis: { formal: true, morphology: '9690/3', text: 'Lymphome folliculaire', date: '2026-11-06' },
  intent: 'systematic',
  contexts: [],
  question: 'Confirmation du diagnostic et du grade.',
  urgency: 'normal',
  materialBy: 'slides',
};
