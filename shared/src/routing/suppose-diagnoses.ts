import type { Bilingual } from '../networks/schema.js';
import type { CompiledRuleSet } from './compile-rules.js';
import { type MorphologyCode, morphologySlot } from './icdo3-code.js';
import type { Facts } from './read-facts.js';
import type { Words } from './read-words.js';
import type { DiagnosisOrigin } from './schema.js';

/** A diagnosis the case may be: the coded one, one named in words, or what a suspicion at that site means. */
export interface SupposedDiagnosis {
  origin: DiagnosisOrigin;
  morphology: MorphologyCode | null;
  /** 0 for what the sender holds for the diagnosis, 1 for the alternatives of a stated doubt. */
  group: 0 | 1;
  /** Order in the text: the entity named first is the likelier. */
  order: number;
  words: string | null;
  because: Bilingual | null;
}

const SECONDARY = /^(?:metasta|carcinose|secondaire)/;

export function isUnspecific(rules: CompiledRuleSet, code: MorphologyCode): boolean {
  return rules.unspecificMorphologies[morphologySlot(code.number, code.behaviour)] === 1;
}

export function isKnownMorphology(rules: CompiledRuleSet, code: MorphologyCode): boolean {
  return rules.knownMorphologies[code.number - 8000] === 1;
}

/** Codes from 9590 on are lymphoid or haematopoietic: one disease everywhere, never a metastasis. */
const asSecondary = (code: MorphologyCode): MorphologyCode =>
  code.behaviour === 3 && code.number < 9590
    ? { number: code.number, behaviour: 6, text: `${code.text.slice(0, 4)}/6` }
    : code;

function named(facts: Facts, rules: CompiledRuleSet, tokens: Words, group: 0 | 1): SupposedDiagnosis[] {
  const secondary = facts.contexts.has('metastasis') || tokens.words.some((word) => SECONDARY.test(word));
  const seen = new Set<string>();
  const found: SupposedDiagnosis[] = [];
  for (const hit of rules.entityWords.findAll(tokens)) {
    if (!hit.affirmed) continue;
    const morphology = secondary ? asSecondary(hit.value) : hit.value;
    if (seen.has(morphology.text)) continue;
    seen.add(morphology.text);
    found.push({ origin: 'entity', morphology, group, order: found.length, words: hit.text, because: null });
  }
  return found;
}

function fromText(facts: Facts, rules: CompiledRuleSet, group: 0 | 1): SupposedDiagnosis[] {
  for (const tokens of [facts.entityTokens, facts.titleTokens]) {
    const found = named(facts, rules, tokens, group);
    if (found.length > 0) return found;
  }
  return named(facts, rules, facts.questionTokens(), group);
}

function fromSite(facts: Facts, rules: CompiledRuleSet): SupposedDiagnosis[] {
  const site = facts.site;
  if (!site) return [];
  // « Adénopathie, pas de lymphome »: what the words deny, the site alone does not bring back.
  const denied = new Set(
    rules.entityWords
      .findAll(facts.tokens)
      .filter(({ affirmed }) => !affirmed)
      .map(({ value }) => value.text),
  );
  return rules.siteSuspicions
    .filter((each) => each.sites[site.index] === 1 && !denied.has(each.morphology.text))
    .map((each, order) => ({
      origin: 'site' as const,
      morphology: each.morphology,
      group: 0 as const,
      order,
      words: null,
      because: each.rule.because,
    }));
}

export function supposeDiagnoses(facts: Facts, rules: CompiledRuleSet): SupposedDiagnosis[] {
  const coded = facts.morphology;
  if (coded && isKnownMorphology(rules, coded)) {
    const own: SupposedDiagnosis = {
      origin: 'code',
      morphology: coded,
      group: 0,
      order: 0,
      words: null,
      because: null,
    };
    if (isUnspecific(rules, coded)) {
      // The code says only "tumour": the words, when there are any, say which one is meant.
      const words = fromText(facts, rules, 0).filter(
        (each) => each.morphology && !isUnspecific(rules, each.morphology),
      );
      return words.length > 0 ? words : [own];
    }
    if (!facts.doubt) return [own];
    const alternatives = named(facts, rules, facts.entityTokens, 1).filter(
      (each) => each.morphology?.text !== coded.text,
    );
    return [own, ...alternatives];
  }
  const words = fromText(facts, rules, 0);
  if (words.length > 0) return words;
  const bySite = coded ? [] : fromSite(facts, rules);
  if (bySite.length > 0) return bySite;
  return [{ origin: 'none', morphology: null, group: 0, order: 0, words: null, because: null }];
}
