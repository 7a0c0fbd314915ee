import { casePage } from '@relecture/shared/cases/page.js';
import { caseRowPage, listCasesQuery, searchCasesBody } from '@relecture/shared/cases/schema.js';
import { pageQuery } from '@relecture/shared/http/page.js';
import { z } from 'zod';
import { casesToDispatch, listCases, searchCases } from '../cases/index.js';
import { recordAccess } from '../platform/access-log.js';
import { type Api, only, signedIn } from '../platform/endpoint.js';
import { ProblemError } from '../platform/problem.js';
import { composeCasePage, presentCaseRow } from './compose-case.js';

const tag = 'Cases';

export function registerOverviewRoutes(api: Api): void {
  api.get(
    '/api/cases',
    {
      summary: 'My cases, newest change first',
      tag,
      access: signedIn,
      query: listCasesQuery,
      answer: caseRowPage,
    },
    async ({ query, principal }) => {
      const { items, ...page } = await listCases(
        { progress: query.progress, toDo: query.toDo === 'true', networkId: query.networkId },
        principal,
        query.after,
        query.limit,
      );
      await recordAccess({
        actorId: principal.id,
        action: 'cases.listed',
        recordKind: 'case',
        recordId: 'list',
      });
      return { items: items.map((record) => presentCaseRow(record, principal)), ...page };
    },
  );

  api.post(
    '/api/cases/search',
    {
      summary: 'Find by case number, birth name, exam number or INS (exact; accents and case do not matter)',
      tag,
      access: signedIn,
      body: searchCasesBody,
      answer: caseRowPage,
      example: { text: '26H04512' },
    },
    async ({ body, principal }) => {
      const records = await searchCases(body.text, principal);
      await recordAccess({
        actorId: principal.id,
        action: 'cases.searched',
        recordKind: 'case',
        recordId: 'list',
      });
      return {
        items: records.map((record) => presentCaseRow(record, principal)),
        next: null,
        total: records.length,
      };
    },
  );

  api.get(
    '/api/cases/:caseId',
    {
      summary: 'The case page',
      tag,
      access: signedIn,
      params: z.object({ caseId: z.string().regex(/^[0-9a-f]{24}$/) }),
      answer: casePage,
    },
    ({ params, principal, language }) => composeCasePage(params.caseId, principal, language),
  );

  api.get(
    '/api/dispatch',
    {
      summary: 'Cases whose network a national coordinator must choose',
      tag,
      access: only('coordinator'),
      query: pageQuery,
      answer: caseRowPage,
    },
    async ({ query, principal }) => {
      if (!principal.national) throw new ProblemError('FORBIDDEN');
      const { items, ...page } = await casesToDispatch(query.after, query.limit);
      return { items: items.map((record) => presentCaseRow(record, principal)), ...page };
    },
  );
}
