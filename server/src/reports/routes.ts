import { pipeline } from 'node:stream/promises';
import {
  amendBody,
  report,
  reportDraft,
  saveReportDraftBody,
  signOutBody,
} from '@relecture/shared/reports/schema.js';
import { z } from 'zod';
import { type Api, anyone, only, signedIn } from '../platform/endpoint.js';
import { openDraft, saveReportDraft } from './drafts.js';
import { presentReport } from './present.js';
import { verificationKey } from './print-report.js';
import { markReportRead, readReport, readReportPdf } from './service.js';
import { amendReport, signOut } from './sign.js';

const tag = 'Reports';
const id = z.string().regex(/^[0-9a-f]{24}$/);
const reviewParams = z.object({ reviewId: id });
const reportParams = z.object({ reportId: id });

const EXAMPLE = {
  microscopy: 'Architecture folliculaire.',
  ancillary: 'CD20 +, CD10 +, BCL2 +.',
  conclusion: 'Lymphome folliculaire classique.',
  morphology: '9690/3',
  topography: 'C77.3',
  outcome: 'diagnosis' as const,
  concordance: {
    agreement: 'concordant' as const,
    types: [],
    therapeuticImpact: 'none' as const,
    comment: '',
  },
  recommendation: '',
};

export function registerReportRoutes(api: Api): void {
  api.get(
    '/api/reviews/:reviewId/report-draft',
    {
      summary: 'What I am writing',
      tag,
      access: only('reviewer'),
      params: reviewParams,
      answer: reportDraft,
    },
    ({ params, principal }) => openDraft(params.reviewId, principal),
  );
  api.put(
    '/api/reviews/:reviewId/report-draft',
    {
      summary: 'Save what I am writing',
      tag,
      problems: ['CONFLICT', 'REPORT_SIGNED', 'STATUS_CONFLICT'],
      access: only('reviewer'),
      params: reviewParams,
      body: saveReportDraftBody,
      answer: reportDraft,
      example: { version: 0, content: EXAMPLE },
    },
    ({ params, body, principal }) => saveReportDraft(params.reviewId, body.version, body.content, principal),
  );
  api.post(
    '/api/reviews/:reviewId/sign-out',
    {
      summary: 'Sign the report, preliminary or final, with the password again',
      tag,
      problems: [
        'PASSWORD_WRONG',
        'PASSWORD_TO_CHOOSE',
        'TOO_MANY_ATTEMPTS',
        'REPORT_INCOMPLETE',
        'REPORT_SIGNED',
        'STATUS_CONFLICT',
        'CONFLICT',
        'UNAVAILABLE',
      ],
      access: only('reviewer'),
      params: reviewParams,
      body: signOutBody,
      answer: report,
      status: 201,
      example: { kind: 'final', password: 'your password', content: EXAMPLE },
    },
    async ({ params, body, principal }) => presentReport(await signOut(params.reviewId, body, principal)),
  );
  api.get(
    '/api/verification-key',
    {
      summary: 'The key that signs this installation’s reports; compare it with what `relecture verify` says',
      tag,
      access: anyone,
      answer: z.object({
        algorithm: z.literal('ed25519'),
        publicKey: z.string(),
        fingerprint: z.string(),
      }),
    },
    async () => verificationKey(),
  );
  api.get(
    '/api/reports/:reportId.pdf',
    {
      summary: 'The signed report',
      tag,
      problems: ['REPORT_ALTERED'],
      access: signedIn,
      params: reportParams,
      produces: 'application/pdf',
    },
    async ({ params, principal, response }) => {
      const { report: found, stream, bytes } = await readReportPdf(params.reportId, principal);
      response.setHeader('Content-Type', 'application/pdf');
      response.setHeader('Content-Length', bytes);
      response.setHeader('Cache-Control', 'private, no-store');
      response.setHeader(
        'Content-Disposition',
        `inline; filename="compte-rendu-${found.caseNumber}-${found.number}.pdf"`,
      );
      await pipeline(stream, response);
    },
  );
  api.get(
    '/api/reports/:reportId',
    {
      summary: 'A signed report',
      tag,
      problems: ['REPORT_ALTERED'],
      access: signedIn,
      params: reportParams,
      answer: report,
    },
    async ({ params, principal }) => presentReport(await readReport(params.reportId, principal)),
  );
  api.post(
    '/api/reports/:reportId/amend',
    {
      summary: 'Addendum or correction, as a new version',
      tag,
      problems: [
        'REPORT_INCOMPLETE',
        'PASSWORD_WRONG',
        'PASSWORD_TO_CHOOSE',
        'TOO_MANY_ATTEMPTS',
        'STATUS_CONFLICT',
        'REPORT_ALTERED',
        'CONFLICT',
        'UNAVAILABLE',
      ],
      access: only('reviewer'),
      params: reportParams,
      body: amendBody,
      answer: report,
      status: 201,
      example: { kind: 'addendum', password: 'your password', text: 'Réarrangement de USP6 retrouvé.' },
    },
    async ({ params, body, principal }) => presentReport(await amendReport(params.reportId, body, principal)),
  );
  api.post(
    '/api/reports/:reportId/read',
    {
      summary: 'The sender has read it',
      tag,
      problems: ['REPORT_ALTERED', 'STATUS_CONFLICT'],
      access: only('submitter', 'preparer'),
      params: reportParams,
    },
    async ({ params, principal }) => {
      await markReportRead(params.reportId, principal);
    },
  );
}
