import type { CompiledConditions, CompiledRule, CompiledRuleSet } from './compile-rules.js';
import { morphologySlot } from './icdo3-code.js';
import type { Match } from './match-networks.js';
import type { Facts } from './read-facts.js';
import type { Candidate, ChosenNetwork, NetworkRule, OutsideRule, Reason } from './schema.js';
import { isUnspecific, type SupposedDiagnosis } from './suppose-diagnoses.js';
import { distance, FAIL, type Weights } from './weigh-rule.js';

function morphologyParams(diagnosis: SupposedDiagnosis, rules: CompiledRuleSet): Record<string, string> {
  const code = diagnosis.morphology;
  if (!code) return { value: '' };
  const lineage = rules.lineages[(rules.lineageOf[morphologySlot(code.number, code.behaviour)] ?? 0) - 1];
  return lineage
    ? { value: code.text, lineageFr: lineage.names.fr, lineageEn: lineage.names.en }
    : { value: code.text };
}

const EMPTY: readonly string[] = [];

/** The conditions of a rule that hold, as reasons. */
function heldConditions(
  when: CompiledConditions,
  failed: number,
  facts: Facts,
  diagnosis: SupposedDiagnosis,
  rules: CompiledRuleSet,
): Reason[] {
  const reasons: Reason[] = [];
  if (when.morphologies && (failed & FAIL.morphology) === 0) {
    reasons.push({ code: 'morphology_inside', params: morphologyParams(diagnosis, rules) });
    if (diagnosis.words !== null) reasons.push({ code: 'entity_words', params: { words: diagnosis.words } });
  }
  if (when.sites && (failed & FAIL.site) === 0) {
    reasons.push({ code: 'site_inside', params: { value: facts.site?.text ?? '' } });
  }
  if ((failed & FAIL.contextMissing) === 0) {
    const present = (when.contextsAny ?? EMPTY)
      .concat(when.contextsAll)
      .filter((code) => facts.contexts.has(code));
    if (present.length > 0) {
      reasons.push({ code: 'context_present', params: { contexts: present.sort().join(', ') } });
    }
  }
  if (failed === 0 && when.wordsAny) {
    reasons.push({ code: 'words_present', params: { words: when.wordsAny.find(facts.tokens) ?? '' } });
  }
  return reasons;
}

/** The conditions that failed, the weightiest first. */
function failedReasons(
  when: CompiledConditions,
  failed: number,
  facts: Facts,
  diagnosis: SupposedDiagnosis,
  rules: CompiledRuleSet,
): Reason[] {
  const reasons: Reason[] = [];
  if (failed & FAIL.morphology) {
    reasons.push({ code: 'morphology_outside', params: morphologyParams(diagnosis, rules) });
  }
  if (failed & FAIL.behaviour) {
    reasons.push({
      code: 'behaviour_outside',
      params: { value: String(diagnosis.morphology?.behaviour ?? '') },
    });
  }
  if (failed & FAIL.site) reasons.push({ code: 'site_outside', params: { value: facts.site?.text ?? '' } });
  if (failed & FAIL.age) {
    reasons.push({ code: 'age_outside', params: { value: facts.age === null ? '?' : String(facts.age) } });
  }
  if (failed & FAIL.sex) reasons.push({ code: 'sex_outside', params: { value: facts.sex ?? '' } });
  if (failed & FAIL.contextMissing) {
    reasons.push({ code: 'context_missing', params: { contexts: when.wantedContexts } });
  }
  if (failed & FAIL.contextForbidden) {
    const found = when.contextsNone.filter((code) => facts.contexts.has(code));
    reasons.push({ code: 'context_forbidden', params: { contexts: found.sort().join(', ') } });
  }
  if (failed & FAIL.wordsMissing) {
    reasons.push({ code: 'words_missing', params: { words: when.wantedWords } });
  }
  if (failed & FAIL.wordsForbidden) {
    reasons.push({ code: 'words_forbidden', params: { words: when.wordsNone?.find(facts.tokens) ?? '' } });
  }
  if (failed & FAIL.doubt) {
    reasons.push({ code: when.doubt ? 'doubt_required' : 'doubt_forbidden', params: {} });
  }
  if (failed & FAIL.origin) reasons.push({ code: 'origin_outside', params: {} });
  return reasons;
}

export function matchReasons(match: Match, facts: Facts, rules: CompiledRuleSet): Reason[] {
  const compiledRule = rules.compiledOf.get(match.rule);
  const rule: Reason = {
    code: 'rule',
    params: { ruleId: match.rule.id, confidence: match.rule.confidence, source: match.rule.source },
    because: match.rule.because,
  };
  if (!compiledRule) return [rule];
  return [rule, ...heldConditions(compiledRule.when, 0, facts, match.diagnosis, rules)];
}

/** Conditions of a missed rule that hold but would hold for nearly any case: no evidence for its network. */
function emptyEvidence(
  { when }: CompiledRule<NetworkRule>,
  facts: Facts,
  diagnosis: SupposedDiagnosis,
  rules: CompiledRuleSet,
): number {
  const nowhere = facts.site !== null && rules.unspecificSites[facts.site.index] === 1;
  const code = diagnosis.morphology;
  // Without an organ a carcinoma is as good as a metastasis, and an undifferentiated one then names nothing.
  const anything = code !== null && isUnspecific(rules, nowhere ? { ...code, behaviour: 6 } : code);
  return (
    (nowhere || !when.siteTells ? FAIL.site : 0) | (anything || !when.morphologyTells ? FAIL.morphology : 0)
  );
}

/** Nothing names the tumour and the site names no organ: the networks that read a lineage anywhere remain. */
function offersItself(
  networkId: string,
  facts: Facts,
  diagnoses: readonly SupposedDiagnosis[],
  rules: CompiledRuleSet,
): boolean {
  if (facts.site === null || rules.unspecificSites[facts.site.index] !== 1) return false;
  if (diagnoses.some(({ morphology: code }) => code && !isUnspecific(rules, { ...code, behaviour: 6 }))) {
    return false;
  }
  return (rules.networkRulesOf.get(networkId) ?? []).some(({ rule }) => rule.readsAnySite === true);
}

export interface Decided {
  chosen: readonly ChosenNetwork[];
  matches: readonly Match[];
  facts: Facts;
  diagnoses: readonly SupposedDiagnosis[];
  rules: CompiledRuleSet;
  weights: Weights;
  excludedBy: OutsideRule | null;
}

/** A network with its reasons; for one that was not chosen, its nearest rule: what held and what did not. */
export function describeNetwork(networkId: string, decided: Decided): Candidate {
  const { chosen, matches, facts, diagnoses, rules, weights, excludedBy } = decided;
  for (const each of chosen) {
    if (each.networkId === networkId) return { networkId, matched: true, for: each.reasons, against: [] };
  }
  let nearest: { compiled: CompiledRule<NetworkRule>; failed: number; diagnosis: SupposedDiagnosis } | null =
    null;
  let nearestDistance = Number.POSITIVE_INFINITY;
  for (const compiled of rules.networkRulesOf.get(networkId) ?? []) {
    for (let place = 0; place < diagnoses.length; place += 1) {
      const failed = weights.failed[compiled.position * weights.width + place] ?? 0;
      const far = distance(failed);
      const diagnosis = diagnoses[place];
      if (far >= nearestDistance || !diagnosis) continue;
      nearest = { compiled, failed, diagnosis };
      nearestDistance = far;
    }
  }
  if (!nearest) return { networkId, matched: false, for: [], against: [] };
  const { compiled, failed, diagnosis } = nearest;
  const against = failedReasons(compiled.when, failed, facts, diagnosis, rules);
  const inFavour =
    failed === 0
      ? matchReasons({ rule: compiled.rule, diagnosis }, facts, rules)
      : heldConditions(
          compiled.when,
          failed | emptyEvidence(compiled, facts, diagnosis, rules),
          facts,
          diagnosis,
          rules,
        );
  if (inFavour.length === 0 && offersItself(networkId, facts, diagnoses, rules)) {
    inFavour.push({ code: 'any_site', params: {} });
    against.splice(0, against.length, {
      code: 'morphology_outside',
      params: morphologyParams(diagnosis, rules),
    });
  }
  if (excludedBy) {
    against.unshift({ code: 'excluded', params: { ruleId: excludedBy.id }, because: excludedBy.because });
  } else if (failed === 0) {
    // It matched, but gave way to a network that takes this tumour.
    const taker = matches[0]?.rule.networkId ?? '';
    against.unshift({ code: 'other_network_reads', params: { networkId: taker } });
  }
  return { networkId, matched: false, for: inFavour, against };
}
