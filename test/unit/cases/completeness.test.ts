import { checkCompleteness } from '@relecture/shared/cases/completeness.js';
import { type CaseContent, caseContent, updateCaseBody } from '@relecture/shared/cases/schema.js';
import { expect } from 'chai';
import { completeContent } from '../../factories/cases.js';

const ALL = { slideCount: 1, shipmentCount: 0, hasLocalReport: true, today: '2026-11-23' };
const missing = (content: CaseContent, material = ALL) =>
  checkCompleteness(content, material)
    .filter(({ done }) => !done)
    .map(({ code }) => code);
const content = (overrides = {}) => caseContent.parse(completeContent(overrides));

describe('completeness of a case', () => {
  it('finds nothing missing in a complete one', () => {
    expect(missing(content())).to.deep.equal([]);
  });

  it('misses everything but what has a default in an empty one', () => {
    expect(
      missing(caseContent.parse({}), { ...ALL, slideCount: 0, hasLocalReport: false }),
    ).to.include.members([
      'patient_identity',
      'patient_informed',
      'specimen',
      'first_diagnosis',
      'local_report',
      'material',
    ]);
  });

  it('takes a suspicion without a code when there is no formal diagnosis', () => {
    const suspicion = { formal: false, morphology: null, text: 'Lymphome ?', date: '2026-11-03' };
    expect(missing(content({ firstDiagnosis: suspicion }))).to.deep.equal([]);
    expect(missing(content({ firstDiagnosis: { ...suspicion, formal: true } }))).to.deep.equal([
      'first_diagnosis',
    ]);
    expect(missing(content({ firstDiagnosis: { ...suspicion, date: null } }))).to.deep.equal([]);
  });

  it('asks for what the sender chose to send: slides, or a parcel', () => {
    expect(missing(content({ materialBy: 'shipment' }))).to.deep.equal(['material']);
    expect(
      missing(content({ materialBy: 'shipment' }), { ...ALL, slideCount: 0, shipmentCount: 1 }),
    ).to.deep.equal([]);
  });

  it('does not pass dates that cannot be', () => {
    const early = { formal: true, morphology: '9690/3', text: 'Lymphome folliculaire', date: '2026-11-01' };
    expect(missing(content({ firstDiagnosis: early }))).to.deep.equal(['dates']);
  });

  it('asks why an expert is wished for', () => {
    const wish = { userId: '6'.repeat(24), reason: '' };
    expect(missing(content({ wishedExpert: wish }))).to.deep.equal(['expert_wish_reason']);
  });

  it('does not fill in sections that a save did not send', () => {
    expect(
      Object.keys(updateCaseBody.parse({ version: 1, content: { question: 'x' } }).content),
    ).to.deep.equal(['question']);
  });
});
