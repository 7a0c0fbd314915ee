import { explainReason as explainReasonInWords } from '@relecture/server/routing/explain.js';
import { PhraseIndex } from '@relecture/shared/routing/entity-words.js';
import { explainDecision, explainReason } from '@relecture/shared/routing/explain-decision.js';
import { rankCandidates } from '@relecture/shared/routing/rank-candidates.js';
import { tokenise } from '@relecture/shared/routing/read-words.js';
import { expect } from 'chai';
import { allCases, idsOf, route, routeCase, rules } from './cases.js';

describe('suspicion in words', () => {
  const networks = (site: string, suspectedEntity: string, contexts: string[] = []) =>
    idsOf(route({ site, suspectedEntity, contexts })).join(', ');

  it('tolerates accents, case, plurals, abbreviations and English', () => {
    for (const words of ['Léiomyosarcome', 'LEIOMYOSARCOME', 'leiomyosarcomes', 'LMS', 'leiomyosarcoma']) {
      expect(networks('C49.2', words), words).to.equal('NETSARC+');
    }
    for (const words of ['DLBCL', 'Lymphome B diffus à grandes cellules', 'LYMPHOME', 'lymphoma, NOS']) {
      expect(networks('C77.0', words), words).to.equal('LYMPHOPATH');
    }
  });

  it('takes the longest phrase, not the word inside it', () => {
    expect(networks('C30.0', 'Neuroblastome olfactif')).to.equal('REFCOR');
    expect(networks('C34.1', 'Carcinome bronchique non à petites cellules')).to.equal('RECAP');
  });

  it('does not count what is negated, and counts both sides of a doubt', () => {
    expect(networks('C44.5', 'Mélanome, pas de lymphome')).to.equal('');
    expect(networks('C77.0', 'Carcinome ou lymphome', ['diagnostic_doubt'])).to.equal('LYMPHOPATH');
  });

  it('reads a suspicion from the site alone only where a site means one thing, and says so', () => {
    const node = route({ site: 'C77.3', suspectedEntity: null });
    expect(idsOf(node)).to.deep.equal(['LYMPHOPATH']);
    expect(node.doubt).to.equal(true);
    expect(route({ site: 'C64.9', suspectedEntity: 'Masse' }).outcome).to.equal('dispatch');
  });

  it('uses the alternatives of a stated doubt, never those of a formal diagnosis', () => {
    const pleura = { site: 'C38.4', morphology: '9051/3', suspectedEntity: 'Mésothéliome versus sarcome' };
    expect(idsOf(route({ ...pleura, intent: 'advice' }))).to.deep.equal(['NETMESO', 'NETSARC+']);
    expect(idsOf(route({ ...pleura, intent: 'systematic' }))).to.deep.equal(['NETMESO']);
  });

  const readings: [why: string, site: string, words: string, networks: string][] = [
    ['« net » is an adjective', 'C50.9', 'Nodule à contours nets', ''],
    ['« net » is an adjective', 'C25.0', 'Limite nette, net contingent inflammatoire', ''],
    ['NET is a tumour', 'C25.0', 'NET du pancréas', 'ENDOCAN'],
    ['NET is a tumour', 'C17.2', 'net g1', 'ENDOCAN'],
    ['chorio- belongs to the adjective', 'C69.3', 'Lésion chorio-rétinienne', ''],
    ['chorio is a tumour', 'C58.9', 'Suspicion de chorio', 'TTG'],
    ['lympho- belongs to the adjective', 'C07.9', 'Infiltrat lympho-plasmocytaire', ''],
    ['lympho is a lymphoma', 'C07.9', 'Lympho B ?', 'LYMPHOPATH'],
    ['K before an organ', 'C34.1', 'K bronchique', 'RECAP'],
    ['K elsewhere', 'C34.1', 'Cellules K, KRAS muté', ''],
    ['denied', 'C77.0', 'Pas de lymphome', ''],
    ['denied far away', 'C49.2', 'Absence d’argument histologique formel en faveur d’un sarcome', ''],
    ['denied in a row', 'C16.1', 'Ni lymphome ni carcinome', ''],
    ['denied, then another named', 'C49.2', 'Pas de sarcome mais lymphome', 'LYMPHOPATH'],
    ['a doubt denied', 'C49.2', 'Pas de doute sur le sarcome', 'NETSARC+'],
    ['ruled out', 'C16.1', 'Lymphome formellement exclu', ''],
    ['not ruled out', 'C16.1', 'Lymphome non exclu', 'LYMPHOPATH'],
    ['not ruled out', 'C16.1', 'N’élimine pas un lymphome', 'LYMPHOPATH'],
    ['to be ruled out is a suspicion', 'C16.1', 'Gastrite, éliminer un lymphome', 'LYMPHOPATH'],
    ['to be ruled out is a suspicion', 'C16.1', 'Sans pouvoir éliminer un lymphome', 'LYMPHOPATH'],
    ['a denial ends with its sentence', 'C16.1', 'Sans antécédent. Lymphome ?', 'LYMPHOPATH'],
    ['history', 'C34.1', 'Nodule pulmonaire, antécédent de carcinome du sein', ''],
    ['history beside a suspicion', 'C49.2', 'Sarcome, antécédents de lymphome', 'NETSARC+'],
    ['history that comes back', 'C16.1', 'Antécédent de lymphome, rechute ?', 'LYMPHOPATH'],
  ];
  for (const [why, site, words, expected] of readings) {
    it(`${why}: « ${words} »`, () => expect(networks(site, words)).to.equal(expected));
  }

  it('finds phrases with a wildcard at the end of a word', () => {
    const index = new PhraseIndex<number>();
    index.add('lymphom* cutane*', 1);
    expect(
      index.findAll(tokenise('Lymphomes cutanés épidermotropes')).map(({ value }) => value),
    ).to.deep.equal([1]);
    expect(index.findAll(tokenise('cutané lymphome'))).to.deep.equal([]);
    expect(index.size).to.equal(1);
  });
});

describe('explanations', () => {
  it('are whole sentences in both languages, never a raw code or an empty place', () => {
    for (const labelled of allCases) {
      const decision = routeCase(labelled);
      const reasons = [
        ...decision.reasons,
        ...decision.fieldsToCorrect.map(({ reason }) => reason),
        ...decision.candidates.flatMap((candidate) => [...candidate.for, ...candidate.against]),
      ];
      for (const language of ['fr', 'en'] as const) {
        for (const reason of reasons) {
          const sentence = explainReason(reason, language).replaceAll('RENA_PATH', 'RENAPE');
          expect(sentence, reason.code).to.match(/^[\p{Lu}«"8].*[.»"]$/u);
          expect(sentence, reason.code).not.to.match(/undefined|_|\s\.|\(\)/);
        }
        expect(explainDecision(decision, language)).not.to.match(/undefined|^$/);
      }
    }
  });

  it('name a site and a morphology in words beside the code, in both languages', () => {
    const site = { code: 'site_outside', params: { value: 'C80.9' } } as const;
    const morphology = { code: 'morphology_inside', params: { value: '9702/3', lineageFr: 'x' } } as const;
    expect(explainReasonInWords(site, 'fr')).to.equal(
      'Siège hors du périmètre : Siège primitif inconnu (C80.9).',
    );
    expect(explainReasonInWords(site, 'en')).to.match(/: Unknown primary site \(C80\.9\)\.$/);
    expect(explainReasonInWords(morphology, 'fr')).to.match(/: Lymphome T périphérique.* \(9702\/3\)\.$/);
    const unknown = { code: 'site_inside', params: { value: 'C99.9' } } as const;
    expect(explainReasonInWords(unknown, 'fr')).to.match(/: C99\.9\.$/);
  });

  it('every rule of the file speaks both languages and names its source', () => {
    for (const rule of [...rules.networkRules, ...rules.outsideRules, ...rules.contradictionRules]) {
      expect(rule.because.fr, rule.id).to.match(/\.$/);
      expect(rule.because.en, rule.id).to.match(/\.$/);
      expect(rule.source, rule.id).not.to.equal('');
    }
  });
});

describe('the list a dispatcher is given', () => {
  const ranked = (input: Parameters<typeof route>[0]) =>
    rankCandidates(route(input)).map(({ networkId }) => networkId);

  it('says that nothing distinguishes the few networks offered for an unknown primary', () => {
    for (const suspectedEntity of [null, 'Primitif inconnu', 'Carcinome indifférencié']) {
      const decision = route({ site: 'C80.9', morphology: '8010/6', suspectedEntity });
      expect(decision.outcome).to.equal('dispatch');
      const list = rankCandidates(decision);
      expect(list.map(({ networkId }) => networkId)).to.deep.equal(['ENDOCAN', 'LYMPHOPATH', 'NETSARC+']);
      for (const { for: reasons } of list) {
        expect(reasons.map(({ code }) => code)).to.deep.equal(['any_site']);
        expect(explainReason(reasons[0] ?? { code: 'rule', params: {} }, 'fr')).to.match(/rien d’autre/);
      }
    }
  });

  it('names the networks of the organ, not those that exclude a few others', () => {
    expect(ranked({ site: 'C64.9', suspectedEntity: 'Masse' })).to.deep.equal(['CARARE', 'PREDIR']);
  });

  it('puts a context before an organ, and the chosen networks before all', () => {
    const [first] = ranked({ site: 'C64.9', suspectedEntity: 'Masse', contexts: ['HIV'] });
    expect(first).to.equal('CANCERIMMUNE');
    const pleura = route({ site: 'C38.4', morphology: '9051/3', suspectedEntity: null });
    expect(rankCandidates(pleura)[0]?.networkId).to.equal('NETMESO');
  });
});
