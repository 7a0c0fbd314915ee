import { type CompiledRule, type CompiledRuleSet, compileRules } from './compile-rules.js';
import { describeNetwork, matchReasons } from './describe-candidate.js';
import { type FieldToCorrect, findContradictions, findMalformedFields } from './find-contradictions.js';
import { findTie, type Match, matchNetworks, rankBand } from './match-networks.js';
import { type Facts, readFacts } from './read-facts.js';
import type {
  Candidate,
  ChosenNetwork,
  OutsideRule,
  Reason,
  RoutingDecision,
  RoutingInput,
  RuleSet,
} from './schema.js';
import {
  isKnownMorphology,
  isUnspecific,
  type SupposedDiagnosis,
  supposeDiagnoses,
} from './suppose-diagnoses.js';
import { failedConditions, weighRules } from './weigh-rule.js';

function matchingOutside(
  list: readonly CompiledRule<OutsideRule>[],
  facts: Facts,
  diagnosis: SupposedDiagnosis,
): OutsideRule | null {
  for (const { rule, when } of list) if (failedConditions(when, facts, diagnosis) === 0) return rule;
  return null;
}

const outsideReason = (code: 'excluded' | 'outside', rule: OutsideRule): Reason => ({
  code,
  params: { ruleId: rule.id },
  because: rule.because,
});

function withCompanions(matches: readonly Match[], facts: Facts, rules: CompiledRuleSet): ChosenNetwork[] {
  const chosen: ChosenNetwork[] = [];
  const add = (network: ChosenNetwork) => {
    if (!chosen.some((each) => each.networkId === network.networkId)) chosen.push(network);
  };
  for (const match of matches) {
    const { networkId, role } = match.rule;
    add({ networkId, role, reasons: matchReasons(match, facts, rules) });
    for (const companion of rules.companions) {
      if (companion.networkId !== networkId) continue;
      add({
        networkId: companion.brings,
        role: companion.role,
        reasons: [{ code: 'companion_of', params: { networkId } }],
      });
    }
  }
  return chosen;
}

function doubtReasons(
  matches: readonly Match[],
  facts: Facts,
  diagnoses: readonly SupposedDiagnosis[],
  rules: CompiledRuleSet,
): Reason[] {
  const reasons: Reason[] = [];
  for (const { rule } of matches) {
    if (rule.arbitration) {
      reasons.push({ code: 'arbitration', params: { networkId: rule.networkId }, because: rule.because });
    }
  }
  if (facts.morphology && !isKnownMorphology(rules, facts.morphology)) {
    reasons.push({ code: 'unknown_morphology', params: { value: facts.morphology.text } });
  }
  if (matches.length > 0 && diagnoses[0]?.origin === 'site') {
    reasons.push({ code: 'site_suspicion', params: {}, because: diagnoses[0].because ?? undefined });
  }
  return reasons;
}

function isUninformative(diagnoses: readonly SupposedDiagnosis[], rules: CompiledRuleSet): boolean {
  return diagnoses.every((each) => each.morphology === null || isUnspecific(rules, each.morphology));
}

interface Verdict {
  outcome: RoutingDecision['outcome'];
  reasons: Reason[];
}

function judge(
  matches: readonly Match[],
  facts: Facts,
  diagnoses: readonly SupposedDiagnosis[],
  rules: CompiledRuleSet,
): Verdict {
  const tie = findTie(matches);
  if (tie) {
    const params = { first: tie[0].rule.networkId, second: tie[1].rule.networkId };
    return { outcome: 'dispatch', reasons: [{ code: 'tie', params }] };
  }
  const ownsTheTumour = matches.some(
    (match) => rankBand(match.rule.rank) === 0 || match.rule.role === 'pathway',
  );
  const uninformative = isUninformative(diagnoses, rules);
  if (ownsTheTumour) return { outcome: 'routed', reasons: [] };
  const outside = diagnoses
    .map((each) => matchingOutside(rules.fallbackRules, facts, each))
    .find((rule) => rule !== null);
  const allOutside = diagnoses.every((each) => matchingOutside(rules.fallbackRules, facts, each) !== null);
  if (matches.length > 0) {
    // Only an overlay: enough when we know what the tumour is, a guess when we do not.
    if (uninformative && !outside)
      return { outcome: 'dispatch', reasons: [{ code: 'unspecific', params: {} }] };
    return { outcome: 'routed', reasons: outside ? [outsideReason('outside', outside)] : [] };
  }
  const stillOpen = facts.morphology === null && facts.doubt && !allBenign(diagnoses);
  if (outside && allOutside && !stillOpen) {
    return { outcome: 'none', reasons: [outsideReason('outside', outside)] };
  }
  const code = uninformative ? 'unspecific' : 'nothing_matched';
  return { outcome: 'dispatch', reasons: [{ code, params: {} }] };
}

function allBenign(diagnoses: readonly SupposedDiagnosis[]): boolean {
  return diagnoses.every((each) => each.morphology?.behaviour === 0);
}

function stop(fields: FieldToCorrect[], rules: CompiledRuleSet): RoutingDecision {
  return {
    outcome: 'correct',
    networks: [],
    candidates: rules.networkIds.map((networkId) => ({ networkId, matched: false, for: [], against: [] })),
    reasons: fields.map((each) => each.reason),
    fieldsToCorrect: fields,
    doubt: false,
    rulesVersion: rules.version,
  };
}

/** The code means nothing to us and the words do not help: asking is better than guessing from its neighbours. */
function unknownCode(facts: Facts): FieldToCorrect[] {
  const value = facts.morphology?.text ?? '';
  return [{ field: 'morphology', reason: { code: 'unknown_morphology', params: { value } } }];
}

/**
 * Which networks a case belongs to, in order, and why. Pure: the same input and rules give the same decision,
 * whatever the order of the rules, of the contexts or of the networks.
 *
 * `contested`: the sender has read the proposal and stands by the case as it is. A person decides: what the rules object
 * to goes with the ranked list instead of stopping the case. A field that cannot be read stops it all the same.
 */
export function chooseNetworks(
  input: RoutingInput,
  ruleSet: RuleSet,
  { contested = false }: { contested?: boolean } = {},
): RoutingDecision {
  const rules = compileRules(ruleSet);
  const facts = readFacts(input, rules);
  const malformed = findMalformedFields(facts, rules);
  if (malformed.length > 0) return stop(malformed, rules);
  const diagnoses = supposeDiagnoses(facts, rules);
  const contradictions = findContradictions(facts, diagnoses, rules);
  if (contradictions.length > 0 && !contested) return stop(contradictions, rules);

  const excludedBy = diagnoses
    .map((each) => matchingOutside(rules.excludeRules, facts, each))
    .find((rule) => rule !== null);
  const weights = weighRules(facts, diagnoses, rules);
  const matches = excludedBy ? [] : matchNetworks(diagnoses, rules, weights);
  if (facts.morphology && !isKnownMorphology(rules, facts.morphology) && !excludedBy) {
    if (!matches.some((match) => match.diagnosis.origin === 'entity'))
      contradictions.push(...unknownCode(facts));
    if (contradictions.length > 0 && !contested) return stop(contradictions, rules);
  }
  const judged: Verdict = excludedBy
    ? { outcome: 'none', reasons: [outsideReason('excluded', excludedBy)] }
    : judge(matches, facts, diagnoses, rules);
  const verdict: Verdict =
    contradictions.length > 0
      ? { outcome: 'dispatch', reasons: [...contradictions.map((each) => each.reason), ...judged.reasons] }
      : judged;
  const doubts = doubtReasons(matches, facts, diagnoses, rules);
  const networks = withCompanions(matches, facts, rules);
  const candidates: Candidate[] = rules.networkIds.map((networkId) =>
    describeNetwork(networkId, {
      chosen: networks,
      matches,
      facts,
      diagnoses,
      rules,
      weights,
      excludedBy: excludedBy ?? null,
    }),
  );
  return {
    outcome: verdict.outcome,
    networks,
    candidates,
    reasons: [...verdict.reasons, ...doubts],
    fieldsToCorrect: contradictions,
    doubt: verdict.outcome === 'dispatch' || doubts.length > 0,
    rulesVersion: rules.version,
  };
}
