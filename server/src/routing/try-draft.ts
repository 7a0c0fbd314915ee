import { setImmediate as letOthers } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { chooseNetworks } from '@relecture/shared/routing/choose-networks.js';
import { compileRules } from '@relecture/shared/routing/compile-rules.js';
import type { RoutingAnswer, RuleTrial } from '@relecture/shared/routing/drafts.js';
import { morphologySlot, parseMorphology, parseSite } from '@relecture/shared/routing/icdo3-code.js';
import {
  type RoutingDecision,
  type RoutingInput,
  type RuleSet,
  routingCaseSchema,
  routingOutcomes,
  toRoutingInput,
} from '@relecture/shared/routing/schema.js';
import { z } from 'zod';
import { now } from '../platform/clock.js';
import examples from './data/example-cases.json' with { type: 'json' };
import morphologies from './data/morphologies.json' with { type: 'json' };
import { DecisionModel, type DecisionRecord } from './decision-model.js';
import { DraftModel, type DraftRecord, MovedModel } from './draft-model.js';
import { ruleSetNamed } from './rule-sets.js';

const exampleSchema = routingCaseSchema.extend({
  expected_networks: z.array(z.string()),
  expected_outcome: z.enum(routingOutcomes),
  also_accepted: z.array(z.array(z.string())).optional(),
});
const labelled = exampleSchema.array().parse(examples);

/** Shown on the screen; the counts say how many there are. */
const SHOWN = 50;
const AT_ONCE = 100;

const answerOf = ({ outcome, networks }: Pick<RoutingDecision, 'outcome' | 'networks'>): RoutingAnswer => ({
  outcome,
  networkIds: networks.map(({ networkId }) => networkId),
});

/** What the engine said of a case, again, under the version that routed it. */
export function replayDecision(
  { input, decision }: Pick<DecisionRecord, 'input' | 'decision'>,
  set: RuleSet,
) {
  // Objections kept beside an answer: the sender stood by the case as it was.
  const contested = decision.outcome !== 'correct' && decision.fieldsToCorrect.length > 0;
  return chooseNetworks(input, set, { contested });
}

/** As the store gives them back: without the fields that hold nothing. */
const isSame = (a: RoutingDecision, b: RoutingDecision): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));

/** The first of those that no rule tells apart: what holds for one holds for all of them. */
function distinct(codes: readonly string[], tells: (code: string) => string): string[] {
  const first = new Map<string, string>();
  for (const code of codes) {
    const key = tells(code);
    if (!first.has(key)) first.set(key, code);
  }
  return [...first.values()];
}

/** Every site with every morphology, as far as the rules of either set tell them apart. */
function pairs(...sets: RuleSet[]): RoutingInput[] {
  const compiled = sets.map(compileRules);
  const conditions = compiled
    .flatMap((set) => [set.networkRules, set.excludeRules, set.fallbackRules, set.contradictionRules].flat())
    .map(({ when }) => when);
  const sites = distinct(sets[0]?.knownSites ?? [], (text) => {
    const site = parseSite(text)?.index ?? 0;
    const says = conditions.map((when) => when.sites?.[site] ?? 1);
    return [...says, ...compiled.map((set) => set.unspecificSites[site])].join('');
  });
  const codes = distinct(
    morphologies.entries.map(({ code }) => code),
    (text) => {
      const code = parseMorphology(text);
      if (!code) return text;
      const slot = morphologySlot(code.number, code.behaviour);
      const says = conditions.map((when) => when.morphologies?.[slot] ?? 1);
      const unspecific = compiled.map((set) => set.unspecificMorphologies[slot]);
      return [code.behaviour, ...says, ...unspecific].join('');
    },
  );
  return sites.flatMap((site) =>
    codes.map((morphology) => ({
      age: 50,
      sex: /^C6[0-3]/.test(site) ? 'M' : 'F',
      contexts: [],
      site,
      morphology,
      suspectedEntity: null,
      title: null,
      question: null,
      intent: null,
    })),
  );
}

function tryExamples(set: RuleSet): RuleTrial['brokenExamples'] {
  return labelled.flatMap((example) => {
    const got = answerOf(chooseNetworks(toRoutingInput(example), set));
    const accepted = [example.expected_networks, ...(example.also_accepted ?? [])];
    const right =
      got.outcome === example.expected_outcome &&
      accepted.some((ids) => isDeepStrictEqual(ids, got.networkIds));
    if (right) return [];
    const expected = { outcome: example.expected_outcome, networkIds: example.expected_networks };
    return [{ id: example.id, title: example.title_fr ?? '', expected, got }];
  });
}

export const newTrial = (revision: number): RuleTrial => ({
  revision,
  state: 'running',
  done: 0,
  total: 0,
  startedAt: now().toISOString(),
  brokenExamples: [],
  examples: labelled.length,
  gaps: [],
  gapCount: 0,
  overlaps: [],
  overlapCount: 0,
  pairs: 0,
  unreachable: [],
  replayed: 0,
  moved: 0,
  reproduced: 0,
});

/** Kept only as long as the draft is still the one that is tried. */
async function keepTrial(draft: DraftRecord, trial: RuleTrial): Promise<boolean> {
  const { matchedCount } = await DraftModel.updateOne(
    { _id: draft._id, status: 'open', revision: trial.revision, 'trial.startedAt': trial.startedAt },
    { $set: { trial: { ...trial } } },
  );
  return matchedCount > 0;
}

/** The examples, then the grid of sites and morphologies, then the last real cases. Begins anew when taken up again. */
export async function tryDraft(draftId: string, startedAt: string, count: number): Promise<void> {
  const draft = await DraftModel.findById(draftId).lean<DraftRecord>();
  const base = draft ? ruleSetNamed(draft.baseVersion) : null;
  if (!draft || !base || draft.trial?.startedAt !== startedAt) return;
  const set = draft.rules;
  const trial: RuleTrial = { ...newTrial(draft.revision), startedAt };
  trial.brokenExamples = tryExamples(set);
  const named = new Set([
    ...set.networkRules.map(({ networkId }) => networkId),
    ...set.companions.map((each) => each.brings),
  ]);
  trial.unreachable = set.networkIds.filter((networkId) => !named.has(networkId));

  const grid = pairs(set, base);
  trial.pairs = grid.length;
  const real = await DecisionModel.countDocuments({ decidedBy: 'engine' });
  trial.total = labelled.length + grid.length + Math.min(real, count);
  trial.done = labelled.length;
  for (const [place, input] of grid.entries()) {
    const after = chooseNetworks(input, set);
    const pair = { site: input.site ?? '', morphology: input.morphology ?? '' };
    if (after.reasons.some(({ code }) => code === 'tie')) {
      trial.overlapCount += 1;
      if (trial.overlaps.length < SHOWN) trial.overlaps.push(pair);
    }
    if (after.networks.length === 0 && after.outcome !== 'correct') {
      if (chooseNetworks(input, base).networks.length > 0) {
        trial.gapCount += 1;
        if (trial.gaps.length < SHOWN) trial.gaps.push(pair);
      }
    }
    trial.done += 1;
    if (place % AT_ONCE === 0) await letOthers();
    if (place % 5000 === 0 && !(await keepTrial(draft, trial))) return;
  }

  await MovedModel.deleteMany({ draftId: draft._id });
  const last = DecisionModel.find({ decidedBy: 'engine' })
    .sort({ at: -1 })
    .limit(count)
    .lean<DecisionRecord[]>();
  for await (const kept of last.cursor({ batchSize: AT_ONCE })) {
    const own = ruleSetNamed(kept.decision.rulesVersion);
    if (own && isSame(replayDecision(kept, own), kept.decision)) trial.reproduced += 1;
    const before = answerOf(kept.decision);
    const after = answerOf(replayDecision(kept, set));
    if (!isDeepStrictEqual(before, after)) {
      const { site, morphology } = kept.input;
      await MovedModel.create({ draftId: draft._id, caseId: kept.caseId, site, morphology, before, after });
      trial.moved += 1;
    }
    trial.replayed += 1;
    trial.done += 1;
    if (trial.replayed % AT_ONCE === 0) {
      await letOthers();
      if (!(await keepTrial(draft, trial))) return;
    }
  }
  trial.total = trial.done;
  await keepTrial(draft, { ...trial, state: 'done' });
}
