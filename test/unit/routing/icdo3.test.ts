import { siteSuspicionSchema } from '@relecture/shared/routing/schema.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { loadSeedNetworks } from '../../../server/src/networks/load-networks.js';
import morphologies from '../../../server/src/routing/data/morphologies.json' with { type: 'json' };
import topographies from '../../../server/src/routing/data/topographies.json' with { type: 'json' };
import { describeIcdo3, searchIcdo3 } from '../../../server/src/routing/icdo3.js';
import { rules } from './cases.js';

const codes = (kind: 'topography' | 'morphology', query: string, limit = 5) =>
  searchIcdo3(kind, query, 'fr', limit).map(({ code }) => code);

describe('ICD-O-3 search', () => {
  it('finds everyday French and abbreviations first', () => {
    for (const [query, code] of [
      ['adp cervicale', 'C77.0'],
      ['ganglion du cou', 'C77.0'],
      ['ganglions du cou', 'C77.0'],
      ['GANGLION AXIL', 'C77.3'],
      ['parotide', 'C07.9'],
      ['cavum', 'C11.9'],
      ['fémur', 'C40.2'],
      ['femur', 'C40.2'],
      ['vaginale testiculaire', 'C63.7'],
      ['plevre', 'C38.4'],
      ['cuisse', 'C49.2'],
    ] as const) {
      expect(codes('topography', query)[0], query).to.equal(code);
    }
    for (const [query, code] of [
      ['PMBL', '9679/3'],
      ['EATL', '9717/3'],
      ['gist', '8936/3'],
      ['DFSP', '8832/1'],
      ['MFH', '8830/3'],
      ['dlbcl', '9680/3'],
      ['wilms', '8960/3'],
      ['lymphome foll', '9690/3'],
      ['merkel', '8247/3'],
      ['mesotheliome', '9050/3'],
    ] as const) {
      expect(codes('morphology', query)[0], query).to.equal(code);
    }
  });

  it('takes the words of a query from several names of one entry', () => {
    expect(codes('topography', 'peau du visage')[0]).to.equal('C44.3');
    expect(codes('topography', 'os fémur')[0]).to.equal('C40.2');
    expect(codes('topography', 'peau du rein')).to.not.include('C44.3');
  });

  it('puts the general term first', () => {
    expect(codes('topography', 'côlon')[0]).to.equal('C18.9');
    expect(codes('morphology', 'liposarcome')[0]).to.equal('8850/3');
    expect(codes('morphology', 'suspicion lymphome')).to.deep.equal(codes('morphology', 'lymphome'));
  });

  it('puts the malignant before its benign namesake', () => {
    expect(codes('morphology', 'folliculaire')).to.include.ordered.members(['9690/3', '8330/0']);
  });

  it('knows the abbreviations of French reports', () => {
    for (const [query, code] of [
      ['LBDGC', '9680/3'],
      ['LMNH', '9591/3'],
      ['LF', '9690/3'],
      ['LH', '9650/3'],
      ['MALT', '9699/3'],
      ['CHC', '8170/3'],
      ['LAM', '9861/3'],
      ['TNE', '8240/3'],
    ] as const)
      expect(codes('morphology', query)[0], query).to.equal(code);
    expect(codes('morphology', 'CCR').slice(0, 2)).to.have.members(['8140/3', '8312/3']);
  });

  it('reads codes and their beginnings, and flags a well-formed code it does not know', () => {
    expect(codes('topography', 'C44', 50)).to.have.length(10);
    expect(codes('topography', 'c445')).to.deep.equal(['C44.5']);
    expect(codes('morphology', '8936')).to.deep.equal(['8936/3']);
    expect(searchIcdo3('morphology', '8888/3', 'en', 5)).to.deep.equal([
      { code: '8888/3', label: 'Code not in the reference table', synonym: null, known: false },
    ]);
    expect(searchIcdo3('morphology', '9999/3', 'fr', 5)).to.deep.equal([]);
    expect(describeIcdo3('nonsense', 'fr')).to.equal(null);
    expect(describeIcdo3('C77.0', 'en')?.label).to.equal('Lymph nodes of head, face and neck');
  });

  it('says which synonym was meant', () => {
    expect(searchIcdo3('morphology', 'PMBL', 'fr', 1)[0]?.synonym).to.equal('PMBL');
    expect(searchIcdo3('morphology', 'Lymphome folliculaire', 'fr', 1)[0]?.synonym).to.equal(null);
  });

  it('finds every entry by each of its names', () => {
    for (const [kind, table] of [
      ['topography', topographies],
      ['morphology', morphologies],
    ] as const) {
      for (const { code, fr, en } of table.entries) {
        expect(codes(kind, fr, 50), fr).to.include(code);
        expect(codes(kind, en, 50), en).to.include(code);
      }
    }
  });

  it('keeps the limit and never throws', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.integer({ min: 1, max: 50 }), (query, limit) => {
        expect(searchIcdo3('morphology', query, 'en', limit).length).to.be.at.most(limit);
        expect(searchIcdo3('topography', query, 'fr', limit).length).to.be.at.most(limit);
      }),
    );
  });
});

describe('reference data', () => {
  it('covers every topography the rules know, C00 to C80', () => {
    expect(topographies.entries.map(({ code }) => code).sort()).to.deep.equal([...rules.knownSites].sort());
    expect(topographies.entries).to.have.length(330);
  });

  it('holds no morphology the rules do not know', () => {
    const known = (number: number) =>
      rules.knownMorphologies.some((range) => {
        const [from = '', to = from] = range.split('-');
        return Number(from) <= number && number <= Number(to);
      });
    for (const { code } of morphologies.entries) expect(known(Number(code.slice(0, 4))), code).to.equal(true);
    for (const { morphology } of rules.entityWords)
      expect(known(Number(morphology.slice(0, 4)))).to.equal(true);
    for (const suspicion of rules.siteSuspicions)
      expect(siteSuspicionSchema.safeParse(suspicion).success).to.equal(true);
  });

  it('describes every network the rules name, and no other', () => {
    const { networks } = loadSeedNetworks();
    expect(networks.map(({ id }) => id).sort()).to.deep.equal([...rules.networkIds].sort());
    expect(networks.filter(({ kind }) => kind === 'national')).to.have.length(18);
    expect(networks.filter(({ kind }) => kind === 'poor_prognosis')).to.have.length(4);
    expect(networks.filter(({ kind }) => kind === 'european')).to.have.length(4);
    expect(networks.find(({ id }) => id === 'RENA_PATH')?.parentNetworkId).to.equal('RENAPE');
  });

  it('gives a reading role in rules only to networks that read', () => {
    const reads = new Map(loadSeedNetworks().networks.map(({ id, status }) => [id, status.startsWith('A')]));
    for (const { networkId, role, id } of rules.networkRules) {
      if (role === 'reading') expect(reads.get(networkId), id).to.equal(true);
    }
  });
});
