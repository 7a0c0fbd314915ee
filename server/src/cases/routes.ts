import { pipeline } from 'node:stream/promises';
import type { CasePage, ParcelRecipient } from '@relecture/shared/cases/page.js';
import { casePage } from '@relecture/shared/cases/page.js';
import {
  attachment,
  attachmentKind,
  caseMessage,
  correctPatientBody,
  createCaseBody,
  declareShipmentBody,
  duplicatesAnswer,
  duplicatesBody,
  legalHoldBody,
  postMessageBody,
  shipment,
  submitCaseBody,
  updateCaseBody,
  updateShipmentBody,
  withdrawBody,
} from '@relecture/shared/cases/schema.js';
import { z } from 'zod';
import { recordAccess } from '../platform/access-log.js';
import { type Api, only, signedIn } from '../platform/endpoint.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { getOrganisation } from '../users/index.js';
import {
  addAttachment,
  presentAttachment,
  readAttachment,
  receiveAttachment,
  removeAttachment,
} from './attachments.js';
import { deleteDraft } from './delete-draft.js';
import { CREATE_EXAMPLE } from './example.js';
import { findDuplicates } from './find.js';
import { holdSlides } from './legal-hold.js';
import { listMessages, postMessage } from './messages.js';
import { maySeeIdentity } from './policy.js';
import {
  correctPatient,
  createCase,
  type Organisation,
  seeCaseFor,
  submitCase,
  updateCase,
  withdrawCase,
} from './service.js';
import { declareShipment, updateShipment } from './shipments.js';

const tag = 'Cases';
const id = z.string().regex(/^[0-9a-f]{24}$/);
const caseParams = z.object({ caseId: id });
const sender = only('submitter', 'preparer');

export interface CaseRouteNeeds {
  /** The read side composes the page from steps below this one; app.ts hands it in. */
  composePage(caseId: string, principal: Principal, language: 'fr' | 'en'): Promise<CasePage>;
  organisationOf(principal: Principal): Promise<Organisation>;
  publicUrl(): string;
  /** Where a parcel goes: a later step knows. */
  recipientsOf(caseId: string): Promise<ParcelRecipient[]>;
  /** What later steps keep of a draft that was deleted goes at once. */
  forgetDraft(caseId: string): Promise<void>;
}

export function registerCaseRoutes(api: Api, needs: CaseRouteNeeds): void {
  api.post(
    '/api/cases',
    {
      summary: 'Start a case (draft)',
      tag,
      access: sender,
      body: createCaseBody,
      answer: casePage,
      status: 201,
      example: CREATE_EXAMPLE,
    },
    async ({ body, principal, language }) => {
      const record = await createCase(body, principal, await needs.organisationOf(principal));
      return await needs.composePage(String(record._id), principal, language);
    },
  );

  api.post(
    '/api/cases/duplicates',
    {
      summary: 'Is this person or exam number already in the organisation?',
      tag,
      access: sender,
      body: duplicatesBody,
      answer: duplicatesAnswer,
      example: { patient: { localExamNumber: '26H04512' } },
    },
    ({ body, principal }) => findDuplicates(body.patient, body.exceptCaseId, principal),
  );

  api.patch(
    '/api/cases/:caseId',
    {
      summary: 'Save sections of a draft',
      tag,
      problems: ['CONFLICT', 'CASE_NOT_EDITABLE'],
      access: sender,
      params: caseParams,
      body: updateCaseBody,
      answer: casePage,
      example: { version: 0, content: { question: 'Confirmation du diagnostic ?' } },
    },
    async ({ params, body, principal, language }) => {
      await updateCase(params.caseId, body.version, body.content, principal);
      return await needs.composePage(params.caseId, principal, language);
    },
  );

  api.delete(
    '/api/cases/:caseId',
    {
      summary: 'Delete a draft',
      tag,
      problems: ['CASE_NOT_EDITABLE', 'STATUS_CONFLICT'],
      access: sender,
      params: caseParams,
    },
    async ({ params, principal }) => {
      await deleteDraft(params.caseId, principal);
      await needs.forgetDraft(params.caseId);
      return undefined;
    },
  );

  api.post(
    '/api/cases/:caseId/submit',
    {
      summary: 'Send the case',
      tag,
      problems: ['CASE_INCOMPLETE', 'CASE_CONTRADICTION', 'CONFLICT', 'STATUS_CONFLICT'],
      access: only('submitter'),
      params: caseParams,
      body: submitCaseBody,
      answer: casePage,
      example: {},
    },
    async ({ params, body, principal, language }) => {
      await submitCase(params.caseId, principal, body.version);
      return await needs.composePage(params.caseId, principal, language);
    },
  );

  api.put(
    '/api/cases/:caseId/legal-hold',
    {
      summary: 'Keep the slides of the case whatever the rule of its organisation, or let it apply again',
      tag,
      problems: ['STATUS_CONFLICT'],
      access: only('submitter'),
      params: caseParams,
      body: legalHoldBody,
      answer: casePage,
      example: { held: true, reason: 'Procédure en cours' },
    },
    async ({ params, body, principal, language }) => {
      await holdSlides(params.caseId, body.held, body.reason, principal);
      return await needs.composePage(params.caseId, principal, language);
    },
  );

  api.post(
    '/api/cases/:caseId/withdraw',
    {
      summary: 'Withdraw the case',
      tag,
      problems: ['STATUS_CONFLICT'],
      access: only('submitter'),
      params: caseParams,
      body: withdrawBody,
      answer: casePage,
      example: { reason: 'Le patient est suivi dans un autre centre.' },
    },
    async ({ params, body, principal, language }) => {
      await withdrawCase(params.caseId, body.reason, principal);
      return await needs.composePage(params.caseId, principal, language);
    },
  );

  api.post(
    '/api/cases/:caseId/patient',
    {
      summary: 'Correct the patient of a case that was sent',
      tag,
      problems: ['CONFLICT', 'CASE_CONTRADICTION', 'STATUS_CONFLICT'],
      access: only('submitter'),
      params: caseParams,
      body: correctPatientBody,
      answer: casePage,
      example: { patient: CREATE_EXAMPLE.patient as never, reason: 'Erreur de patient à la saisie.' },
    },
    async ({ params, body, principal, language }) => {
      await correctPatient(params.caseId, body.patient, body.reason, principal);
      return await needs.composePage(params.caseId, principal, language);
    },
  );

  api.post(
    '/api/cases/:caseId/attachments',
    {
      summary: 'Attach a document (PDF, JPEG, PNG), e.g. the local report',
      tag,
      problems: [
        'FILE_MISSING',
        'ATTACHMENTS_LIMIT',
        'FILE_EMPTY',
        'FILE_TYPE_REFUSED',
        'FILE_INFECTED',
        'ANTIVIRUS_UNAVAILABLE',
        'STORAGE_FULL',
        'INVALID_INPUT',
      ],
      access: sender,
      params: caseParams,
      before: receiveAttachment,
      consumes: {
        mediaType: 'multipart/form-data',
        schema: {
          type: 'object',
          required: ['attachment'],
          properties: {
            attachment: { type: 'string', format: 'binary' },
            kind: { type: 'string', enum: attachmentKind.options, default: 'local_report' },
          },
        },
      },
      answer: attachment,
      status: 201,
    },
    async ({ params, request, principal }) => {
      const kind = attachmentKind
        .default('local_report')
        .safeParse((request.body as { kind?: unknown } | undefined)?.kind);
      if (!kind.success)
        throw new ProblemError('INVALID_INPUT', {
          fields: [{ path: 'kind', code: 'enum', message: 'kind' }],
        });
      return await addAttachment(params.caseId, kind.data, request, principal);
    },
  );

  const attachmentParams = caseParams.extend({ attachmentId: id });
  api.get(
    '/api/cases/:caseId/attachments/:attachmentId',
    {
      summary: 'Read a document',
      tag,
      access: signedIn,
      params: attachmentParams,
      produces: 'application/pdf',
    },
    async ({ params, principal, response }) => {
      const { attachment: found, stream } = await readAttachment(
        params.caseId,
        params.attachmentId,
        principal,
      );
      response.setHeader('Content-Type', found.mediaType);
      response.setHeader('Content-Length', found.bytes);
      response.setHeader('Cache-Control', 'private, no-store');
      response.setHeader(
        'Content-Disposition',
        `inline; filename="${params.attachmentId}.${found.mediaType.split('/')[1]}"`,
      );
      await pipeline(stream, response);
    },
  );

  api.delete(
    '/api/cases/:caseId/attachments/:attachmentId',
    {
      summary: 'Remove a document from a draft',
      tag,
      problems: ['CASE_NOT_EDITABLE'],
      access: sender,
      params: attachmentParams,
    },
    ({ params, principal }) => removeAttachment(params.caseId, params.attachmentId, principal),
  );

  api.post(
    '/api/cases/:caseId/shipments',
    {
      summary: 'Declare a parcel',
      tag,
      problems: ['STATUS_CONFLICT'],
      access: sender,
      params: caseParams,
      body: declareShipmentBody,
      answer: shipment,
      status: 201,
      example: {
        items: [{ kind: 'block', label: '26H04512-A1', count: 1 }],
        carrier: 'Chronopost',
        sentOn: '2026-11-20',
      },
    },
    ({ params, body, principal }) => declareShipment(params.caseId, body, principal, needs.recipientsOf),
  );

  const shipmentParams = caseParams.extend({ shipmentId: id });
  api.patch(
    '/api/cases/:caseId/shipments/:shipmentId',
    {
      summary: 'What is in a parcel, when it left, arrived, and was sent on',
      tag,
      problems: ['CONFLICT', 'STATUS_CONFLICT'],
      access: signedIn,
      params: shipmentParams,
      body: updateShipmentBody,
      answer: shipment,
      example: { receivedOn: '2026-11-23' },
    },
    ({ params, body, principal }) =>
      updateShipment(params.caseId, params.shipmentId, body, principal, needs.recipientsOf),
  );

  api.get(
    '/api/cases/:caseId/shipments/:shipmentId/slip.pdf',
    {
      summary: 'Printed slip with address and QR code; not before the network is known',
      tag,
      problems: ['RECIPIENT_UNKNOWN'],
      access: signedIn,
      params: shipmentParams,
      produces: 'application/pdf',
    },
    async ({ params, principal, response }) => {
      const record = await seeCaseFor(params.caseId, principal, maySeeIdentity);
      const found = record.shipments.find((item) => String(item.id) === params.shipmentId);
      if (!found) throw new ProblemError('NOT_FOUND');
      const recipients = await needs.recipientsOf(params.caseId);
      if (recipients.length === 0) throw new ProblemError('RECIPIENT_UNKNOWN');
      const sender = await getOrganisation(record.organisationId);
      // With the first slip: what draws pages would hold up every start.
      const { drawSlip } = await import('./slip.js');
      const pdf = await drawSlip(record, found, { publicUrl: needs.publicUrl(), sender, recipients });
      response.setHeader('Cache-Control', 'private, no-store');
      await recordAccess({
        actorId: principal.id,
        action: 'shipment.slip-printed',
        recordKind: 'case',
        recordId: params.caseId,
        params: { shipmentId: params.shipmentId },
      });
      response.setHeader('Content-Disposition', `inline; filename="bordereau-${record.number}.pdf"`);
      response.type('application/pdf').send(pdf);
    },
  );

  api.get(
    '/api/cases/:caseId/messages',
    {
      summary: 'Messages between sender and reviewer',
      tag,
      access: signedIn,
      params: caseParams,
      answer: z.object({ items: z.array(caseMessage) }),
    },
    async ({ params, principal }) => ({ items: await listMessages(params.caseId, principal) }),
  );

  api.post(
    '/api/cases/:caseId/messages',
    {
      summary: 'Write a message',
      tag,
      access: signedIn,
      params: caseParams,
      body: postMessageBody,
      answer: caseMessage,
      status: 201,
      example: { text: 'Le bloc est parti ce matin.' },
    },
    ({ params, body, principal }) => postMessage(params.caseId, body.text, principal),
  );
}

export { presentAttachment };
