import type { CompiledRuleSet } from './compile-rules.js';
import type { Facts } from './read-facts.js';
import type { CorrectableField, Reason, RoutingDecision } from './schema.js';
import type { SupposedDiagnosis } from './suppose-diagnoses.js';
import { failedConditions } from './weigh-rule.js';

export type FieldToCorrect = RoutingDecision['fieldsToCorrect'][number];

const malformed = (field: CorrectableField, value: string): FieldToCorrect => ({
  field,
  reason: { code: 'field_malformed', params: { field, value } },
});

/** Fields that cannot be read at all. */
export function findMalformedFields(facts: Facts, rules: CompiledRuleSet): FieldToCorrect[] {
  const { input } = facts;
  const found: FieldToCorrect[] = [];
  if (!input.site?.trim()) {
    found.push({ field: 'site', reason: { code: 'field_missing', params: { field: 'site' } } });
  } else if (!facts.site || !isKnownSite(facts, rules)) {
    found.push(malformed('site', input.site));
  }
  if (input.morphology?.trim() && !facts.morphology) found.push(malformed('morphology', input.morphology));
  if (input.age !== null && (!Number.isFinite(input.age) || input.age < 0 || input.age > 120)) {
    found.push(malformed('age', String(input.age)));
  }
  return found;
}

/** A bare three-character code is read as its chapter, so the chapter must exist; a subsite must exist itself. */
function isKnownSite(facts: Facts, rules: CompiledRuleSet): boolean {
  const { site, input } = facts;
  if (!site || !input.site) return false;
  if (rules.knownSites[site.index] === 1) return true;
  const bare = /^C\d\d$/i.test(input.site.trim());
  const chapter = Math.floor(site.index / 10) * 10;
  return bare && rules.knownSites.subarray(chapter, chapter + 10).includes(1);
}

/** Facts that cannot be true together, one entry per field, the first reason kept. */
export function findContradictions(
  facts: Facts,
  diagnoses: readonly SupposedDiagnosis[],
  rules: CompiledRuleSet,
): FieldToCorrect[] {
  const byField = new Map<CorrectableField, Reason>();
  for (const { rule, when } of rules.contradictionRules) {
    // What is not known cannot contradict anything.
    if (when.sex !== null && facts.sex === null) continue;
    if (facts.age === null && (rule.when.minAge !== undefined || rule.when.maxAge !== undefined)) continue;
    const broken = diagnoses.some(
      (diagnosis) => diagnosis.group === 0 && failedConditions(when, facts, diagnosis) === 0,
    );
    if (!broken) continue;
    for (const field of rule.fields) {
      if (byField.has(field)) continue;
      byField.set(field, {
        code: 'contradiction',
        params: { ruleId: rule.id, field },
        because: rule.because,
      });
    }
  }
  return [...byField].map(([field, reason]) => ({ field, reason }));
}
