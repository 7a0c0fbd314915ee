import type { RequestHandler, Response } from 'express';
import type { Types } from 'mongoose';
import { z } from 'zod';
import { recordAccess } from '../../platform/access-log.js';
import type { AccessRule, Api } from '../../platform/endpoint.js';

import type { DataSetJson } from './dataset.js';
import { filterOf, pageOf, type QueryPage, queryInstances, querySeries, queryStudies } from './query.js';
import { storeInstances } from './store.js';
import { type MachineToken, organisationOfToken } from './tokens.js';

const tag = 'DICOMweb';
const DICOM_JSON = 'application/dicom+json';
/** Machines have no session: a token of their organisation, which an administrator makes and revokes. */
const machine: AccessRule = { name: 'organisation-token', roles: [], public: true };
const problems = ['NOT_SIGNED_IN', 'TOO_MANY_ATTEMPTS'] as const;

const identify: RequestHandler = async (request, response, next) => {
  response.locals.token = await organisationOfToken(request.headers.authorization, request.ip ?? 'unknown');
  next();
};
const tokenOf = (response: Response): MachineToken => response.locals.token as MachineToken;

const uid = z.string().regex(/^[0-9.]{1,64}$/);
const study = z.object({ study: uid });
const dataSets = z.array(z.record(z.string(), z.unknown()));

/** Of PS3.18: STOW-RS in, QIDO-RS out. Slides leave by the screens alone. */
export function registerDicomWebRoutes(api: Api): void {
  const store = (path: string, params?: typeof study) =>
    api.post(
      path,
      {
        summary: 'STOW-RS: send instances of slides; a series that falls silent is one slide',
        tag,
        access: machine,
        problems: [...problems, 'FILE_TYPE_REFUSED', 'FILE_TOO_LARGE', 'MALFORMED_BODY', 'STORAGE_FULL'],
        ...(params ? { params } : {}),
        before: [identify],
        consumes: {
          mediaType: 'multipart/related; type="application/dicom"',
          schema: { type: 'string', format: 'binary' },
          example: '(instances)',
        },
        produces: DICOM_JSON,
      },
      async ({ request, response }) => {
        const wanted = typeof request.params.study === 'string' ? request.params.study : null;
        const { status, body } = await storeInstances(request, tokenOf(response), wanted);
        response.status(status).type(DICOM_JSON).send(JSON.stringify(body));
      },
    );
  store('/api/dicomweb/studies');
  store('/api/dicomweb/studies/:study', study);

  type Query = (
    organisationId: Types.ObjectId,
    filter: Map<string, string>,
    page: QueryPage,
  ) => Promise<DataSetJson[]>;
  const query = (path: string, summary: string, find: Query, params?: z.ZodObject) =>
    api.get(
      path,
      {
        summary: `QIDO-RS: ${summary} of the organisation’s own slides; limit and offset`,
        tag,
        access: machine,
        problems: [...problems],
        ...(params ? { params } : {}),
        before: [identify],
        produces: DICOM_JSON,
      },
      async ({ request, response }) => {
        const filter = filterOf(request.query);
        if (typeof request.params.study === 'string') filter.set('StudyInstanceUID', request.params.study);
        if (typeof request.params.series === 'string') filter.set('SeriesInstanceUID', request.params.series);
        const { organisationId } = tokenOf(response);
        const found = dataSets.parse(await find(organisationId, filter, pageOf(request.query)));
        await recordAccess({
          actorId: null,
          action: 'arrival.queried',
          recordKind: 'organisation',
          recordId: String(organisationId),
        });
        response.type(DICOM_JSON).send(JSON.stringify(found));
      },
    );
  const series = study.extend({ series: uid });
  query('/api/dicomweb/studies', 'studies', queryStudies);
  query('/api/dicomweb/series', 'series', querySeries);
  query('/api/dicomweb/instances', 'instances', queryInstances);
  query('/api/dicomweb/studies/:study/series', 'series of a study', querySeries, study);
  query('/api/dicomweb/studies/:study/instances', 'instances of a study', queryInstances, study);
  query(
    '/api/dicomweb/studies/:study/series/:series/instances',
    'instances of a series',
    queryInstances,
    series,
  );
}
