import {
  type DraftEntry,
  draftSchema,
  type EntryKind,
  movedCasesSchema,
  ruleSetsSchema,
} from '@relecture/shared/routing/drafts.js';
import type { NetworkRule } from '@relecture/shared/routing/schema.js';
import { request } from './http';

const at = (draftId: string) => `/api/routing/drafts/${draftId}`;

export const listRuleSets = () => request('GET', '/api/routing/rule-sets', { answer: ruleSetsSchema });
export const withdrawRuleSet = (version: string, reason: string) =>
  request('POST', `/api/routing/rule-sets/${version}/withdraw`, { body: { reason } });
export const beginDraft = () => request('POST', '/api/routing/drafts', { body: {}, answer: draftSchema });
export const readDraft = (draftId: string) => request('GET', at(draftId), { answer: draftSchema });
export const writeRule = (draftId: string, revision: number, rule: NetworkRule) =>
  request('PUT', `${at(draftId)}/rule`, { body: { revision, rule }, answer: draftSchema });
export const removeRule = (draftId: string, revision: number, ruleId: string) =>
  request('POST', `${at(draftId)}/remove-rule`, { body: { revision, ruleId }, answer: draftSchema });
export const startTrial = (draftId: string, count: number) =>
  request('POST', `${at(draftId)}/trial`, { body: { count }, answer: draftSchema });
export const readMoves = (draftId: string, after: string | null) =>
  request('GET', `${at(draftId)}/moves`, { query: { after }, answer: movedCasesSchema });
export const publishDraft = (draftId: string, revision: number, validFrom: string) =>
  request('POST', `${at(draftId)}/publish`, { body: { revision, validFrom } });
export const abandonDraft = (draftId: string) => request('POST', `${at(draftId)}/abandon`, { body: {} });
export const writeEntry = (draftId: string, revision: number, what: DraftEntry) =>
  request('PUT', `${at(draftId)}/entry`, { body: { revision, what }, answer: draftSchema });
export const removeEntry = (draftId: string, revision: number, kind: EntryKind, key: string) =>
  request('POST', `${at(draftId)}/remove-entry`, { body: { revision, kind, key }, answer: draftSchema });
