import { expect } from 'chai';
import { route } from './cases.js';

const fields = (input: Parameters<typeof route>[0]) => {
  const decision = route(input);
  return `${decision.outcome}: ${decision.fieldsToCorrect
    .map(({ field }) => field)
    .sort()
    .join(', ')}`;
};

describe('input that contradicts itself', () => {
  const rows: [string, Parameters<typeof route>[0], string][] = [
    ['ovary, male', { site: 'C56.9', morphology: '8620/3', sex: 'M' }, 'sex, site'],
    ['cervix, male', { site: 'C53.9', morphology: '8070/3', sex: 'M' }, 'sex, site'],
    ['prostate, female', { site: 'C61.9', morphology: '8140/3', sex: 'F' }, 'sex, site'],
    ['testis, female', { site: 'C62.9', morphology: '9061/3', sex: 'F' }, 'sex, site'],
    ['mole at 74', { site: 'C58.9', morphology: '9100/0', age: 74 }, 'age, morphology'],
    ['mole at 5', { site: 'C58.9', morphology: '9100/0', age: 5 }, 'age, morphology'],
    [
      'pregnancy, male',
      { site: 'C34.1', morphology: '8140/3', sex: 'M', contexts: ['pregnancy_related'] },
      'contexts, sex',
    ],
    ['retinoblastoma at 68', { site: 'C69.2', morphology: '9510/3', age: 68 }, 'age, morphology'],
    ['retinoblastoma of the lung', { site: 'C34.1', morphology: '9510/3', age: 3 }, 'morphology, site'],
    ['hepatoblastoma of the breast', { site: 'C50.4', morphology: '8970/3', age: 3 }, 'morphology, site'],
    ['prostate cancer at 6', { site: 'C61.9', morphology: '8140/3', sex: 'M', age: 6 }, 'age, morphology'],
    ['leukaemia of adults at 4', { site: 'C42.0', morphology: '9823/3', age: 4 }, 'age, morphology'],
    ['no site', { site: null, morphology: '8140/3' }, 'site'],
    ['an empty site', { site: ' ', morphology: '8140/3' }, 'site'],
    ['ICD-10 code of melanoma', { site: 'C43.5', morphology: '8720/3' }, 'site'],
    ['ICD-10 code of mesothelioma', { site: 'C45.0', morphology: '9050/3' }, 'site'],
    ['a subsite that does not exist', { site: 'C56.3', morphology: '8620/3' }, 'site'],
    ['a site that does not exist', { site: 'C99.9', morphology: '8140/3' }, 'site'],
    ['a morphology out of range', { site: 'C50.4', morphology: '9999/3' }, 'morphology'],
    ['a behaviour that does not exist', { site: 'C50.4', morphology: '8500/7' }, 'morphology'],
    ['a morphology that is no code', { site: 'C50.4', morphology: 'cancer' }, 'morphology'],
    ['an age of 214', { site: 'C50.4', morphology: '8500/3', age: 214 }, 'age'],
    ['an age below zero', { site: 'C50.4', morphology: '8500/3', age: -1 }, 'age'],
    ['an age that is no number', { site: 'C50.4', morphology: '8500/3', age: Number.NaN }, 'age'],
  ];
  for (const [name, input, expected] of rows) {
    it(`${name} stops with ${expected}`, () => expect(fields(input)).to.equal(`correct: ${expected}`));
  }

  it('names no network and gives every field a reason', () => {
    const decision = route({ site: 'C56.9', morphology: '8620/3', sex: 'M' });
    expect(decision.networks).to.deep.equal([]);
    for (const { reason } of decision.fieldsToCorrect) expect(reason.because?.fr).to.be.a('string');
  });

  it('what is not known contradicts nothing', () => {
    expect(route({ site: 'C56.9', morphology: '8620/3', sex: null }).outcome).to.equal('routed');
    expect(route({ site: 'C56.9', morphology: '8620/3', sex: 'U', age: null }).outcome).to.equal('routed');
    expect(route({ site: 'C58.9', morphology: '9100/0', age: null }).outcome).to.equal('routed');
  });

  it('a metastasis may lie outside the organ of its entity', () => {
    expect(route({ site: 'C34.1', morphology: '8970/6', age: 3 }).outcome).to.equal('routed');
  });

  it('a well-formed unknown code is trusted only when the words say what it is', () => {
    const alone = route({ site: 'C49.2', morphology: '8888/3' });
    expect(alone.outcome).to.equal('correct');
    const named = route({ site: 'C49.2', morphology: '8888/3', suspectedEntity: 'Léiomyosarcome' });
    expect(named.outcome).to.equal('routed');
    expect(named.doubt).to.equal(true);
    expect(named.reasons.map(({ code }) => code)).to.include('unknown_morphology');
  });

  it('reads codes as people write them', () => {
    for (const site of ['C77.0', 'c77.0', 'C770', ' C77.0 ']) {
      for (const morphology of ['9690/3', 'M9690/3', 'M-9690/3', '96903']) {
        expect(route({ site, morphology }).outcome).to.equal('routed');
      }
    }
  });
});
