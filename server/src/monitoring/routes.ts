import { board, boardQuery, exportQuery } from '@relecture/shared/monitoring/schema.js';
import { type Api, only } from '../platform/endpoint.js';
import { exportReviews, FORMATS } from './export.js';
import { readBoard } from './service.js';

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
