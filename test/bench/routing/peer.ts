/**
 * The same rules in json-rules-engine. It gets what our own reading has prepared (codes, words, supposed diagnoses) and
 * compiled sets behind its operators, and it explains nothing: every doubt about fairness is in its favour.
 */
import {
  type CompiledConditions,
  type CompiledRule,
  compileRules,
} from '@relecture/shared/routing/compile-rules.js';
import { morphologySlot } from '@relecture/shared/routing/icdo3-code.js';
import { matchNetworks } from '@relecture/shared/routing/match-networks.js';
import { type Facts, readFacts } from '@relecture/shared/routing/read-facts.js';
import type { Words } from '@relecture/shared/routing/read-words.js';
import type { RoutingInput, RuleSet } from '@relecture/shared/routing/schema.js';
import { type SupposedDiagnosis, supposeDiagnoses } from '@relecture/shared/routing/suppose-diagnoses.js';
import { type ConditionProperties, Engine } from 'json-rules-engine';

/** Behind a function, because the engine copies the conditions of a rule at every run, and a table is dear to copy. */
type Holds<Fact> = (fact: Fact) => boolean;
const within =
  (bits: Uint8Array): Holds<number> =>
  (index) =>
    index >= 0 && bits[index] === 1;
const mentions =
  (phrases: { has(words: Words): boolean }): Holds<Words> =>
  (words) =>
    phrases.has(words);

function conditionsOf(when: CompiledConditions, contradiction: boolean): ConditionProperties[] {
  const all: ConditionProperties[] = [];
  const add = (fact: string, operator: string, value: unknown) => all.push({ fact, operator, value });
  if (when.sites) add('site', 'holds', within(when.sites));
  if (when.morphologies) add('morphology', 'holds', within(when.morphologies));
  if (when.behaviours) add('behaviour', 'in', [...when.behaviours]);
  else if (when.raw.morphologies === undefined) add('behaviour', 'notEqual', 0);
  if (when.minAge > 0 || Number.isFinite(when.maxAge)) {
    add('age', contradiction ? 'knownBetween' : 'between', [when.minAge, when.maxAge]);
  }
  if (when.sex) add('sex', contradiction ? 'equal' : 'mayBe', when.sex);
  if (when.contextsAny) add('contexts', 'holdsAny', when.contextsAny);
  if (when.contextsAll.length > 0) add('contexts', 'holdsAll', when.contextsAll);
  if (when.contextsNone.length > 0) add('contexts', 'holdsNone', when.contextsNone);
  if (when.doubt !== null) add('doubt', 'equal', when.doubt);
  if (when.origins) add('origin', 'in', [...when.origins]);
  if (when.wordsAny) add('words', 'holds', mentions(when.wordsAny));
  if (when.wordsNone) add('words', 'holdsNot', mentions(when.wordsNone));
  return all;
}

function addOperators(engine: Engine): void {
  const between = (age: number, bounds: number[]) => age >= (bounds[0] ?? 0) && age <= (bounds[1] ?? 0);
  engine.addOperator('holds', (fact: unknown, holds: Holds<unknown>) => holds(fact));
  engine.addOperator('holdsNot', (fact: unknown, holds: Holds<unknown>) => !holds(fact));
  engine.addOperator('between', (age: number | null, bounds: number[]) =>
    age === null ? (bounds[1] ?? 0) >= 18 : between(age, bounds),
  );
  engine.addOperator(
    'knownBetween',
    (age: number | null, bounds: number[]) => age !== null && between(age, bounds),
  );
  engine.addOperator('mayBe', (sex: string | null, wanted: string) => sex === null || sex === wanted);
  engine.addOperator('holdsAny', (has: Set<string>, codes: string[]) => codes.some((code) => has.has(code)));
  engine.addOperator('holdsAll', (has: Set<string>, codes: string[]) => codes.every((code) => has.has(code)));
  engine.addOperator(
    'holdsNone',
    (has: Set<string>, codes: string[]) => !codes.some((code) => has.has(code)),
  );
}

function factsOf(facts: Facts, { morphology, origin }: SupposedDiagnosis): Record<string, unknown> {
  return {
    site: facts.site?.index ?? -1,
    morphology: morphology ? morphologySlot(morphology.number, morphology.behaviour) : -1,
    behaviour: morphology?.behaviour ?? 3,
    age: facts.age,
    sex: facts.sex,
    contexts: facts.contexts,
    doubt: facts.doubt,
    origin,
    words: facts.tokens,
  };
}

export interface PeerAnswer {
  contradicts: boolean;
  excluded: boolean;
  networks: string[];
}

export function buildPeer(set: RuleSet): (input: RoutingInput) => Promise<PeerAnswer> {
  const rules = compileRules(set);
  const engine = new Engine([], { allowUndefinedFacts: true });
  addOperators(engine);
  const add = (type: string, list: readonly CompiledRule<{ id: string }>[], contradiction = false) => {
    for (const { when, position, rule } of list) {
      engine.addRule({
        name: rule.id,
        conditions: { all: conditionsOf(when, contradiction) },
        event: { type, params: { position } },
      });
    }
  };
  add('contradiction', rules.contradictionRules, true);
  add('exclude', rules.excludeRules);
  add('fallback', rules.fallbackRules);
  add('network', rules.networkRules);

  return async (input) => {
    const facts = readFacts(input, rules);
    const diagnoses = supposeDiagnoses(facts, rules);
    const width = diagnoses.length;
    const failed = new Int16Array(rules.networkRules.length * width).fill(1);
    const answer: PeerAnswer = { contradicts: false, excluded: false, networks: [] };
    for (const [place, diagnosis] of diagnoses.entries()) {
      const { events } = await engine.run(factsOf(facts, diagnosis));
      for (const { type, params } of events) {
        if (type === 'contradiction' && diagnosis.group === 0) answer.contradicts = true;
        if (type === 'exclude') answer.excluded = true;
        if (type === 'network') failed[Number(params?.position) * width + place] = 0;
      }
    }
    if (answer.contradicts || answer.excluded) return answer;
    const chosen = new Set<string>();
    for (const { rule } of matchNetworks(diagnoses, rules, { failed, width })) {
      chosen.add(rule.networkId);
      for (const { networkId, brings } of rules.companions) {
        if (networkId === rule.networkId) chosen.add(brings);
      }
    }
    answer.networks = [...chosen];
    return answer;
  };
}
