import { expect } from 'chai';
import { idsOf, route } from './cases.js';

const networks = (input: Parameters<typeof route>[0]) => idsOf(route(input)).join(', ');

describe('boundary traps of the domain notes (2.2)', () => {
  it('mesothelioma by serosa', () => {
    const morphology = '9052/3';
    expect(networks({ site: 'C38.4', morphology })).to.equal('NETMESO');
    expect(networks({ site: 'C38.0', morphology })).to.equal('NETMESO');
    expect(networks({ site: 'C48.2', morphology })).to.equal('RENA_PATH, RENAPE');
    expect(networks({ site: 'C63.7', morphology, sex: 'M' })).to.equal('RENA_PATH, RENAPE');
  });

  it('diffuse large B-cell lymphoma: brain, eye, skin, node are four answers', () => {
    const morphology = '9680/3';
    expect(networks({ site: 'C71.2', morphology })).to.equal('RENOCLIP-LOC, LYMPHOPATH');
    expect(networks({ site: 'C69.2', morphology })).to.equal('RENOCLIP-LOC, LYMPHOPATH');
    expect(networks({ site: 'C44.7', morphology })).to.equal('RNLC, LYMPHOPATH');
    expect(networks({ site: 'C77.0', morphology })).to.equal('LYMPHOPATH');
  });

  it('the orbit is not the inside of the eye', () => {
    expect(networks({ site: 'C69.6', morphology: '9699/3' })).to.equal('LYMPHOPATH');
    expect(networks({ site: 'C69.0', morphology: '9699/3' })).to.equal('LYMPHOPATH');
  });

  it('EATL and MEITL share a code: coeliac disease decides', () => {
    const lymphoma = { site: 'C17.1', morphology: '9717/3' };
    expect(networks({ ...lymphoma, contexts: ['coeliac_disease'] })).to.equal('CELAC, LYMPHOPATH');
    expect(networks(lymphoma)).to.equal('LYMPHOPATH');
  });

  it('basal cell carcinoma with and without systemic therapy', () => {
    const carcinoma = { site: 'C44.3', morphology: '8090/3' };
    expect(networks({ ...carcinoma, contexts: ['systemic_therapy_needed'] })).to.equal('CARADERM');
    expect(route(carcinoma).outcome).to.equal('none');
  });

  it('clear cell renal carcinoma with and without VHL', () => {
    const carcinoma = { site: 'C64.9', morphology: '8310/3' };
    expect(networks({ ...carcinoma, contexts: ['VHL'] })).to.equal('PREDIR');
    expect(route(carcinoma).outcome).to.equal('none');
  });

  it('8480/6: pseudomyxoma, or carcinomatosis of a colonic cancer', () => {
    const mucin = { site: 'C48.2', morphology: '8480/6' };
    expect(networks({ ...mucin, suspectedEntity: 'Pseudomyxome péritonéal' })).to.equal('RENA_PATH, RENAPE');
    expect(networks(mucin)).to.equal('RENA_PATH, RENAPE');
    const colonic = route({ ...mucin, contexts: ['metastasis'], suspectedEntity: 'Carcinose colique' });
    expect(colonic.outcome).to.equal('none');
  });

  it('small cell carcinoma: the lung is excluded from ENDOCAN, other sites are not', () => {
    expect(networks({ site: 'C34.1', morphology: '8041/3' })).to.equal('RECAP');
    expect(networks({ site: 'C67.9', morphology: '8041/3' })).to.equal('ENDOCAN');
    expect(networks({ site: 'C34.1', morphology: '8249/3' })).to.equal('ENDOCAN');
  });

  it('a thymic neuroendocrine tumour goes to ENDOCAN before RYTHMIC', () => {
    expect(networks({ site: 'C37.9', morphology: '8240/3' })).to.equal('ENDOCAN, RYTHMIC');
  });

  it('Merkel cell carcinoma is CARADERM although neuroendocrine', () => {
    expect(networks({ site: 'C44.3', morphology: '8247/3' })).to.equal('CARADERM');
  });

  it('only uveal melanoma is MELACHONAT', () => {
    const morphology = '8720/3';
    expect(networks({ site: 'C69.3', morphology })).to.equal('MELACHONAT');
    expect(networks({ site: 'C30.0', morphology })).to.equal('REFCOR');
    for (const site of ['C69.0', 'C44.5', 'C44.1', 'C20.9']) {
      expect(networks({ site, morphology })).not.to.include('MELACHONAT');
    }
    expect(networks({ site: 'C69.2', morphology: '9510/3', age: 2 })).to.equal('MASTERBLAST');
  });

  it('names in -blastoma that are not tumours of blastema', () => {
    const notBlastema = [
      { site: 'C30.0', morphology: '9522/3' },
      { site: 'C71.6', morphology: '9161/1' },
      { site: 'C71.1', morphology: '9440/3' },
      { site: 'C77.0', morphology: '9811/3' },
      { site: 'C41.2', morphology: '9200/1' },
      { site: 'C40.2', morphology: '9230/1' },
      { site: 'C41.1', morphology: '9310/3' },
      { site: 'C71.6', morphology: '9471/3' },
      { site: 'C56.9', morphology: '9073/1' },
    ];
    for (const input of notBlastema) expect(networks(input)).not.to.include('MASTERBLAST');
    for (const words of ['Neuroblastome olfactif', 'Glioblastome', 'Ostéoblastome', 'Hémangioblastome']) {
      expect(networks({ site: 'C30.0', suspectedEntity: words })).not.to.include('MASTERBLAST');
    }
  });

  it('choriocarcinoma: gestational, ovarian germ cell, testicular', () => {
    const morphology = '9100/3';
    expect(networks({ site: 'C54.9', morphology, age: 30 })).to.equal('TTG');
    expect(networks({ site: 'C56.9', morphology, age: 14 })).to.equal('TMRG, TTG');
    expect(networks({ site: 'C56.9', morphology, age: 30, contexts: ['pregnancy_related'] })).to.equal(
      'TTG, TMRG',
    );
    expect(route({ site: 'C62.9', morphology, sex: 'M', age: 25 }).outcome).to.equal('none');
  });

  it('Wilms tumour: CARARE joins for an adult only', () => {
    const wilms = { site: 'C64.9', morphology: '8960/3' };
    expect(networks({ ...wilms, age: 4 })).to.equal('MASTERBLAST');
    expect(networks({ ...wilms, age: 40 })).to.equal('MASTERBLAST, CARARE');
  });

  it('adrenal neuroblastoma and phaeochromocytoma', () => {
    expect(networks({ site: 'C74.1', morphology: '9500/3', age: 3 })).to.equal('MASTERBLAST');
    expect(networks({ site: 'C74.1', morphology: '8700/3' })).to.equal('ENDOCAN');
  });

  it('behaviours /0 and /1 that are inside a perimeter, and benign lesions that are not', () => {
    expect(networks({ site: 'C58.9', morphology: '9100/0', age: 30 })).to.equal('TTG');
    expect(networks({ site: 'C49.4', morphology: '8821/1' })).to.equal('NETSARC+');
    expect(networks({ site: 'C18.1', morphology: '8480/1' })).to.equal('RENA_PATH, RENAPE');
    expect(networks({ site: 'C56.9', morphology: '8442/1' })).to.equal('TMRG');
    for (const [site, morphology] of [
      ['C49.2', '8850/0'],
      ['C54.2', '8890/0'],
      ['C07.9', '8940/0'],
      ['C64.9', '8290/0'],
      ['C56.9', '9080/0'],
    ]) {
      expect(route({ site, morphology }).outcome, morphology).to.equal('none');
    }
  });

  it('advice asked on a glioblastoma is a reading, a formal glioblastoma is a pathway', () => {
    const glioblastoma = { site: 'C71.1', morphology: '9440/3', age: 60 };
    expect(networks({ ...glioblastoma, intent: 'systematic' })).to.equal('GLIOREC');
    expect(networks({ ...glioblastoma, intent: 'advice' })).to.equal('RENOCLIP-LOC');
  });

  it('a boundary the coordinators have not settled is routed and marked as a doubt', () => {
    const paget = route({ site: 'C63.2', morphology: '8542/3', sex: 'M' });
    expect(paget.outcome).to.equal('routed');
    expect(paget.doubt).to.equal(true);
    expect(route({ site: 'C77.0', morphology: '9690/3' }).doubt).to.equal(false);
  });

  it('only networks with the reading role would open a review', () => {
    const roles = (input: Parameters<typeof route>[0]) => route(input).networks.map(({ role }) => role);
    expect(roles({ site: 'C48.2', morphology: '9052/3' })).to.deep.equal(['reading', 'pathway']);
    expect(roles({ site: 'C69.3', morphology: '8720/3' })).to.deep.equal(['pathway']);
    expect(roles({ site: 'C17.1', morphology: '9717/3', contexts: ['coeliac_disease'] })).to.deep.equal([
      'reading',
      'reading',
    ]);
    expect(roles({ site: 'C44.7', morphology: '9140/3', contexts: ['HIV'] })).to.deep.equal([
      'reading',
      'terrain',
    ]);
  });
});
