import { board, boardQuery, exportQuery } from '@relecture/shared/monitoring/schema.js';
import { type Api, only } from '../platform/endpoint.js';
import { exportReviews } from './export.js';
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

  api.get(
    '/api/board/export.csv',
    {
      summary: 'The readings of my networks as a table, a line each, without the patient',
      tag: 'Monitoring',
      problems: ['NOT_FOUND'],
      access: only('coordinator'),
      query: exportQuery,
      produces: 'text/csv',
    },
    ({ query, principal, language, response }) => exportReviews(query, language, principal, response),
  );
}
