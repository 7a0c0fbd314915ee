import { readFileSync } from 'node:fs';
import { chooseNetworks } from '@relecture/shared/routing/choose-networks.js';
import {
  type RoutingCase,
  type RoutingDecision,
  type RoutingInput,
  toRoutingInput,
} from '@relecture/shared/routing/schema.js';
import { loadSeedRuleSet } from '../../../server/src/routing/load-rule-set.js';

export interface LabelledCase extends RoutingCase {
  expected_networks: string[];
  expected_outcome: RoutingDecision['outcome'];
  also_accepted?: string[][];
  confidence: 'high' | 'medium' | 'low';
}

const read = (name: string): LabelledCase[] =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8'));

/** Labelled by the people who wrote the domain notes. */
export const givenCases = read('routing-cases.json');
/** Labelled by us from domain knowledge; a pathologist has still to confirm them. */
export const ownCases = read('../../server/src/routing/data/example-cases.json');
/** Written apart from the rules: 157 before seeing them, then 60 (EX-201 on) and 47 (EX-301 on) at the weak places. */
export const examinedCases = read('routing-examined-cases.json');
export const allCases = [...givenCases, ...ownCases, ...examinedCases];

export const rules = loadSeedRuleSet();

const blank: RoutingInput = {
  age: 50,
  sex: 'F',
  contexts: [],
  site: null,
  morphology: null,
  suspectedEntity: null,
  title: null,
  question: null,
  intent: null,
};

export const route = (input: Partial<RoutingInput>): RoutingDecision =>
  chooseNetworks({ ...blank, ...input }, rules);

export const routeCase = (labelled: LabelledCase): RoutingDecision =>
  chooseNetworks(toRoutingInput(labelled), rules);

export const idsOf = (decision: RoutingDecision): string[] =>
  decision.networks.map(({ networkId }) => networkId);

/** What must stay the same whatever the order of rules, contexts or networks. */
export const essence = (decision: RoutingDecision) => ({
  outcome: decision.outcome,
  networks: decision.networks.map(({ networkId, role }) => `${networkId}:${role}`),
  fields: decision.fieldsToCorrect.map(({ field }) => field).sort(),
  doubt: decision.doubt,
});
