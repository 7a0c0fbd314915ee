import {
  board,
  boardGroups,
  boardQuery,
  exportQuery,
  groupsQuery,
  yearReportQuery,
} from '@relecture/shared/monitoring/schema.js';
import { type Api, only } from '../platform/endpoint.js';
import { exportReviews, FORMATS } from './export.js';
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
