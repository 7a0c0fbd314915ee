import type { Candidate, Reason, RoutingDecision } from './schema.js';

/** What speaks for a network, in the order a pathologist would weigh it. Anything else weighs nothing. */
const WEIGHT: Partial<Record<Reason['code'], number>> = {
  rule: 32,
  context_present: 8,
  entity_words: 4,
  words_present: 4,
  morphology_inside: 4,
  site_inside: 2,
  any_site: 1,
};
const OTHERS_SHOWN = 6;

const evidence = (candidate: Candidate) =>
  candidate.for.reduce((sum, { code }) => sum + (WEIGHT[code] ?? 0), 0);

/** The chosen networks in their order, then the few others for which something speaks, the best supported first. */
export function rankCandidates(decision: RoutingDecision): Candidate[] {
  const chosen = decision.networks.flatMap(({ networkId }) =>
    decision.candidates.filter((candidate) => candidate.networkId === networkId),
  );
  const others = decision.candidates
    .filter((candidate) => !chosen.includes(candidate) && evidence(candidate) > 0)
    .sort(
      (a, b) =>
        evidence(b) - evidence(a) ||
        a.against.length - b.against.length ||
        (a.networkId < b.networkId ? -1 : 1),
    );
  return [...chosen, ...others.slice(0, OTHERS_SHOWN)];
}
