import { casePage } from '@relecture/shared/cases/page.js';
import {
  attachment,
  type attachmentKind,
  type CaseContent,
  type CreateCaseBody,
  caseMessage,
  caseRowPage,
  type declareShipmentBody,
  duplicatesAnswer,
  type PatientIdentity,
  shipment,
  type updateShipmentBody,
} from '@relecture/shared/cases/schema.js';
import type { CaseProgress } from '@relecture/shared/events/status.js';
import { z } from 'zod';
import { openFile, request } from './http';

export interface CaseFilters {
  progress?: CaseProgress | undefined;
  toDo?: 'true' | undefined;
  networkId?: string | undefined;
}

const one = (caseId: string) => `/api/cases/${caseId}`;

export const listCases = (filters: CaseFilters, after: string | null, limit = 50) =>
  request('GET', '/api/cases', { query: { ...filters, after, limit }, answer: caseRowPage });

/** A name or an exam number travels in a body, never in an address. */
export const searchCases = (text: string) =>
  request('POST', '/api/cases/search', { body: { text }, answer: caseRowPage });

export const findDuplicates = (patient: Partial<PatientIdentity>, exceptCaseId?: string) =>
  request('POST', '/api/cases/duplicates', { body: { patient, exceptCaseId }, answer: duplicatesAnswer });

export const readCase = (caseId: string) => request('GET', one(caseId), { answer: casePage });
export const createCase = (content: CreateCaseBody) =>
  request('POST', '/api/cases', { body: content, answer: casePage });
export const updateCase = (caseId: string, version: number, content: Partial<CaseContent>) =>
  request('PATCH', one(caseId), { body: { version, content }, answer: casePage });
export const deleteDraft = (caseId: string) => request('DELETE', one(caseId));
export const submitCase = (caseId: string, version: number) =>
  request('POST', `${one(caseId)}/submit`, { body: { version }, answer: casePage });
export const holdSlides = (caseId: string, held: boolean, reason: string) =>
  request('PUT', `${one(caseId)}/legal-hold`, { body: { held, reason }, answer: casePage });
export const withdrawCase = (caseId: string, reason: string) =>
  request('POST', `${one(caseId)}/withdraw`, { body: { reason }, answer: casePage });
export const correctPatient = (caseId: string, patient: PatientIdentity, reason: string) =>
  request('POST', `${one(caseId)}/patient`, { body: { patient, reason }, answer: casePage });
export const dispatchCase = (caseId: string, networkIds: string[], reason: string) =>
  request('POST', `${one(caseId)}/dispatch`, { body: { networkIds, reason }, answer: casePage });
export const listDispatchQueue = (after: string | null) =>
  request('GET', '/api/dispatch', { query: { after }, answer: caseRowPage });

export function addAttachment(caseId: string, file: File, kind: z.infer<typeof attachmentKind>) {
  const form = new FormData();
  form.set('kind', kind);
  form.set('attachment', file, file.name);
  return request('POST', `${one(caseId)}/attachments`, { form, answer: attachment });
}
export const removeAttachment = (caseId: string, attachmentId: string) =>
  request('DELETE', `${one(caseId)}/attachments/${attachmentId}`);
export const openAttachment = (caseId: string, attachmentId: string, title: string) =>
  openFile(`${one(caseId)}/attachments/${attachmentId}`, title);

export const declareShipment = (caseId: string, body: z.input<typeof declareShipmentBody>) =>
  request('POST', `${one(caseId)}/shipments`, { body, answer: shipment });
export const updateShipment = (
  caseId: string,
  shipmentId: string,
  body: z.input<typeof updateShipmentBody>,
) => request('PATCH', `${one(caseId)}/shipments/${shipmentId}`, { body, answer: shipment });
export const openSlip = (caseId: string, shipmentId: string, fileName: string) =>
  openFile(`${one(caseId)}/shipments/${shipmentId}/slip.pdf`, fileName);

export const listMessages = (caseId: string) =>
  request('GET', `${one(caseId)}/messages`, { answer: z.object({ items: z.array(caseMessage) }) });
export const postMessage = (caseId: string, text: string) =>
  request('POST', `${one(caseId)}/messages`, { body: { text }, answer: caseMessage });
