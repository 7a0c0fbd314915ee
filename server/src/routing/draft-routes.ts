import {
  draftEntrySchema,
  draftSchema,
  entryRefSchema,
  movedCasesSchema,
  ruleSetsSchema,
} from '@relecture/shared/routing/drafts.js';
import { networkRuleSchema } from '@relecture/shared/routing/schema.js';
import { z } from 'zod';
import { recordAccess } from '../platform/access-log.js';
import { type Api, only } from '../platform/endpoint.js';
import {
  abandonDraft,
  beginDraft,
  publish,
  removeRule,
  seeDraft,
  startTrial,
  takeEntryOut,
  withdrawRuleSet,
  writeEntry,
  writeRule,
} from './drafts.js';
import { movedCases } from './moved-cases.js';
import { listRuleSets } from './present-drafts.js';

const tag = 'Routing';
const access = only('coordinator', 'admin');

const draftParams = z.object({ draftId: z.string().regex(/^[0-9a-f]{24}$/) });
const revision = z.number().int().min(1);

export function registerDraftRoutes(api: Api): void {
  api.get(
    '/api/routing/rule-sets',
    { summary: 'The published rule sets, and the drafts', tag, access, answer: ruleSetsSchema },
    listRuleSets,
  );

  api.post(
    '/api/routing/rule-sets/:version/withdraw',
    {
      summary: 'Roll a rule set back: the one before routes again',
      tag,
      access,
      problems: ['STATUS_CONFLICT'],
      params: z.object({ version: z.string().max(40) }),
      body: z.object({ reason: z.string().trim().min(3).max(1000) }),
      example: { reason: 'Envoie à tort les lymphomes cutanés à un seul réseau.' },
    },
    async ({ params, body, principal }) => {
      await withdrawRuleSet(params.version, body.reason, principal);
      return undefined;
    },
  );

  api.post(
    '/api/routing/drafts',
    {
      summary: 'Begin a draft from the rules in force',
      tag,
      access,
      problems: ['CONFLICT'],
      status: 201,
      answer: draftSchema,
    },
    ({ principal }) => beginDraft(principal),
  );

  api.get(
    '/api/routing/drafts/:draftId',
    {
      summary: 'A draft with its rules and its trial',
      tag,
      access,
      params: draftParams,
      answer: draftSchema,
    },
    ({ params, principal }) => seeDraft(params.draftId, principal),
  );

  api.put(
    '/api/routing/drafts/:draftId/rule',
    {
      summary: 'Write one rule of a draft',
      tag,
      access,
      problems: ['STATUS_CONFLICT', 'CONFLICT'],
      params: draftParams,
      body: z.object({ revision, rule: networkRuleSchema }),
      answer: draftSchema,
      example: {
        revision: 1,
        rule: {
          id: 'caraderm-merkel',
          networkId: 'CARADERM',
          role: 'reading',
          rank: 20,
          when: { sites: ['C44'], morphologies: ['8247/3'] },
          because: { fr: 'Carcinome à cellules de Merkel.', en: 'Merkel cell carcinoma.' },
          source: 'INCa 2025',
          confidence: 'high',
        },
      },
    },
    ({ params, body, principal }) => writeRule(params.draftId, body.revision, body.rule, principal),
  );

  api.post(
    '/api/routing/drafts/:draftId/remove-rule',
    {
      summary: 'Take one rule out of a draft',
      tag,
      access,
      problems: ['STATUS_CONFLICT', 'CONFLICT'],
      params: draftParams,
      body: z.object({ revision, ruleId: z.string().max(120) }),
      answer: draftSchema,
      example: { revision: 1, ruleId: 'caraderm-merkel' },
    },
    ({ params, body, principal }) => removeRule(params.draftId, body.revision, body.ruleId, principal),
  );

  api.put(
    '/api/routing/drafts/:draftId/entry',
    {
      summary: 'Write what a draft holds beside the rules of its networks: one entry',
      tag,
      access,
      problems: ['STATUS_CONFLICT', 'CONFLICT'],
      params: draftParams,
      body: z.object({ revision, what: draftEntrySchema }),
      answer: draftSchema,
      example: {
        revision: 1,
        what: { kind: 'words', entry: { morphology: '8247/3', words: ['merkel', 'carcinome de merkel'] } },
      },
    },
    ({ params, body, principal }) => writeEntry(params.draftId, body.revision, body.what, principal),
  );

  api.post(
    '/api/routing/drafts/:draftId/remove-entry',
    {
      summary: 'Take one entry out of a draft',
      tag,
      access,
      problems: ['STATUS_CONFLICT', 'CONFLICT'],
      params: draftParams,
      body: entryRefSchema.extend({ revision }),
      answer: draftSchema,
      example: { revision: 1, kind: 'words', key: '8247/3' },
    },
    ({ params, body: { revision: seen, ...ref }, principal }) =>
      takeEntryOut(params.draftId, seen, ref, principal),
  );

  api.post(
    '/api/routing/drafts/:draftId/trial',
    {
      summary: 'Try a draft on the examples, on every site and morphology, and on the last real cases',
      tag,
      access,
      problems: ['STATUS_CONFLICT', 'UNAVAILABLE'],
      params: draftParams,
      body: z.object({ count: z.number().int().min(0).max(100_000) }),
      answer: draftSchema,
      example: { count: 1000 },
    },
    ({ params, body, principal }) => startTrial(params.draftId, body.count, principal),
  );

  api.get(
    '/api/routing/drafts/:draftId/moves',
    {
      summary: 'The real cases that a draft would have sent elsewhere',
      tag,
      access,
      params: draftParams,
      query: z.object({ after: z.string().max(200).optional() }),
      answer: movedCasesSchema,
    },
    async ({ params, query, principal }) => {
      const page = await movedCases(params.draftId, query.after, principal);
      await recordAccess({
        actorId: principal.id,
        action: 'rules.moves-read',
        recordKind: 'rule-set',
        recordId: params.draftId,
      });
      return page;
    },
  );

  api.post(
    '/api/routing/drafts/:draftId/publish',
    {
      summary: 'Publish a draft (never one of its authors)',
      tag,
      access,
      problems: ['STATUS_CONFLICT'],
      params: draftParams,
      body: z.object({ revision, validFrom: z.iso.date() }),
      example: { revision: 2, validFrom: '2027-01-01' },
    },
    async ({ params, body, principal }) => {
      await publish(params.draftId, body.revision, body.validFrom, principal);
      return undefined;
    },
  );

  api.post(
    '/api/routing/drafts/:draftId/abandon',
    { summary: 'Give a draft up', tag, access, problems: ['STATUS_CONFLICT'], params: draftParams },
    async ({ params, principal }) => {
      await abandonDraft(params.draftId, principal);
      return undefined;
    },
  );
}
