import { answerMaterialBody, askMaterialBody, materialRequest } from '@relecture/shared/materials/schema.js';
import { z } from 'zod';
import { type Api, only } from '../platform/endpoint.js';
import { showRequest } from './present.js';
import { answerMaterial, askMaterial, cancelMaterial } from './service.js';

const tag = 'Material requests';
const id = z.string().regex(/^[0-9a-f]{24}$/);
const requestParams = z.object({ requestId: id });

export function registerMaterialRoutes(api: Api): void {
  api.post(
    '/api/reviews/:reviewId/material-requests',
    {
      summary: 'Ask the sender for more material; the review is on hold',
      tag,
      problems: ['STATUS_CONFLICT'],
      access: only('reviewer'),
      params: z.object({ reviewId: id }),
      body: askMaterialBody,
      answer: materialRequest,
      status: 201,
      example: { items: [{ kind: 'stain', detail: 'PD1, CXCL13' }], reason: 'Phénotype TFH à préciser.' },
    },
    async ({ params, body, principal }) =>
      showRequest(await askMaterial(params.reviewId, body, principal), principal),
  );
  api.post(
    '/api/material-requests/:requestId/answer',
    {
      summary: 'Answer with slides, a parcel or words; the review goes on',
      tag,
      problems: ['STATUS_CONFLICT', 'CONFLICT'],
      access: only('submitter', 'preparer'),
      params: requestParams,
      body: answerMaterialBody,
      answer: materialRequest,
      example: { comment: 'Immunomarquages ajoutés.', slideIds: [] },
    },
    async ({ params, body, principal }) =>
      showRequest(await answerMaterial(params.requestId, body, principal), principal),
  );
  api.post(
    '/api/material-requests/:requestId/cancel',
    {
      summary: 'Give the request up; the review goes on',
      tag,
      problems: ['STATUS_CONFLICT', 'CONFLICT'],
      access: only('reviewer'),
      params: requestParams,
      answer: materialRequest,
    },
    async ({ params, principal }) =>
      showRequest(await cancelMaterial(params.requestId, principal), principal),
  );
}
