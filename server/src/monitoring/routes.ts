import { board, boardQuery } from '@relecture/shared/monitoring/schema.js';
import { type Api, only } from '../platform/endpoint.js';
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
}
