import type { CompiledConditions, CompiledRuleSet } from './compile-rules.js';
import { morphologySlot } from './icdo3-code.js';
import type { Facts } from './read-facts.js';
import type { SupposedDiagnosis } from './suppose-diagnoses.js';

/** One bit per failed condition, so that 0 is a match and a near miss can be told from a far one. */
export const FAIL = {
  site: 1,
  morphology: 2,
  behaviour: 4,
  age: 8,
  sex: 16,
  contextMissing: 32,
  contextForbidden: 64,
  wordsMissing: 128,
  wordsForbidden: 256,
  doubt: 512,
  origin: 1024,
} as const;

function hasAny(contexts: ReadonlySet<string>, codes: readonly string[]): boolean {
  // Most cases state no context, and some rules list thirty.
  if (contexts.size === 0) return false;
  for (const code of codes) if (contexts.has(code)) return true;
  return false;
}

/**
 * An unknown age counts as adult and an unknown sex as either: the rule that would refuse is then a question of
 * completeness, asked elsewhere, not of perimeter.
 */
export function failedConditions(
  when: CompiledConditions,
  facts: Facts,
  diagnosis: SupposedDiagnosis,
): number {
  let failed = 0;
  if (when.sites !== null && (facts.site === null || when.sites[facts.site.index] !== 1)) failed |= FAIL.site;
  const morphology = diagnosis.morphology;
  if (when.morphologies !== null) {
    if (
      morphology === null ||
      when.morphologies[morphologySlot(morphology.number, morphology.behaviour)] !== 1
    ) {
      failed |= FAIL.morphology;
    }
  }
  if (when.behaviours !== null) {
    if (!when.behaviours.has(morphology?.behaviour ?? 3)) failed |= FAIL.behaviour;
  } else if (morphology?.behaviour === 0 && when.raw.morphologies === undefined) {
    failed |= FAIL.behaviour;
  }
  if (facts.age === null ? when.maxAge < 18 : facts.age < when.minAge || facts.age > when.maxAge) {
    failed |= FAIL.age;
  }
  if (when.sex !== null && facts.sex !== null && facts.sex !== when.sex) failed |= FAIL.sex;
  if (when.contextsAny !== null && !hasAny(facts.contexts, when.contextsAny)) failed |= FAIL.contextMissing;
  for (const code of when.contextsAll) if (!facts.contexts.has(code)) failed |= FAIL.contextMissing;
  if (hasAny(facts.contexts, when.contextsNone)) failed |= FAIL.contextForbidden;
  if (when.doubt !== null && when.doubt !== facts.doubt) failed |= FAIL.doubt;
  if (when.origins !== null && !when.origins.has(diagnosis.origin)) failed |= FAIL.origin;
  // Words last, and only when they can still decide: reading text is the dear part.
  if (failed === 0) {
    if (when.wordsAny !== null && !when.wordsAny.has(facts.tokens)) failed |= FAIL.wordsMissing;
    if (when.wordsNone?.has(facts.tokens)) failed |= FAIL.wordsForbidden;
  }
  return failed;
}

/** How far a rule was from matching: lineage weighs most, then site, then the rest. */
function measure(failed: number): number {
  return (
    (failed & FAIL.morphology ? 16 : 0) +
    (failed & FAIL.behaviour ? 12 : 0) +
    (failed & FAIL.site ? 8 : 0) +
    (failed & FAIL.contextMissing ? 5 : 0) +
    (failed & FAIL.sex ? 4 : 0) +
    (failed & FAIL.age ? 3 : 0) +
    (failed & (FAIL.contextForbidden | FAIL.wordsMissing | FAIL.wordsForbidden) ? 2 : 0) +
    (failed & (FAIL.doubt | FAIL.origin) ? 1 : 0)
  );
}

/** Measured once for every combination of failed conditions: asked for each rule of each decision. */
const DISTANCES = Uint8Array.from({ length: 2 * FAIL.origin }, (_, failed) => measure(failed));

export const distance = (failed: number): number => DISTANCES[failed] ?? 0;

/** Every network rule against every supposed diagnosis, weighed once: matching and explaining both read it. */
export interface Weights {
  failed: Int16Array;
  /** Diagnoses per rule: the place of rule r and diagnosis d is r times this plus d. */
  width: number;
}

export function weighRules(
  facts: Facts,
  diagnoses: readonly SupposedDiagnosis[],
  rules: CompiledRuleSet,
): Weights {
  const width = diagnoses.length;
  const failed = new Int16Array(rules.networkRules.length * width);
  let place = 0;
  for (const { when } of rules.networkRules) {
    for (const diagnosis of diagnoses) {
      failed[place] = failedConditions(when, facts, diagnosis);
      place += 1;
    }
  }
  return { failed, width };
}
