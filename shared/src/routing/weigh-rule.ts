import type { CompiledConditions, CompiledRuleSet } from './compile-rules.js';
import { type MorphologyCode, morphologySlot, type SiteCode } from './icdo3-code.js';
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
  return failedRest(
    when,
    failedSite(when, facts.site) | failedMorphology(when, diagnosis.morphology),
    facts,
    diagnosis,
  );
}

function failedSite(when: CompiledConditions, site: SiteCode | null): number {
  return when.sites !== null && (site === null || when.sites[site.index] !== 1) ? FAIL.site : 0;
}

function failedMorphology(when: CompiledConditions, morphology: MorphologyCode | null): number {
  let failed = 0;
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
  return failed;
}

/** Everything but site and morphology, added to what those two already failed. */
function failedRest(
  when: CompiledConditions,
  already: number,
  facts: Facts,
  diagnosis: SupposedDiagnosis,
): number {
  let failed = already;
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

/** What each rule fails by the site alone and by the morphology alone: the same for every case, so worked out once. */
interface Rows {
  bySite: Map<number, Uint8Array>;
  byMorphology: Map<number, Uint8Array>;
  /** Places of the rules that ask for more than a site and a morphology. */
  withMore: Uint16Array;
}
const rowsOf = new WeakMap<CompiledRuleSet, Rows>();

function asksForMore(when: CompiledConditions): boolean {
  return (
    when.minAge > 0 ||
    Number.isFinite(when.maxAge) ||
    when.sex !== null ||
    when.contextsAny !== null ||
    when.contextsAll.length > 0 ||
    when.contextsNone.length > 0 ||
    when.doubt !== null ||
    when.origins !== null ||
    when.wordsAny !== null ||
    when.wordsNone !== null
  );
}

function rowsFor(rules: CompiledRuleSet): Rows {
  const known = rowsOf.get(rules);
  if (known) return known;
  const withMore = rules.networkRules.filter(({ when }) => asksForMore(when)).map(({ position }) => position);
  const rows: Rows = { bySite: new Map(), byMorphology: new Map(), withMore: Uint16Array.from(withMore) };
  rowsOf.set(rules, rows);
  return rows;
}

/** At most one row per site and per morphology: both are bounded by their tables. */
function rowIn(
  kept: Map<number, Uint8Array>,
  key: number,
  rules: CompiledRuleSet,
  failedOf: (when: CompiledConditions) => number,
): Uint8Array {
  const known = kept.get(key);
  if (known) return known;
  const row = Uint8Array.from(rules.networkRules, ({ when }) => failedOf(when));
  kept.set(key, row);
  return row;
}

export function weighRules(
  facts: Facts,
  diagnoses: readonly SupposedDiagnosis[],
  rules: CompiledRuleSet,
): Weights {
  const width = diagnoses.length;
  const count = rules.networkRules.length;
  const failed = new Int16Array(count * width);
  const rows = rowsFor(rules);
  const sites = rowIn(rows.bySite, facts.site?.index ?? -1, rules, (when) => failedSite(when, facts.site));
  for (let place = 0; place < width; place += 1) {
    const diagnosis = diagnoses[place];
    if (!diagnosis) continue;
    const code = diagnosis.morphology;
    const slot = code ? morphologySlot(code.number, code.behaviour) : -1;
    const morphologies = rowIn(rows.byMorphology, slot, rules, (when) => failedMorphology(when, code));
    for (let rule = 0; rule < count; rule += 1) {
      failed[rule * width + place] = (sites[rule] ?? 0) | (morphologies[rule] ?? 0);
    }
    for (const rule of rows.withMore) {
      const when = rules.networkRules[rule]?.when;
      const at = rule * width + place;
      if (when) failed[at] = failedRest(when, failed[at] ?? 0, facts, diagnosis);
    }
  }
  return { failed, width };
}
