import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Attachment, CreateCaseBody } from '@relecture/shared/cases/schema.js';
import type { Client } from '../support/app.js';

/** A complete case but for its report and its slides; routed to LYMPHOPATH. The patient is invented. */
export const completeContent = (overrides: CreateCaseBody = {}): CreateCaseBody => ({
  patient: {
    birthName: 'KERVELLA',
    firstName: 'Maïwenn',
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
  ancillaryTests: [{ id: 't1', kind: 'immunohistochemistry', name: 'CD20', result: 'positive' }],
  clinicalInformation: 'Adénopathies axillaires depuis trois mois.',
  firstDiagnosis: { formal: true, morphology: '9690/3', text: 'Lymphome folliculaire', date: '2026-11-06' },
  intent: 'systematic',
  contexts: [],
  question: 'Confirmation du diagnostic et du grade.',
  urgency: 'normal',
  materialBy: 'slides',
  ...overrides,
});

/** The smallest file that is a PDF by its content. */
const smallPdf = (): Buffer =>
  Buffer.from(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n',
  );

let people = 0;

/** Somebody else each time: whoever has read for a patient reads for them again. */
function somebodyElse(): CreateCaseBody {
  people += 1;
  const { patient } = completeContent();
  const born = new Date(Date.UTC(1968, 3, 12) - people * 86_400_000);
  return { patient: { ...patient, birthDate: born.toISOString().slice(0, 10) } };
}

export async function createCase(client: Client, overrides: CreateCaseBody = {}): Promise<CasePage> {
  const answer = await client.post<CasePage>(
    '/api/cases',
    completeContent({ ...somebodyElse(), ...overrides }),
  );
  if (answer.status !== 201)
    throw new Error(`creating a case answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export async function attach(client: Client, caseId: string, file = smallPdf(), title = 'compte-rendu.pdf') {
  const form = new FormData();
  form.set('kind', 'local_report');
  form.set('attachment', new Blob([new Uint8Array(file)]), title);
  return await client.post<Attachment>(`/api/cases/${caseId}/attachments`, form);
}

/** A case by post, sent: its own record is complete without any slide. It waits until the network receives the parcel. */
export async function sendByPost(client: Client, overrides: CreateCaseBody = {}): Promise<CasePage> {
  const draft = await createCase(client, { materialBy: 'shipment', ...overrides });
  await attach(client, draft.id);
  const shipment = await client.post(`/api/cases/${draft.id}/shipments`, {
    items: [{ kind: 'block', label: 'A1', count: 1 }],
    sentOn: '2026-11-20',
  });
  if (shipment.status !== 201) throw new Error(`declaring a shipment answered ${shipment.status}`);
  const sent = await client.post<CasePage>(`/api/cases/${draft.id}/submit`, {});
  if (sent.status !== 200) throw new Error(`sending answered ${sent.status} ${JSON.stringify(sent.body)}`);
  return sent.body;
}

/** A case by post whose parcel has come, when a network was found for it: admitted, and given to a reader. */
export async function submitByPost(
  { submitter, coordinator }: { submitter: Client; coordinator: Client },
  overrides: CreateCaseBody = {},
): Promise<CasePage> {
  const sent = await sendByPost(submitter, overrides);
  if (sent.status !== 'routed') return sent;
  await receiveParcel(coordinator, sent);
  return (await submitter.get<CasePage>(`/api/cases/${sent.id}`)).body;
}

export async function receiveParcel(receiver: Client, { id, shipments }: CasePage): Promise<void> {
  const received = await receiver.patch(`/api/cases/${id}/shipments/${shipments[0]?.id}`, {
    receivedOn: '2026-11-23',
  });
  if (received.status !== 200) throw new Error(`receiving answered ${JSON.stringify(received.body)}`);
}
