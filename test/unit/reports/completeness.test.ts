import { findReportDoubt, findReportGaps } from '@relecture/shared/reports/completeness.js';
import { type ReportContent, reportContent } from '@relecture/shared/reports/schema.js';
import { expect } from 'chai';

const complete = (overrides: Partial<ReportContent> = {}): ReportContent => ({
  ...reportContent.parse({ conclusion: 'Lymphome folliculaire.', morphology: '9690/3' }),
  concordance: { agreement: 'concordant', types: [], therapeuticImpact: 'none', comment: '' },
  ...overrides,
});

describe('gaps of a report', () => {
  it('finds none in a complete one', () => {
    expect(findReportGaps(complete(), 'final', 0)).to.deep.equal([]);
  });

  it('names each missing part of a final one, in the order of the page', () => {
    expect(findReportGaps(reportContent.parse({}), 'final', 2)).to.deep.equal([
      'conclusion',
      'morphology',
      'agreement',
      'therapeutic_impact',
      'slides_unread',
    ]);
  });

  it('asks a preliminary one for its conclusion only', () => {
    expect(findReportGaps(reportContent.parse({ conclusion: ' \n' }), 'preliminary', 5)).to.deep.equal([
      'conclusion',
    ]);
    expect(findReportGaps(reportContent.parse({ conclusion: 'En cours.' }), 'preliminary', 5)).to.deep.equal(
      [],
    );
  });

  it('asks what differs as soon as something does', () => {
    for (const agreement of ['partial', 'discordant'] as const) {
      const concordance = { agreement, types: [], therapeuticImpact: 'major' as const, comment: '' };
      expect(findReportGaps(complete({ concordance }), 'final', 0)).to.deep.equal(['discordance_type']);
    }
  });

  it('lets a lesion be unclassifiable, or no tumour, without a morphology', () => {
    for (const outcome of ['unclassifiable', 'no_tumour'] as const) {
      expect(findReportGaps(complete({ outcome, morphology: null }), 'final', 0)).to.deep.equal([]);
    }
  });
});

describe('what a report says against the first diagnosis', () => {
  it('is told when « concordant » stands beside another code, and worse, another behaviour', () => {
    expect(findReportDoubt(complete(), '9690/3')).to.equal(null);
    expect(findReportDoubt(complete({ morphology: '9698/3' }), '9690/3')).to.equal(
      'concordant_other_morphology',
    );
    expect(findReportDoubt(complete({ morphology: '8330/0' }), '9690/3')).to.equal(
      'concordant_other_behaviour',
    );
    expect(findReportDoubt(complete({ outcome: 'no_tumour', morphology: null }), '9690/3')).to.equal(
      'concordant_no_tumour',
    );
  });

  it('is nothing without a formal diagnosis, without a code of one’s own, or when one disagrees', () => {
    expect(findReportDoubt(complete({ morphology: '8330/0' }), null)).to.equal(null);
    expect(findReportDoubt(complete({ morphology: null }), '9690/3')).to.equal(null);
    const concordance = {
      ...complete().concordance,
      agreement: 'discordant' as const,
      types: ['entity' as const],
    };
    expect(findReportDoubt(complete({ morphology: '8330/0', concordance }), '9690/3')).to.equal(null);
  });
});
