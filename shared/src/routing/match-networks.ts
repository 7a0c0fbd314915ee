import type { CompiledRuleSet } from './compile-rules.js';
import type { NetworkRule } from './schema.js';
import type { SupposedDiagnosis } from './suppose-diagnoses.js';
import type { Weights } from './weigh-rule.js';

/** Ranks from here on are overlays, care pathways and Europe: always after every reading network. */
const OVERLAY_RANK = 70;

export interface Match {
  rule: NetworkRule;
  diagnosis: SupposedDiagnosis;
}

export function rankBand(rank: number): 0 | 1 {
  return rank < OVERLAY_RANK ? 0 : 1;
}

/** The held diagnosis before its alternatives, then the rule's rank, then the order of the words. */
function compareMatches(a: Match, b: Match): number {
  const band = rankBand(a.rule.rank) - rankBand(b.rule.rank);
  if (band !== 0) return band;
  if (rankBand(a.rule.rank) === 0 && a.diagnosis.group !== b.diagnosis.group) {
    return a.diagnosis.group - b.diagnosis.group;
  }
  return (
    a.rule.rank - b.rule.rank || a.diagnosis.order - b.diagnosis.order || (a.rule.id < b.rule.id ? -1 : 1)
  );
}

export function matchNetworks(
  diagnoses: readonly SupposedDiagnosis[],
  rules: CompiledRuleSet,
  weights: Weights,
): Match[] {
  const best = new Map<string, Match>();
  const offer = (match: Match) => {
    const known = best.get(match.rule.networkId);
    if (!known || compareMatches(match, known) < 0) best.set(match.rule.networkId, match);
  };
  const yielding: Match[] = [];
  let place = -1;
  for (const { rule } of rules.networkRules) {
    for (const diagnosis of diagnoses) {
      place += 1;
      if (weights.failed[place] !== 0) continue;
      if (rule.yieldsToRanksBelow === undefined) offer({ rule, diagnosis });
      else yielding.push({ rule, diagnosis });
    }
  }
  const lowest = Math.min(100, ...[...best.values()].map((match) => match.rule.rank));
  for (const match of yielding) {
    if (lowest >= (match.rule.yieldsToRanksBelow ?? 0)) offer(match);
  }
  return [...best.values()].sort(compareMatches);
}

/** Two reading networks with the same rank for the same diagnosis: the rules do not say who goes first. */
export function findTie(matches: readonly Match[]): [Match, Match] | null {
  const reading = matches.filter((match) => match.rule.role === 'reading');
  const [first, second] = reading;
  if (!first || !second) return null;
  const same = first.rule.rank === second.rule.rank && first.diagnosis === second.diagnosis;
  return same ? [first, second] : null;
}
