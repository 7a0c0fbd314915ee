import { PhraseIndex } from './entity-words.js';
import {
  expandGroups,
  FIRST_MORPHOLOGY,
  MORPHOLOGY_COUNT,
  type MorphologyCode,
  morphologySet,
  parseMorphology,
  parseSite,
  siteSet,
} from './icdo3-code.js';
import type {
  Conditions,
  ContradictionRule,
  DiagnosisOrigin,
  NetworkRule,
  OutsideRule,
  RuleSet,
} from './schema.js';

export interface CompiledConditions {
  sites: Uint8Array | null;
  morphologies: Uint8Array | null;
  behaviours: ReadonlySet<number> | null;
  minAge: number;
  maxAge: number;
  sex: 'F' | 'M' | null;
  contextsAny: readonly string[] | null;
  contextsAll: readonly string[];
  contextsNone: readonly string[];
  /** All the contexts the rule asks for, written out once for its explanation. */
  wantedContexts: string;
  wantedWords: string;
  wordsAny: PhraseIndex<true> | null;
  wordsNone: PhraseIndex<true> | null;
  /** Whether being inside says something: a perimeter that takes nearly everything distinguishes nothing. */
  siteTells: boolean;
  morphologyTells: boolean;
  doubt: boolean | null;
  origins: ReadonlySet<DiagnosisOrigin> | null;
  raw: Conditions;
}

export interface CompiledRule<R> {
  rule: R;
  /** Place in the sorted list, where its weight is kept. */
  position: number;
  when: CompiledConditions;
}

export interface CompiledRuleSet {
  version: string;
  networkIds: readonly string[];
  networkRules: readonly CompiledRule<NetworkRule>[];
  networkRulesOf: ReadonlyMap<string, readonly CompiledRule<NetworkRule>[]>;
  compiledOf: ReadonlyMap<NetworkRule, CompiledRule<NetworkRule>>;
  excludeRules: readonly CompiledRule<OutsideRule>[];
  fallbackRules: readonly CompiledRule<OutsideRule>[];
  contradictionRules: readonly CompiledRule<ContradictionRule>[];
  companions: RuleSet['companions'];
  entityWords: PhraseIndex<MorphologyCode>;
  siteSuspicions: readonly {
    sites: Uint8Array;
    morphology: MorphologyCode;
    rule: RuleSet['siteSuspicions'][number];
  }[];
  knownSites: Uint8Array;
  knownMorphologies: Uint8Array;
  unspecificMorphologies: Uint8Array;
  unspecificSites: Uint8Array;
  doubtContexts: ReadonlySet<string>;
  lineages: readonly { names: { fr: string; en: string } }[];
  /** For every morphology, one plus the place of the first lineage that holds it; 0: none does. */
  lineageOf: Uint8Array;
}

/** Context codes are compared without regard to case, or to what stands between their words. */
export function contextKey(code: string): string {
  return code
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

function phraseIndex(phrases: readonly string[] | undefined): PhraseIndex<true> | null {
  if (!phrases) return null;
  const index = new PhraseIndex<true>();
  for (const phrase of phrases) index.add(phrase, true);
  return index;
}

function difference(base: Uint8Array, removed: Uint8Array): Uint8Array {
  return base.map((value, position) => (value === 1 && removed[position] !== 1 ? 1 : 0));
}

/** A quarter of the sites; a quarter of the malignant morphologies, whose table has a place for every behaviour. */
const TELLING_SHARE = 0.25;

function share(bits: Uint8Array | null): number {
  return bits === null ? 1 : bits.reduce((sum, bit) => sum + bit, 0) / bits.length;
}

function compileConditions(when: Conditions, set: RuleSet): CompiledConditions {
  const sites = (ranges: readonly string[]) => siteSet(expandGroups(ranges, set.siteGroups));
  const morphologies = (ranges: readonly string[]) =>
    morphologySet(expandGroups(ranges, set.morphologyGroups));
  const everywhere = when.sites || when.notSites ? sites(when.sites ?? ['any']) : null;
  const everything =
    when.morphologies || when.notMorphologies
      ? when.morphologies
        ? morphologies(when.morphologies)
        : new Uint8Array(MORPHOLOGY_COUNT * 10).fill(1)
      : null;
  const siteBits = everywhere && when.notSites ? difference(everywhere, sites(when.notSites)) : everywhere;
  const morphologyBits =
    everything && when.notMorphologies
      ? difference(everything, morphologies(when.notMorphologies.map(everyBehaviour)))
      : everything;
  return {
    sites: siteBits,
    morphologies: morphologyBits,
    siteTells: share(siteBits) < TELLING_SHARE,
    morphologyTells: share(morphologyBits) < TELLING_SHARE / 2,
    behaviours: when.behaviours ? new Set(when.behaviours) : null,
    minAge: when.minAge ?? 0,
    maxAge: when.maxAge ?? Number.POSITIVE_INFINITY,
    sex: when.sex ?? null,
    contextsAny: when.contextsAny?.map(contextKey) ?? null,
    contextsAll: when.contextsAll?.map(contextKey) ?? [],
    contextsNone: when.contextsNone?.map(contextKey) ?? [],
    wantedContexts: [...(when.contextsAny ?? []), ...(when.contextsAll ?? [])]
      .map(contextKey)
      .sort()
      .join(', '),
    wantedWords: (when.wordsAny ?? []).join(', '),
    wordsAny: phraseIndex(when.wordsAny),
    wordsNone: phraseIndex(when.wordsNone),
    doubt: when.doubt ?? null,
    origins: when.origins ? new Set(when.origins) : null,
    raw: when,
  };
}

/** What is taken out of a perimeter is taken out with every behaviour, unless the rule names one. */
function everyBehaviour(range: string): string {
  return range.includes('/') ? range : `${range}/0,1,2,3,6,9`;
}

function requireMorphology(text: string): MorphologyCode {
  const code = parseMorphology(text);
  if (!code) throw new Error(`not a morphology code: ${text}`);
  return code;
}

function lineagesByMorphology(set: RuleSet): Uint8Array {
  const places = new Uint8Array(MORPHOLOGY_COUNT * 10);
  Object.values(set.morphologyGroups).forEach(({ ranges }, place) => {
    morphologySet(expandGroups(ranges, set.morphologyGroups)).forEach((inside, slot) => {
      if (inside === 1 && places[slot] === 0) places[slot] = place + 1;
    });
  });
  return places;
}

function compile(set: RuleSet): CompiledRuleSet {
  const rule = <R extends { id: string; when: Conditions }>(each: R, position: number): CompiledRule<R> => ({
    rule: each,
    position,
    when: compileConditions(each.when, set),
  });
  // Sorted by id so that the order of rules in the file can never change an answer.
  const byId = <R extends { id: string }>(rules: readonly R[]) =>
    [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  const entityWords = new PhraseIndex<MorphologyCode>();
  for (const entry of set.entityWords) {
    const code = requireMorphology(entry.morphology);
    for (const words of entry.words) entityWords.add(words, code);
  }
  const knownSites = new Uint8Array(810);
  for (const text of set.knownSites) {
    const site = parseSite(text);
    if (site) knownSites[site.index] = 1;
  }
  const networkRules = byId(set.networkRules).map(rule);
  const networkRulesOf = new Map<string, CompiledRule<NetworkRule>[]>();
  for (const each of networkRules) {
    const list = networkRulesOf.get(each.rule.networkId) ?? [];
    list.push(each);
    networkRulesOf.set(each.rule.networkId, list);
  }
  const knownMorphologies = new Uint8Array(MORPHOLOGY_COUNT);
  for (const range of set.knownMorphologies) {
    const [from = '', to = from] = range.split('-');
    knownMorphologies.fill(1, Number(from) - FIRST_MORPHOLOGY, Number(to) - FIRST_MORPHOLOGY + 1);
  }
  return {
    version: set.version,
    networkIds: [...set.networkIds].sort(),
    networkRules,
    networkRulesOf,
    compiledOf: new Map(networkRules.map((each) => [each.rule, each])),
    excludeRules: byId(set.outsideRules.filter((each) => each.effect === 'exclude')).map(rule),
    fallbackRules: byId(set.outsideRules.filter((each) => each.effect === 'fallback')).map(rule),
    contradictionRules: byId(set.contradictionRules).map(rule),
    companions: set.companions,
    entityWords,
    siteSuspicions: set.siteSuspicions.map((each) => ({
      sites: siteSet(expandGroups(each.sites, set.siteGroups)),
      morphology: requireMorphology(each.morphology),
      rule: each,
    })),
    knownSites,
    knownMorphologies,
    unspecificMorphologies: morphologySet(expandGroups(set.unspecificMorphologies, set.morphologyGroups)),
    unspecificSites: siteSet(expandGroups(set.unspecificSites, set.siteGroups)),
    doubtContexts: new Set(set.doubtContexts.map(contextKey)),
    lineages: Object.values(set.morphologyGroups).map(({ names }) => ({ names })),
    lineageOf: lineagesByMorphology(set),
  };
}

const compiled = new WeakMap<RuleSet, CompiledRuleSet>();

/** Compiled once per rule set object; a rule set is never changed in place, a new version is a new object. */
export function compileRules(set: RuleSet): CompiledRuleSet {
  const known = compiled.get(set);
  if (known) return known;
  const fresh = compile(set);
  compiled.set(set, fresh);
  return fresh;
}
