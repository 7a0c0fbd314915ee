import {
  decideDuplicateBody,
  duplicatePage,
  duplicatePair,
  listDuplicatesQuery,
} from '@relecture/shared/cases/duplicates.js';
import { z } from 'zod';
import { type Api, only } from '../platform/endpoint.js';
import { decideDuplicate, listDuplicates } from './duplicates.js';

export function registerDuplicateRoutes(api: Api): void {
  api.get(
    '/api/duplicates',
    {
      summary: 'Cases of one person from two senders that may be one tumour event',
      tag: 'Cases',
      access: only('coordinator'),
      query: listDuplicatesQuery,
      answer: duplicatePage,
    },
    ({ query, principal }) => listDuplicates(query.state, principal, query.after, query.limit),
  );
  api.post(
    '/api/duplicates/:duplicateId/decide',
    {
      summary: 'They are one tumour event, or two',
      tag: 'Cases',
      problems: ['NOT_FOUND'],
      access: only('coordinator'),
      params: z.object({ duplicateId: z.string().regex(/^[0-9a-f]{24}$/) }),
      body: decideDuplicateBody,
      answer: duplicatePair,
      example: { state: 'linked' },
    },
    ({ params, body, principal }) => decideDuplicate(params.duplicateId, body.state, principal),
  );
}
