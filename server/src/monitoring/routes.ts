import {
  board,
  boardGroups,
  boardQuery,
  exportQuery,
  groupsQuery,
} from '@relecture/shared/monitoring/schema.js';
import { type Api, only } from '../platform/endpoint.js';
import { exportReviews, FORMATS } from './export.js';
import { readBoard, readGroupsOfBoard } from './service.js';

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
