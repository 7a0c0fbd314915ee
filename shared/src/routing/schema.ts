import { z } from 'zod';
import { bilingualSchema, networkIdSchema, networkRoleSchema } from '../networks/schema.js';

/**
 * What the rules look at. Deliberately lenient: a wrong code, age or sex must reach the engine so that it can
 * name the field to correct, instead of failing as an unreadable request.
 */
export const routingIntents = ['systematic', 'advice'] as const;
export const routingInputSchema = z.object({
  age: z.number().nullable(),
  sex: z.string().max(20).nullable(),
  contexts: z.array(z.string().max(80)).max(60),
  site: z.string().max(20).nullable(),
  morphology: z.string().max(20).nullable(),
  suspectedEntity: z.string().max(2000).nullable(),
  title: z.string().max(2000).nullable(),
  question: z.string().max(4000).nullable(),
  intent: z.enum(routingIntents).nullable(),
});
export type RoutingInput = z.infer<typeof routingInputSchema>;

/** One line of a cases file (`relecture route --cases FILE`). Labels such as expected_networks are ignored. */
export const routingCaseSchema = z.object({
  id: z.string().min(1),
  title_fr: z.string().nullish(),
  age: z.number().nullish(),
  sex: z.string().nullish(),
  context: z.array(z.string()).nullish(),
  site_icdo3: z.string().nullish(),
  morphology_icdo3: z.string().nullish(),
  suspected_entity: z.string().nullish(),
  question: z.string().nullish(),
  intent: z.enum(routingIntents).nullish(),
});
export type RoutingCase = z.infer<typeof routingCaseSchema>;

export function toRoutingInput(routingCase: RoutingCase): RoutingInput {
  return {
    age: routingCase.age ?? null,
    sex: routingCase.sex ?? null,
    contexts: routingCase.context ?? [],
    site: routingCase.site_icdo3 ?? null,
    morphology: routingCase.morphology_icdo3 ?? null,
    suspectedEntity: routingCase.suspected_entity ?? null,
    title: routingCase.title_fr ?? null,
    question: routingCase.question ?? null,
    intent: routingCase.intent ?? null,
  };
}

/** `C44`, `C44.5`, `C51-C57`, `C38.1-C38.3`, `any`, or `@skin` for a named group of the rule set. */
export const siteRangeSchema = z
  .string()
  .regex(/^(?:any|@[a-zA-Z]+|C\d\d(?:\.\d)?(?:-C\d\d(?:\.\d)?)?)$/, 'a site range or a @group of sites');

/**
 * `9680/3`, `9590-9729/3`, `8850/1,3`, or `@lymphoid` for a named group (`@lymphoid/3` narrows its behaviour).
 * No behaviour means /1, /2, /3, /6 and /9: a benign tumour is in a perimeter only where a rule says /0.
 */
export const morphologyRangeSchema = z
  .string()
  .regex(/^(?:@[a-zA-Z]+|\d{4}(?:-\d{4})?)(?:\/[0-9](?:,[0-9])*)?$/, 'a morphology range or a @group');

export const diagnosisOriginSchema = z.enum(['code', 'entity', 'site', 'none']);
export type DiagnosisOrigin = z.infer<typeof diagnosisOriginSchema>;

/** Every condition present must hold; inside one list, one match is enough. An absent condition says nothing. */
export const conditionsSchema = z
  .object({
    sites: z.array(siteRangeSchema).min(1).optional(),
    notSites: z.array(siteRangeSchema).min(1).optional(),
    morphologies: z.array(morphologyRangeSchema).min(1).optional(),
    notMorphologies: z.array(morphologyRangeSchema).min(1).optional(),
    behaviours: z.array(z.number().int().min(0).max(9)).min(1).optional(),
    minAge: z.number().min(0).optional(),
    maxAge: z.number().min(0).optional(),
    sex: z.enum(['F', 'M']).optional(),
    contextsAny: z.array(z.string()).min(1).optional(),
    contextsAll: z.array(z.string()).min(1).optional(),
    contextsNone: z.array(z.string()).min(1).optional(),
    wordsAny: z.array(z.string()).min(1).optional(),
    wordsNone: z.array(z.string()).min(1).optional(),
    /** true: only when the diagnosis is in doubt (doubt context, or intent advice); false: only when formal. */
    doubt: z.boolean().optional(),
    /** Where the morphology under test comes from: the code, the entity words, only the site, or nowhere. */
    origins: z.array(diagnosisOriginSchema).min(1).optional(),
  })
  .strict();
export type Conditions = z.infer<typeof conditionsSchema>;

const basisFields = {
  because: bilingualSchema,
  source: z.string().min(1),
  confidence: z.enum(['high', 'medium', 'low']),
};

export const networkRuleSchema = z
  .object({
    id: z.string().min(1),
    networkId: networkIdSchema,
    role: networkRoleSchema,
    /** Lower goes first. Two reading networks with the same rank for the same diagnosis are a tie. */
    rank: z.number().int().min(0).max(99),
    when: conditionsSchema,
    /** Only when no network matched with a lower rank than this (poor-prognosis networks give way to rare tumours). */
    yieldsToRanksBelow: z.number().int().min(1).max(99).optional(),
    /** The coordinators have not settled this boundary yet: the decision carries a doubt. */
    arbitration: z.boolean().optional(),
    /** The network of a whole lineage wherever it sits: what a dispatcher is offered when nothing tells the tumour. */
    readsAnySite: z.boolean().optional(),
    ...basisFields,
  })
  .strict();
export type NetworkRule = z.infer<typeof networkRuleSchema>;

/** Known not to belong to any network: the case ends with no network rather than with a dispatcher. */
export const outsideRuleSchema = z
  .object({
    id: z.string().min(1),
    when: conditionsSchema,
    /** `exclude` removes every network (certified metastasis, benign); `fallback` only speaks when none matched. */
    effect: z.enum(['exclude', 'fallback']),
    ...basisFields,
  })
  .strict();
export type OutsideRule = z.infer<typeof outsideRuleSchema>;

export const correctableFields = ['age', 'sex', 'contexts', 'site', 'morphology', 'suspectedEntity'] as const;
export const correctableFieldSchema = z.enum(correctableFields);
export type CorrectableField = z.infer<typeof correctableFieldSchema>;

/** Facts that cannot be true together: the engine stops and names the fields. */
export const contradictionRuleSchema = z
  .object({
    id: z.string().min(1),
    when: conditionsSchema,
    fields: z.array(correctableFieldSchema).min(1),
    ...basisFields,
  })
  .strict();
export type ContradictionRule = z.infer<typeof contradictionRuleSchema>;

/** Words that name an entity when no morphology is coded, each standing for one ICD-O-3 morphology. */
export const entityWordsSchema = z
  .object({ morphology: z.string().regex(/^\d{4}\/\d$/), words: z.array(z.string().min(2)).min(1) })
  .strict();
export type EntityWords = z.infer<typeof entityWordsSchema>;

/** What a suspicion without any word means at a site: an enlarged node is a suspected lymphoma. */
export const siteSuspicionSchema = z
  .object({
    sites: z.array(siteRangeSchema).min(1),
    morphology: z.string().regex(/^\d{4}\/\d$/),
    because: bilingualSchema,
  })
  .strict();

export const companionSchema = z
  .object({ networkId: networkIdSchema, brings: networkIdSchema, role: networkRoleSchema })
  .strict();

export type SiteSuspicion = z.infer<typeof siteSuspicionSchema>;

/** A lineage or a region, named once and used by many rules as `@name`. */
export const groupSchema = z
  .object({ names: bilingualSchema, ranges: z.array(z.string().min(1)).min(1) })
  .strict();

export const ruleSetSchema = z
  .object({
    version: z.string().min(1),
    validFrom: z.iso.date(),
    validTo: z.iso.date().nullable(),
    title: bilingualSchema,
    /** Every network the rule set knows; a network without a rule of its own must be a companion. */
    networkIds: z.array(networkIdSchema).min(1),
    morphologyGroups: z.record(z.string(), groupSchema),
    siteGroups: z.record(z.string(), groupSchema),
    /** Topography codes with subsite; any other is refused. */
    knownSites: z.array(z.string().regex(/^C\d\d\.\d$/)).min(1),
    /** Codes that say only "tumour" or "carcinoma": the words then decide. */
    unspecificMorphologies: z.array(morphologyRangeSchema),
    unspecificSites: z.array(siteRangeSchema),
    doubtContexts: z.array(z.string().min(1)),
    /** Morphology numbers or ranges known to us; another well-formed one is only trusted when the words agree. */
    knownMorphologies: z.array(z.string().regex(/^\d{4}(?:-\d{4})?$/)),
    networkRules: z.array(networkRuleSchema).min(1),
    outsideRules: z.array(outsideRuleSchema),
    contradictionRules: z.array(contradictionRuleSchema),
    entityWords: z.array(entityWordsSchema),
    siteSuspicions: z.array(siteSuspicionSchema),
    companions: z.array(companionSchema),
  })
  .strict()
  .superRefine((set, ctx) => {
    const networks = new Set(set.networkIds);
    const ids = new Set<string>();
    for (const rule of [...set.networkRules, ...set.outsideRules, ...set.contradictionRules]) {
      if (ids.has(rule.id)) ctx.addIssue({ code: 'custom', message: `duplicate rule ${rule.id}` });
      ids.add(rule.id);
    }
    for (const rule of set.networkRules) {
      if (!networks.has(rule.networkId)) {
        ctx.addIssue({
          code: 'custom',
          message: `rule ${rule.id} names an unknown network ${rule.networkId}`,
        });
      }
    }
    for (const companion of set.companions) {
      for (const id of [companion.networkId, companion.brings]) {
        if (!networks.has(id))
          ctx.addIssue({ code: 'custom', message: `companion names an unknown network ${id}` });
      }
    }
  });
export type RuleSet = z.infer<typeof ruleSetSchema>;

/** A reason is a code and its parameters; `explainReason` turns it into a sentence. */
export const reasonSchema = z.object({
  code: z.enum([
    'rule',
    'companion_of',
    'site_inside',
    'site_outside',
    'morphology_inside',
    'morphology_outside',
    'behaviour_outside',
    'age_outside',
    'sex_outside',
    'context_present',
    'context_missing',
    'context_forbidden',
    'words_present',
    'words_missing',
    'words_forbidden',
    'doubt_required',
    'doubt_forbidden',
    'origin_outside',
    'entity_words',
    'site_suspicion',
    'any_site',
    'other_network_reads',
    'excluded',
    'outside',
    'arbitration',
    'tie',
    'unknown_morphology',
    'unspecific',
    'nothing_matched',
    'field_malformed',
    'field_missing',
    'contradiction',
  ]),
  params: z.record(z.string(), z.string()),
  /** The rule's own sentence, written by the people who keep the rules. */
  because: bilingualSchema.optional(),
});
export type Reason = z.infer<typeof reasonSchema>;

export const chosenNetworkSchema = z.object({
  networkId: networkIdSchema,
  role: networkRoleSchema,
  reasons: z.array(reasonSchema),
});
export type ChosenNetwork = z.infer<typeof chosenNetworkSchema>;

export const candidateSchema = z.object({
  networkId: networkIdSchema,
  matched: z.boolean(),
  for: z.array(reasonSchema),
  against: z.array(reasonSchema),
});
export type Candidate = z.infer<typeof candidateSchema>;

export const routingOutcomes = ['routed', 'none', 'dispatch', 'correct'] as const;
export const routingDecisionSchema = z.object({
  outcome: z.enum(routingOutcomes),
  /** Ordered, primary first; given even when the outcome is `dispatch`. */
  networks: z.array(chosenNetworkSchema),
  candidates: z.array(candidateSchema),
  /** Why this outcome, when it is not simply the networks' own reasons. */
  reasons: z.array(reasonSchema),
  fieldsToCorrect: z.array(z.object({ field: correctableFieldSchema, reason: reasonSchema })),
  /** Somebody national should look: a tie, an unsettled boundary, an unknown code. */
  doubt: z.boolean(),
  rulesVersion: z.string(),
});
export type RoutingDecision = z.infer<typeof routingDecisionSchema>;
