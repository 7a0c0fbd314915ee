import { chooseNetworks } from '@relecture/shared/routing/choose-networks.js';
import { tokenise } from '@relecture/shared/routing/read-words.js';
import { type RuleSet, ruleSetSchema, toRoutingInput } from '@relecture/shared/routing/schema.js';
import { expect } from 'chai';
import fc from 'fast-check';
import morphologies from '../../../server/src/routing/data/morphologies.json' with { type: 'json' };
import { allCases, essence, idsOf, route, routeCase, rules } from './cases.js';

const aCase = fc.constantFrom(...allCases);
const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });

describe('laws of routing', () => {
  it('the order of rules, networks and words in the file never changes an answer', () => {
    const orders = fc.record({
      networkRules: shuffled(rules.networkRules),
      outsideRules: shuffled(rules.outsideRules),
      contradictionRules: shuffled(rules.contradictionRules),
      entityWords: shuffled(rules.entityWords),
      networkIds: shuffled(rules.networkIds),
    });
    fc.assert(
      fc.property(orders, (order) => {
        const reordered: RuleSet = { ...rules, ...order };
        for (const labelled of allCases) {
          const decision = chooseNetworks(toRoutingInput(labelled), reordered);
          expect(essence(decision), labelled.id).to.deep.equal(essence(routeCase(labelled)));
        }
      }),
      { numRuns: 8 },
    );
  });

  it('no phrase names two morphologies, so that the order of the words never decides', () => {
    const codesOf = new Map<string, Set<string>>();
    for (const { morphology, words } of rules.entityWords) {
      for (const phrase of words) {
        const key = tokenise(phrase).words.join(' ');
        codesOf.set(key, (codesOf.get(key) ?? new Set()).add(morphology));
      }
    }
    expect([...codesOf].filter(([, codes]) => codes.size > 1).map(([phrase]) => phrase)).to.deep.equal([]);
  });

  it('the order and case of contexts never change an answer', () => {
    const contexts = fc.uniqueArray(
      fc.constantFrom(
        'HIV',
        'VHL',
        'metastasis',
        'diagnostic_doubt',
        'NF1',
        'urgent',
        'tobacco',
        'coeliac_disease',
      ),
    );
    fc.assert(
      fc.property(aCase, contexts, (labelled, extra) => {
        const input = toRoutingInput(labelled);
        const all = [...new Set([...input.contexts, ...extra])];
        const forward = chooseNetworks({ ...input, contexts: all }, rules);
        const backward = chooseNetworks(
          { ...input, contexts: [...all].reverse().map((code) => code.toUpperCase()) },
          rules,
        );
        expect(essence(backward)).to.deep.equal(essence(forward));
      }),
      { numRuns: 300 },
    );
  });

  it('a context no rule speaks of changes nothing', () => {
    const unrelated = fc.constantFrom(
      'tobacco',
      'cirrhosis',
      'myasthenia',
      'overseas_reunion',
      'urgent',
      'anything',
    );
    fc.assert(
      fc.property(aCase, unrelated, (labelled, context) => {
        const input = toRoutingInput(labelled);
        const decision = chooseNetworks({ ...input, contexts: [...input.contexts, context] }, rules);
        expect(essence(decision)).to.deep.equal(essence(routeCase(labelled)));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws and never routes a contradiction, whatever it is given', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom('C44.5', 'C56.9', '8720/3', 'M', 'lymphome'),
    );
    const input = fc.record({
      age: fc.oneof(fc.double(), fc.integer({ min: -5, max: 130 }), fc.constant(null)),
      sex: fc.option(text),
      contexts: fc.array(text, { maxLength: 5 }),
      site: fc.option(text),
      morphology: fc.option(text),
      suspectedEntity: fc.option(text),
      title: fc.option(text),
      question: fc.option(text),
      intent: fc.constantFrom('systematic', 'advice', null),
    });
    fc.assert(
      fc.property(input, (given) => {
        const decision = chooseNetworks(given, rules);
        if (decision.outcome === 'correct') {
          expect(decision.networks).to.deep.equal([]);
          expect(decision.fieldsToCorrect).not.to.deep.equal([]);
        }
        if (decision.outcome === 'routed') expect(decision.networks).not.to.deep.equal([]);
        if (decision.outcome === 'none') expect(decision.networks).to.deep.equal([]);
        expect(new Set(idsOf(decision)).size).to.equal(decision.networks.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('explains every network of the rule set, chosen or not', () => {
    for (const labelled of allCases) {
      const decision = routeCase(labelled);
      expect(decision.candidates.map(({ networkId }) => networkId)).to.deep.equal(
        [...rules.networkIds].sort(),
      );
      if (decision.outcome === 'correct') continue;
      for (const candidate of decision.candidates) {
        if (candidate.networkId === 'RENAPE') continue;
        const reasons = candidate.matched ? candidate.for : candidate.against;
        expect(reasons, `${labelled.id} ${candidate.networkId}`).not.to.deep.equal([]);
      }
    }
  });

  it('every network is reachable', () => {
    const reached = new Set(allCases.flatMap((labelled) => idsOf(routeCase(labelled))));
    expect([...reached].sort()).to.deep.equal([...rules.networkIds].sort());
  });

  it('no rule is dead: each one speaks in at least one labelled case', () => {
    const spoken = new Set<string | undefined>();
    for (const labelled of allCases) {
      const decision = routeCase(labelled);
      const reasons = [
        ...decision.networks.flatMap((network) => network.reasons),
        ...decision.reasons,
        ...decision.fieldsToCorrect.map(({ reason }) => reason),
      ];
      for (const { params } of reasons) spoken.add(params.ruleId);
    }
    const all = [...rules.networkRules, ...rules.outsideRules, ...rules.contradictionRules];
    expect(all.map(({ id }) => id).filter((id) => !spoken.has(id))).to.deep.equal([]);
  });

  it('no site and morphology of the reference tables end in a tie', () => {
    const anywhere = fc.constantFrom(...rules.knownSites);
    const anything = fc.constantFrom(...morphologies.entries.map(({ code }) => code));
    fc.assert(
      fc.property(anywhere, anything, fc.integer({ min: 0, max: 95 }), (site, morphology, age) => {
        const sex = /^C6[0-3]/.test(site) ? 'M' : 'F';
        expect(route({ site, morphology, age, sex }).reasons.map(({ code }) => code)).not.to.include('tie');
      }),
      { numRuns: 4000 },
    );
  });

  it('refuses a rule set that names an unknown network, or the same rule twice', () => {
    const [rule] = rules.networkRules;
    if (!rule) throw new Error('no rule');
    const twice = ruleSetSchema.safeParse({ ...rules, networkRules: [rule, rule] });
    const unknown = ruleSetSchema.safeParse({ ...rules, networkRules: [{ ...rule, networkId: 'NOBODY' }] });
    const misspelt = ruleSetSchema.safeParse({
      ...rules,
      networkRules: [{ ...rule, when: { site: ['C44'] } }],
    });
    expect([twice.success, unknown.success, misspelt.success]).to.deep.equal([false, false, false]);
  });

  it('keeps the version that decided', () => {
    const next: RuleSet = { ...rules, version: '2026-1' };
    const [labelled] = allCases;
    if (!labelled) throw new Error('no case');
    expect(chooseNetworks(toRoutingInput(labelled), next).rulesVersion).to.equal('2026-1');
    expect(routeCase(labelled).rulesVersion).to.equal('2025-1');
  });

  it('marks a tie when two reading networks have the same rank for the same diagnosis', () => {
    const [first] = rules.networkRules.filter(({ id }) => id === 'endocan-nen');
    if (!first) throw new Error('no rule');
    const rival = { ...first, id: 'rival', networkId: 'REFCOR' };
    const tied: RuleSet = { ...rules, networkRules: [...rules.networkRules, rival] };
    const ileum = allCases.find(({ id }) => id === 'RC-078');
    if (!ileum) throw new Error('no case');
    const decision = chooseNetworks(toRoutingInput(ileum), tied);
    expect(decision.outcome).to.equal('dispatch');
    expect(idsOf(decision)).to.have.members(['ENDOCAN', 'REFCOR']);
    expect(decision.reasons[0]?.code).to.equal('tie');
  });
});
