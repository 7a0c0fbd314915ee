import { z } from 'zod';
import { bilingualSchema, networkIdSchema } from '../networks/schema.js';
import {
  contradictionRuleSchema,
  entityWordsSchema,
  groupSchema,
  networkRuleSchema,
  outsideRuleSchema,
  routingOutcomes,
  siteSuspicionSchema,
} from './schema.js';

/** What a rule set still being written looks like to those who write it. */

export const draftStatuses = ['open', 'published', 'abandoned'] as const;

/** What a case would become: its networks in order, and the outcome. */
const answerSchema = z.object({ outcome: z.enum(routingOutcomes), networkIds: z.array(z.string()) });
export type RoutingAnswer = z.infer<typeof answerSchema>;

export const triedPairSchema = z.object({ site: z.string(), morphology: z.string() });

export const trialSchema = z.object({
  /** The revision that was tried: a later one has to be tried again. */
  revision: z.number().int(),
  state: z.enum(['running', 'done', 'failed']),
  done: z.number().int(),
  total: z.number().int(),
  startedAt: z.string(),
  /** Example cases that no longer get the answer they are labelled with. */
  brokenExamples: z.array(
    z.object({ id: z.string(), title: z.string(), expected: answerSchema, got: answerSchema }),
  ),
  examples: z.number().int(),
  /** Sites and morphologies that the rules in force send somewhere and the draft does not. */
  gaps: z.array(triedPairSchema),
  gapCount: z.number().int(),
  /** Sites and morphologies for which two networks of the draft claim the first place. */
  overlaps: z.array(triedPairSchema),
  overlapCount: z.number().int(),
  pairs: z.number().int(),
  /** Networks that no rule names any more. */
  unreachable: z.array(z.string()),
  replayed: z.number().int(),
  moved: z.number().int(),
  /** Of the replayed cases, those whose own version gives, today, exactly what was kept with them. */
  reproduced: z.number().int(),
});
export type RuleTrial = z.infer<typeof trialSchema>;

const nameSchema = z.object({ id: z.string(), displayName: z.string() });

export const draftLineSchema = z.object({
  id: z.string(),
  version: z.string(),
  baseVersion: z.string(),
  status: z.enum(draftStatuses),
  title: bilingualSchema,
  revision: z.number().int(),
  authors: z.array(nameSchema),
  updatedAt: z.string(),
});
export type DraftLine = z.infer<typeof draftLineSchema>;

const groupName = z.string().regex(/^[a-zA-Z]{2,40}$/);
/** What a rule set holds beside the rules of its networks; each is known by its name, its morphology or its id. */
export const draftEntrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('outside'), entry: outsideRuleSchema }),
  z.object({ kind: z.literal('contradiction'), entry: contradictionRuleSchema }),
  z.object({ kind: z.literal('words'), entry: entityWordsSchema }),
  z.object({ kind: z.literal('suspicion'), entry: siteSuspicionSchema }),
  z.object({ kind: z.literal('siteGroup'), entry: groupSchema.extend({ name: groupName }) }),
  z.object({ kind: z.literal('morphologyGroup'), entry: groupSchema.extend({ name: groupName }) }),
]);
export type DraftEntry = z.infer<typeof draftEntrySchema>;
export const ENTRY_KINDS = [
  'outside',
  'contradiction',
  'words',
  'suspicion',
  'siteGroup',
  'morphologyGroup',
] as const;
export const entryKind = z.enum(ENTRY_KINDS);
export type EntryKind = z.infer<typeof entryKind>;
export const entryRefSchema = z.object({ kind: entryKind, key: z.string().max(120) });

export const draftSchema = draftLineSchema.extend({
  networkIds: z.array(networkIdSchema),
  /** Named lineages and regions, usable in a rule as `@name`. */
  morphologyGroups: z.array(z.object({ name: z.string(), names: bilingualSchema })),
  siteGroups: z.array(z.object({ name: z.string(), names: bilingualSchema })),
  rules: z.array(networkRuleSchema),
  /** Rules that differ from the version the draft began with. */
  added: z.array(z.string()),
  changed: z.array(z.string()),
  removed: z.array(z.string()),
  entries: z.array(
    z.object({
      key: z.string(),
      what: draftEntrySchema,
      mark: z.enum(['added', 'changed']).nullable(),
    }),
  ),
  removedEntries: z.array(entryRefSchema),
  trial: trialSchema.nullable(),
  mayPublish: z.boolean(),
});
export type RuleDraft = z.infer<typeof draftSchema>;

export const publishedLineSchema = z.object({
  version: z.string(),
  title: bilingualSchema,
  validFrom: z.string(),
  publishedAt: z.string(),
  publishedBy: z.string().nullable(),
  inForce: z.boolean(),
  withdrawn: z.object({ at: z.string(), by: z.string(), reason: z.string() }).nullable(),
  mayWithdraw: z.boolean(),
});
export type PublishedLine = z.infer<typeof publishedLineSchema>;

export const ruleSetsSchema = z.object({
  published: z.array(publishedLineSchema),
  drafts: z.array(draftLineSchema),
});

export const movedCaseSchema = z.object({
  id: z.string(),
  /** Null: a case that the person who asks may not see. */
  caseId: z.string().nullable(),
  caseNumber: z.string().nullable(),
  site: z.string().nullable(),
  morphology: z.string().nullable(),
  before: answerSchema,
  after: answerSchema,
});
export type MovedCase = z.infer<typeof movedCaseSchema>;
export const movedCasesSchema = z.object({ items: z.array(movedCaseSchema), next: z.string().nullable() });
