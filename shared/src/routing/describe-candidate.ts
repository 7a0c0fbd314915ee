import type { CompiledConditions, CompiledRuleSet } from './compile-rules.js';
import { morphologySlot } from './icdo3-code.js';
import type { Match } from './match-networks.js';
import type { Facts } from './read-facts.js';
import type { Candidate, ChosenNetwork, OutsideRule, Reason } from './schema.js';
import type { SupposedDiagnosis } from './suppose-diagnoses.js';
import { distance, FAIL, failedConditions } from './weigh-rule.js';

function morphologyParams(diagnosis: SupposedDiagnosis, rules: CompiledRuleSet): Record<string, string> {
  const code = diagnosis.morphology;
  if (!code) return { value: '' };
  const slot = morphologySlot(code.number, code.behaviour);
  const lineage = rules.lineages.find((each) => each.morphologies[slot] === 1);
  return lineage
    ? { value: code.text, lineageFr: lineage.names.fr, lineageEn: lineage.names.en }
    : { value: code.text };
}

/** The conditions of a rule that hold, as reasons. */
function heldConditions(
  when: CompiledConditions,
  failed: number,
  facts: Facts,
  diagnosis: SupposedDiagnosis,
  rules: CompiledRuleSet,
): Reason[] {
  const reasons: Reason[] = [];
  const holds = (bit: number) => (failed & bit) === 0;
  if (when.morphologies && holds(FAIL.morphology)) {
    reasons.push({ code: 'morphology_inside', params: morphologyParams(diagnosis, rules) });
    if (diagnosis.words !== null) reasons.push({ code: 'entity_words', params: { words: diagnosis.words } });
  }
  if (when.sites && holds(FAIL.site)) {
    reasons.push({ code: 'site_inside', params: { value: facts.site?.text ?? '' } });
  }
  if (holds(FAIL.contextMissing)) {
    const wanted = [...(when.contextsAny ?? []), ...when.contextsAll];
    const present = wanted.filter((code) => facts.contexts.has(code)).sort();
    if (present.length > 0)
      reasons.push({ code: 'context_present', params: { contexts: present.join(', ') } });
  }
  if (failed === 0 && when.wordsAny) {
    reasons.push({ code: 'words_present', params: { words: when.wordsAny.find(facts.tokens) ?? '' } });
  }
  return reasons;
}

function failedReasons(
  when: CompiledConditions,
  failed: number,
  facts: Facts,
  diagnosis: SupposedDiagnosis,
  rules: CompiledRuleSet,
): Reason[] {
  const reasons: Reason[] = [];
  const add = (bit: number, code: Reason['code'], params: () => Record<string, string>) => {
    if (failed & bit) reasons.push({ code, params: params() });
  };
  add(FAIL.morphology, 'morphology_outside', () => morphologyParams(diagnosis, rules));
  add(FAIL.behaviour, 'behaviour_outside', () => ({ value: String(diagnosis.morphology?.behaviour ?? '') }));
  add(FAIL.site, 'site_outside', () => ({ value: facts.site?.text ?? '' }));
  add(FAIL.age, 'age_outside', () => ({ value: facts.age === null ? '' : String(facts.age) }));
  add(FAIL.sex, 'sex_outside', () => ({ value: facts.sex ?? '' }));
  add(FAIL.contextMissing, 'context_missing', () => ({
    contexts: [...(when.contextsAny ?? []), ...when.contextsAll].sort().join(', '),
  }));
  add(FAIL.contextForbidden, 'context_forbidden', () => ({
    contexts: when.contextsNone
      .filter((code) => facts.contexts.has(code))
      .sort()
      .join(', '),
  }));
  add(FAIL.wordsMissing, 'words_missing', () => ({ words: (when.raw.wordsAny ?? []).join(', ') }));
  add(FAIL.wordsForbidden, 'words_forbidden', () => ({ words: when.wordsNone?.find(facts.tokens) ?? '' }));
  add(FAIL.doubt, when.doubt ? 'doubt_required' : 'doubt_forbidden', () => ({}));
  add(FAIL.origin, 'origin_outside', () => ({}));
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

/** For a network that was not chosen: its nearest rule, what held and what did not. */
export function describeNetwork(
  networkId: string,
  chosen: readonly ChosenNetwork[],
  matches: readonly Match[],
  facts: Facts,
  diagnoses: readonly SupposedDiagnosis[],
  rules: CompiledRuleSet,
  excludedBy: OutsideRule | null,
): Candidate {
  const mine = chosen.find((each) => each.networkId === networkId);
  if (mine) return { networkId, matched: true, for: mine.reasons, against: [] };
  let nearest: { when: CompiledConditions; failed: number; diagnosis: SupposedDiagnosis } | null = null;
  for (const { rule, when } of rules.networkRulesOf.get(networkId) ?? []) {
    for (const diagnosis of diagnoses) {
      const failed = failedConditions(when, facts, diagnosis);
      if (failed === 0 && !excludedBy) {
        // It matched, but gave way to a network that reads this tumour.
        return {
          networkId,
          matched: false,
          for: matchReasons({ rule, diagnosis }, facts, rules),
          against: [{ code: 'other_network_reads', params: { networkId: matches[0]?.rule.networkId ?? '' } }],
        };
      }
      if (!nearest || distance(failed) < distance(nearest.failed)) nearest = { when, failed, diagnosis };
    }
  }
  if (!nearest) return { networkId, matched: false, for: [], against: [] };
  const { when, failed, diagnosis } = nearest;
  const against = failedReasons(when, failed, facts, diagnosis, rules);
  if (excludedBy) {
    against.unshift({ code: 'excluded', params: { ruleId: excludedBy.id }, because: excludedBy.because });
  }
  return { networkId, matched: false, for: heldConditions(when, failed, facts, diagnosis, rules), against };
}
