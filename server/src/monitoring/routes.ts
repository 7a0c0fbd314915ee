import {
  board,
  boardGroups,
  boardQuery,
  columnMapping,
  columnMappingAnswer,
  exportQuery,
  groupsQuery,
  yearReportQuery,
} from '@relecture/shared/monitoring/schema.js';
import { z } from 'zod';
import { type Api, only } from '../platform/endpoint.js';
import { exportReviews, FORMATS } from './export.js';
import { forgetMapping, readMapping, saveMapping } from './mapping.js';
import { readBoard, readGroupsOfBoard } from './service.js';
import { reportYear } from './year-report.js';

export function registerMonitoringRoutes(api: Api): void {
  api.get(
    '/api/board',
    {
      summary: 'Figures of my networks',
      tag: 'Monitoring',
      problems: ['NOT_FOUND'],
      access: only('coordinator'),
      query: boardQuery,
      answer: board,
    },
    ({ query, principal }) => readBoard(principal, query.networkId),
  );

  api.get(
    '/api/board/groups',
    {
      summary: 'Readings signed over some months, by network, region, site or reviewer',
      tag: 'Monitoring',
      problems: ['NOT_FOUND'],
      access: only('coordinator'),
      query: groupsQuery,
      answer: boardGroups,
    },
    ({ query, principal, language }) => readGroupsOfBoard(principal, query, language),
  );

  api.get(
    '/api/board/activity.pdf',
    {
      summary: 'The activity of one of my networks over a calendar year (PDF)',
      tag: 'Monitoring',
      problems: ['NOT_FOUND'],
      access: only('coordinator'),
      query: yearReportQuery,
      produces: 'application/pdf',
    },
    async ({ query: { networkId, year }, principal, language, response }) => {
      const pdf = await reportYear(networkId, year, language, principal);
      response.setHeader('Cache-Control', 'private, no-store');
      response.setHeader('Content-Disposition', `attachment; filename="relecture-${networkId}-${year}.pdf"`);
      response.type('application/pdf').send(pdf);
      return undefined;
    },
  );

  const networkParams = z.object({ networkId: z.string().max(40) });
  api.get(
    '/api/board/columns/:networkId',
    {
      summary: 'The columns that a network chose for its own database',
      tag: 'Monitoring',
      problems: ['NOT_FOUND'],
      access: only('coordinator'),
      params: networkParams,
      answer: columnMappingAnswer,
    },
    ({ params, principal, language }) => readMapping(params.networkId, language, principal),
  );
  api.put(
    '/api/board/columns/:networkId',
    {
      summary: 'Choose, name and order the columns for the database of a network',
      tag: 'Monitoring',
      problems: ['NOT_FOUND'],
      access: only('coordinator'),
      params: networkParams,
      body: columnMapping,
      answer: columnMappingAnswer,
      example: { columns: [{ column: 'number', header: 'ID_DOSSIER' }], values: 'codes' },
    },
    ({ params, body, principal, language }) => saveMapping(params.networkId, body, language, principal),
  );
  api.delete(
    '/api/board/columns/:networkId',
    {
      summary: 'Back to the columns that everybody has',
      tag: 'Monitoring',
      problems: ['NOT_FOUND'],
      access: only('coordinator'),
      params: networkParams,
    },
    async ({ params, principal }) => {
      await forgetMapping(params.networkId, principal);
      return undefined;
    },
  );

  for (const format of ['csv', 'xlsx'] as const)
    api.get(
      `/api/board/export.${format}`,
      {
        summary: `The readings of my networks as a table (${format.toUpperCase()}), a line each, without the patient`,
        tag: 'Monitoring',
        problems: ['NOT_FOUND'],
        access: only('coordinator'),
        query: exportQuery,
        produces: FORMATS[format],
      },
      ({ query, principal, language, response }) =>
        exportReviews(format, query, language, principal, response),
    );
}
