import {
  arrival,
  arrivalSettingsAnswer,
  arrivalSettingsBody,
  attachBody,
  createdDicomToken,
  dicomToken,
  fetchSeriesBody,
  foundSeries,
  newDicomToken,
} from '@relecture/shared/arrivals/schema.js';
import { objectId } from '@relecture/shared/http/page.js';
import { z } from 'zod';
import { type Api, only } from '../platform/endpoint.js';
import { ProblemError } from '../platform/problem.js';
import { createToken, listTokens, revokeToken } from './dicomweb/tokens.js';
import { presentArrivals, presentToken } from './present.js';
import {
  arrivalsOfCase,
  attachArrival,
  discardArrival,
  findSeries,
  hasPacs,
  listArrivals,
  orderSeries,
} from './service.js';
import { changeSettings, readSettings } from './settings.js';

const tag = 'Arrivals';
const sender = only('submitter', 'preparer');
const admin = only('admin');
const arrivalParams = z.object({ arrivalId: objectId });
const organisationParams = z.object({ organisationId: objectId });

const presentOne = async (record: Parameters<typeof presentArrivals>[0][number]) => {
  const [shown] = await presentArrivals([record]);
  if (!shown) throw new ProblemError('NOT_FOUND');
  return shown;
};

export function registerArrivalRoutes(api: Api): void {
  api.get(
    '/api/arrivals',
    {
      summary:
        'Slides of the house that came by themselves: on their way, waiting for their case, refused. Newest first',
      tag,
      access: sender,
      query: z.object({
        before: objectId.optional(),
        limit: z.coerce.number().int().min(1).max(100).default(50),
      }),
      answer: z.object({ items: z.array(arrival), next: objectId.nullable(), pacs: z.boolean() }),
    },
    async ({ query, principal }) => {
      const found = await listArrivals(principal, { before: query.before ?? null, limit: query.limit });
      const last = found.length === query.limit ? found.at(-1) : undefined;
      return {
        items: await presentArrivals(found),
        next: last ? String(last._id) : null,
        pacs: await hasPacs(principal),
      };
    },
  );

  api.get(
    '/api/cases/:caseId/arrivals',
    {
      summary: 'Slides on their way into a case, from the DICOMweb server or the tray',
      tag,
      access: sender,
      params: z.object({ caseId: objectId }),
      answer: z.object({ items: z.array(arrival), pacs: z.boolean() }),
    },
    async ({ params, principal }) => ({
      items: await presentArrivals(await arrivalsOfCase(params.caseId, principal)),
      pacs: await hasPacs(principal),
    }),
  );

  api.post(
    '/api/arrivals/:arrivalId/attach',
    {
      summary: 'Say which case a slide belongs to',
      tag,
      problems: ['STATUS_CONFLICT', 'STORAGE_FULL', 'FILE_TOO_LARGE'],
      access: sender,
      params: arrivalParams,
      body: attachBody,
      example: { caseId: '660000000000000000000000', stain: 'HES', block: 'A1' },
      answer: arrival,
    },
    async ({ params, body, principal }) =>
      await presentOne(await attachArrival(params.arrivalId, body, principal)),
  );

  api.delete(
    '/api/arrivals/:arrivalId',
    {
      summary: 'Put away a slide that is not ours, or that was refused; the original stays where it is',
      tag,
      problems: ['STATUS_CONFLICT'],
      access: sender,
      params: arrivalParams,
    },
    async ({ params, principal }) => await discardArrival(params.arrivalId, principal),
  );

  registerPacs(api);
  registerSettings(api);
}

function registerPacs(api: Api): void {
  api.post(
    '/api/arrivals/search',
    {
      summary: 'Series of slides on the organisation’s own DICOMweb server, by accession number',
      tag,
      problems: ['PACS_NOT_SET', 'PACS_UNREACHABLE'],
      access: sender,
      // In the body: an exam number has no place in an address, which proxies write down.
      body: z.object({ accession: z.string().trim().min(3).max(64) }),
      example: { accession: '26H04512' },
      answer: z.object({ items: z.array(foundSeries) }),
    },
    async ({ body, principal }) => ({ items: await findSeries(body.accession, principal) }),
  );

  api.post(
    '/api/arrivals/fetch',
    {
      summary: 'Fetch a series from the organisation’s own DICOMweb server into a case',
      tag,
      problems: ['PACS_NOT_SET', 'STATUS_CONFLICT', 'STORAGE_FULL', 'NOT_FOUND'],
      access: sender,
      body: fetchSeriesBody,
      example: {
        caseId: '660000000000000000000000',
        stain: 'HES',
        block: 'A1',
        study: '1.2.826.0.1.1',
        series: '1.2.826.0.1.1.1',
      },
      answer: arrival,
      status: 202,
    },
    async ({ body, principal }) => await presentOne(await orderSeries(body, principal)),
  );
}

function registerSettings(api: Api): void {
  api.get(
    '/api/admin/organisations/:organisationId/arrivals',
    {
      summary: 'Where the slides of an organisation come from: scanner’s folder, DICOMweb server',
      tag,
      access: admin,
      params: organisationParams,
      answer: arrivalSettingsAnswer,
    },
    async ({ params }) => await readSettings(params.organisationId),
  );

  api.put(
    '/api/admin/organisations/:organisationId/arrivals',
    {
      summary: 'Set where the slides of an organisation come from',
      tag,
      access: admin,
      params: organisationParams,
      body: arrivalSettingsBody,
      example: {
        folder: {
          active: true,
          path: 'chu-nord/scanner-1',
          pattern: '{exam}_{block}_{stain}',
          removeTaken: false,
        },
        pacs: {
          active: true,
          url: 'https://pacs.chu.example/dicom-web',
          user: 'relecture',
          password: 'a password',
        },
      },
      answer: arrivalSettingsAnswer,
    },
    async ({ params, body, principal }) => await changeSettings(params.organisationId, body, principal),
  );

  api.get(
    '/api/admin/organisations/:organisationId/dicom-tokens',
    {
      summary: 'Tokens with which machines of an organisation send slides',
      tag,
      access: admin,
      params: organisationParams,
      answer: z.object({ items: z.array(dicomToken) }),
    },
    async ({ params }) => ({ items: (await listTokens(params.organisationId)).map(presentToken) }),
  );

  api.post(
    '/api/admin/organisations/:organisationId/dicom-tokens',
    {
      summary: 'A new token; told this once',
      tag,
      access: admin,
      params: organisationParams,
      body: newDicomToken,
      example: { label: 'Scanner 1' },
      answer: createdDicomToken,
      status: 201,
    },
    async ({ params, body, principal, response }) => {
      const { record, token } = await createToken(params.organisationId, body.label, principal);
      response.setHeader('Cache-Control', 'no-store');
      return { ...presentToken(record), token };
    },
  );

  api.delete(
    '/api/admin/organisations/:organisationId/dicom-tokens/:tokenId',
    {
      summary: 'Revoke a token',
      tag,
      access: admin,
      params: organisationParams.extend({ tokenId: objectId }),
    },
    async ({ params, principal }) => await revokeToken(params.organisationId, params.tokenId, principal),
  );
}
