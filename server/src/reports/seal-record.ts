import type { ReportRecord } from './model.js';
import { type SealedFacts, sealOf } from './seal.js';

/** A report before it is printed and kept. */
export type UnwrittenReport = Omit<ReportRecord, '_id' | 'pdf' | 'bound' | 'readBySenderAt'>;

/** What the seal of a report is made of, read from the report itself. */
export const factsOf = (report: Omit<UnwrittenReport, 'verificationCode'>): SealedFacts => ({
  caseNumber: report.caseNumber,
  networkId: report.networkId,
  kind: report.kind,
  number: report.number,
  content: report.content,
  amendment: report.amendment,
  signedAt: report.signedAt.toISOString(),
  signer: {
    id: report.signedBy.id,
    name: report.signedBy.displayName,
    organisation: report.signedBy.organisation,
    rpps: report.signerRpps,
  },
  slides: report.seal.slides,
  annotations: report.seal.annotations,
  previous: report.seal.previous,
});

/** False when somebody changed the store behind the product's back. */
export const isIntact = (report: UnwrittenReport): boolean => sealOf(factsOf(report)) === report.seal.sha256;
