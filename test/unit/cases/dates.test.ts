import { checkDates, describeDateFinding } from '@relecture/shared/cases/dates.js';
import { caseContent } from '@relecture/shared/cases/schema.js';
import { expect } from 'chai';
import fc from 'fast-check';

const TODAY = '2026-11-23';

interface Dates {
  birth?: string;
  samples?: (string | null)[];
  diagnosis?: string;
  board?: string;
}

const content = ({ birth = '1968-04-12', samples = ['2026-11-02'], diagnosis, board }: Dates) =>
  caseContent.parse({
    patient: { birthDate: birth },
    specimens: samples.map((sampledOn, index) => ({
      id: `s${index}`,
      site: null,
      sampleType: null,
      sampledOn,
      fixative: null,
      frozenTissueKept: null,
    })),
    firstDiagnosis: { formal: true, morphology: null, text: '', date: diagnosis ?? '2026-11-06' },
    tumourBoardOn: board ?? null,
  });
const found = (dates: Dates) =>
  checkDates(content(dates), TODAY).map(({ code, blocking }) => `${blocking ? 'no' : 'unlikely'}: ${code}`);

describe('dates of a case', () => {
  it('have nothing against each other in an ordinary case', () => {
    expect(found({})).to.deep.equal([]);
    expect(found({ samples: ['2026-11-06'], board: '2026-12-03' })).to.deep.equal([]);
    expect(checkDates(caseContent.parse({}), TODAY)).to.deep.equal([]);
  });

  it('block what cannot be', () => {
    expect(found({ birth: '2061-01-01' })).to.include('no: birth_in_future');
    expect(found({ samples: ['2026-11-24'], diagnosis: '2026-11-24' })).to.deep.equal([
      'no: diagnosis_in_future',
      'no: sample_in_future',
    ]);
    expect(found({ samples: ['1968-04-11'] })).to.deep.equal(['no: sample_before_birth']);
    expect(found({ diagnosis: '1960-01-01' })).to.include('no: diagnosis_before_birth');
    expect(found({ samples: ['2026-11-20'], diagnosis: '2026-11-01' })).to.deep.equal([
      'no: sample_after_diagnosis',
    ]);
  });

  it('only warn of what is unlikely', () => {
    expect(found({ samples: ['2026-10-20', '2026-11-20'] })).to.deep.equal(['unlikely: later_sample']);
    expect(found({ birth: '1901-01-01' })).to.deep.equal(['unlikely: very_old']);
    expect(found({ board: '2026-01-05' })).to.deep.equal(['unlikely: tumour_board_long_past']);
  });

  it('never block birth ≤ sample ≤ diagnosis ≤ today, whatever the days', () => {
    const day = fc
      .date({ min: new Date('1930-01-01'), max: new Date(TODAY), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(fc.array(day, { minLength: 3, maxLength: 3 }), (days) => {
        const [birth, sample, diagnosis] = days.sort() as [string, string, string];
        const findings = checkDates(content({ birth, samples: [sample], diagnosis }), TODAY);
        expect(findings.filter(({ blocking }) => blocking)).to.deep.equal([]);
      }),
    );
  });

  it('have words for people, and none for another code', () => {
    expect(describeDateFinding('sample_after_diagnosis', 'fr')).to.contain('postérieur');
    expect(describeDateFinding('local_report', 'fr')).to.equal(null);
    expect(describeDateFinding('toString', 'fr')).to.equal(null);
  });
});
