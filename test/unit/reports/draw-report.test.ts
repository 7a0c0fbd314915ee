import { drawReport, type ReportSheet } from '@relecture/server/reports/pdf/draw-report.js';
import { canonicalJson } from '@relecture/server/reports/seal.js';
import { caseContent } from '@relecture/shared/cases/schema.js';
import { expect } from 'chai';
import { Types } from 'mongoose';
import { facts } from './facts.js';

const sheet = (kind: ReportSheet['report']['kind'], overrides: Partial<ReportSheet> = {}): ReportSheet => {
  const sealed = facts({ kind });
  return {
    report: {
      reviewId: new Types.ObjectId(),
      caseId: new Types.ObjectId(),
      caseNumber: sealed.caseNumber,
      networkId: sealed.networkId,
      kind,
      number: 1,
      content: sealed.content,
      amendment: kind === 'final' ? '' : 'Clonalité confirmée.',
      signedAt: new Date(sealed.signedAt),
      signedBy: { id: sealed.signer.id, displayName: sealed.signer.name, organisation: 'CHU' },
      signerRpps: sealed.signer.rpps,
      seal: { sha256: 'e'.repeat(64), slides: [], annotations: [], previous: null },
      verificationCode: 'ABCDE-FGHJK',
    },
    level: 2,
    networkName: 'LYMPHOPATH',
    coordinatingCentre: 'Toulouse',
    senderName: 'Dr Claude Le Goff',
    senderOrganisation: 'CH de Quimper',
    submittedAt: new Date('2026-11-12T08:00:00Z'),
    patient: null,
    content: caseContent.omit({ patient: true }).parse({ question: 'Grade ?', intent: 'advice' }),
    slides: [{ stain: 'HES', block: 'A1', sha256: 'f'.repeat(64) }],
    describe: (code) => code,
    keyFingerprint: '0123456789abcdef',
    sealedJson: canonicalJson(sealed),
    ...overrides,
  };
};

const pagesOf = (pdf: Buffer): number =>
  Number(/\/Type \/Pages\n\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1]);

describe('printed report', () => {
  it('prints each kind as an A4 PDF/A with its typeface and its sealed facts inside', async () => {
    for (const kind of ['preliminary', 'final', 'addendum', 'correction'] as const) {
      const pdf = await drawReport(sheet(kind));
      const text = pdf.toString('latin1');
      expect(text.startsWith('%PDF-1.7'), kind).to.equal(true);
      expect(text).to.contain('<pdfaid:part>3</pdfaid:part>');
      expect(text).to.contain('SourceSans3').and.not.contain('/Helvetica');
      expect(text).to.contain('/AFRelationship /Source');
      expect(text).to.contain('[0 0 595.28 841.89]');
      expect(pagesOf(pdf)).to.be.within(1, 3);
    }
  });

  it('takes a long text over as many pages as it needs, and loses no page to the footer', async () => {
    const paragraph = 'Prolifération folliculaire dense ; κ −, λ +, Ki-67 ≥ 20 %, t(14;18) → présent.\n';
    const long = sheet('final');
    const one = pagesOf(await drawReport(long));
    const many = await drawReport({
      ...long,
      report: { ...long.report, content: { ...long.report.content, microscopy: paragraph.repeat(200) } },
    });
    expect(pagesOf(many)).to.be.within(one + 3, one + 9);
  });

  it('goes on over the page with a conclusion longer than one', async () => {
    const base = sheet('final');
    const conclusion = 'Lymphome folliculaire, avec une plage de grande cellule. '.repeat(150);
    const pdf = await drawReport({
      ...base,
      report: { ...base.report, content: { ...base.report.content, conclusion } },
    });
    expect(pagesOf(pdf)).to.be.greaterThan(1);
  });

  it('prints the tests that the sender did, under the names that the sender gave them', async () => {
    const base = sheet('final');
    const tests = Array.from({ length: 60 }, (_, index) => ({
      id: String(index),
      kind: 'immunohistochemistry' as const,
      name: `Marqueur ${index}`,
      result: 'positive' as const,
      detail: 'diffus',
    }));
    const none = pagesOf(await drawReport(base));
    const many = await drawReport({ ...base, content: { ...base.content, ancillaryTests: tests } });
    expect(pagesOf(many)).to.be.greaterThan(none);
  });

  it('survives what people paste', async () => {
    const conclusion = 'A\u0000B\u0007\tC\r\nD \u{1F52C} \u200B漢字 ﬁ';
    const base = sheet('final');
    const pdf = await drawReport({
      ...base,
      report: { ...base.report, content: { ...base.report.content, conclusion } },
    });
    expect(pagesOf(pdf)).to.be.greaterThan(0);
  });
});
