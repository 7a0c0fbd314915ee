import type { CasePage } from '@relecture/shared/cases/page.js';
import { casePage } from '@relecture/shared/cases/page.js';
import { intent } from '@relecture/shared/cases/schema.js';
import { language as languageSchema } from '@relecture/shared/http/page.js';
import { z } from 'zod';
import { type Api, only, signedIn } from '../platform/endpoint.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { explainReason } from './explain.js';
import { describeIcdo3, searchIcdo3 } from './icdo3.js';
import { dispatchCase, previewRouting } from './service.js';

const tag = 'Routing';

/** What is known while the sender types; no identity. */
const previewBody = z.object({
  primarySite: z.string().max(20).nullable().default(null),
  /** Stands for the primary site while that one is not known. */
  specimenSite: z.string().max(20).nullable().default(null),
  morphology: z.string().max(20).nullable().default(null),
  /** The diagnosis or the suspicion in words. */
  suspicion: z.string().max(4000).nullable().default(null),
  question: z.string().max(4000).nullable().default(null),
  age: z.number().int().min(0).max(130).nullable().default(null),
  sex: z.string().max(20).nullable().default(null),
  contexts: z.array(z.string().max(60)).max(60).default([]),
  intent: intent.nullable().default(null),
});
const previewAnswer = z.object({
  outcome: z.enum(['routed', 'none', 'dispatch', 'correct']),
  networks: z.array(z.object({ networkId: z.string(), role: z.string(), why: z.array(z.string()) })),
  explanation: z.array(z.string()),
  fieldsToCorrect: z.array(z.object({ field: z.string(), message: z.string() })),
  rulesVersion: z.string(),
});

const icdoEntry = z.object({
  code: z.string(),
  label: z.string(),
  synonym: z.string().nullable(),
  /** False for a well-formed code that is not in the reference table: accepted and flagged. */
  known: z.boolean(),
});

export interface RoutingRouteNeeds {
  composePage(caseId: string, principal: Principal, language: 'fr' | 'en'): Promise<CasePage>;
}

export function registerRoutingRoutes(api: Api, needs: RoutingRouteNeeds): void {
  api.post(
    '/api/routing/preview',
    {
      summary: 'Which networks would read this, and why',
      tag,
      access: signedIn,
      body: previewBody,
      answer: previewAnswer,
      example: {
        primarySite: 'C77.3',
        morphology: '9690/3',
        suspicion: 'Lymphome folliculaire',
        age: 58,
        sex: 'F',
      },
    },
    async ({ body, language }) => {
      const decision = previewRouting({
        age: body.age,
        sex: body.sex,
        contexts: body.contexts,
        site: body.primarySite ?? body.specimenSite,
        morphology: body.morphology,
        suspectedEntity: body.suspicion,
        title: null,
        question: body.question,
        intent: body.intent,
      });
      return {
        outcome: decision.outcome,
        networks: decision.networks.map(({ networkId, role, reasons }) => ({
          networkId,
          role,
          why: reasons.map((reason) => explainReason(reason, language)),
        })),
        explanation: decision.reasons.map((reason) => explainReason(reason, language)),
        fieldsToCorrect: decision.fieldsToCorrect.map(({ field, reason }) => ({
          field,
          message: explainReason(reason, language),
        })),
        rulesVersion: decision.rulesVersion,
      };
    },
  );

  api.get(
    '/api/icdo3',
    {
      summary: 'Search ICD-O-3 by word, abbreviation or code',
      tag,
      access: signedIn,
      query: z.object({
        kind: z.enum(['topography', 'morphology']),
        q: z.string().max(120).default(''),
        lang: languageSchema.default('fr'),
        limit: z.coerce.number().int().min(1).max(50).default(20),
      }),
      answer: z.object({ items: z.array(icdoEntry) }),
    },
    async ({ query }) => ({ items: searchIcdo3(query.kind, query.q, query.lang, query.limit) }),
  );

  api.get(
    '/api/icdo3/:code',
    {
      summary: 'The words of a code; morphologies are written 9690-3 in an address',
      tag,
      access: signedIn,
      params: z.object({ code: z.string().max(10) }),
      query: z.object({ lang: languageSchema.default('fr') }),
      answer: icdoEntry,
    },
    async ({ params, query }) => {
      const found = describeIcdo3(params.code.replace('-', '/'), query.lang);
      if (!found) throw new ProblemError('NOT_FOUND');
      return found;
    },
  );

  api.post(
    '/api/cases/:caseId/dispatch',
    {
      summary: 'Choose the networks by hand (national coordinators)',
      tag,
      problems: ['STATUS_CONFLICT', 'CONFLICT'],
      access: only('coordinator'),
      params: z.object({ caseId: z.string().regex(/^[0-9a-f]{24}$/) }),
      body: z.object({
        networkIds: z.array(z.string().max(40)).min(1).max(10),
        reason: z.string().trim().min(3).max(2000),
      }),
      answer: casePage,
      example: { networkIds: ['NETSARC+'], reason: 'Sarcome indifférencié : lecture par NETSARC+.' },
    },
    async ({ params, body, principal, language }) => {
      if (!principal.national) throw new ProblemError('FORBIDDEN');
      await dispatchCase(params.caseId, body.networkIds, body.reason, principal);
      return await needs.composePage(params.caseId, principal, language);
    },
  );
}
