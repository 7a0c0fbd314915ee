import { findReportGaps } from '@relecture/shared/reports/completeness.js';
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
