import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type CaseRecord, identityOf } from '../cases/index.js';
import type { Config } from '../config/index.js';
import { findNetwork } from '../networks/index.js';
import { createSealedFiles, type SealedFiles } from '../platform/sealed-file.js';
import { describeIcdo3 } from '../routing/index.js';
import { slidesOfCase } from '../slides/index.js';
import { ReportModel, type ReportRecord } from './model.js';
import { canonicalJson, type SigningKey, signingKeyFrom } from './seal.js';
import { factsOf, type UnwrittenReport } from './seal-record.js';
import { stampPdf } from './stamp.js';

let folder = '';
let files: SealedFiles;
let signingKey: SigningKey;

/** Called once by app.ts. */
export async function configureReports(config: Config): Promise<void> {
  folder = join(config.dataDir, 'reports');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  files = createSealedFiles(config);
  signingKey = signingKeyFrom(config.reportSigningSeed);
}

/** What anybody compares a report's key with. */
export const verificationKey = (): { algorithm: 'ed25519'; publicKey: string; fingerprint: string } => ({
  algorithm: 'ed25519',
  publicKey: signingKey.publicKey,
  fingerprint: signingKey.fingerprint,
});

/** The PDF of a report, with or without the patient; stamped, so that the file alone can be verified. */
export async function printReport(
  report: UnwrittenReport,
  caseRecord: CaseRecord,
  level: 2 | 3,
  withIdentity: boolean,
): Promise<Buffer> {
  const known = new Map((await slidesOfCase(caseRecord._id)).map((slide) => [String(slide._id), slide]));
  const network = findNetwork(report.networkId);
  const facts = factsOf(report);
  // With the first report: what draws pages would hold up every start.
  const { drawReport } = await import('./pdf/draw-report.js');
  const pdf = await drawReport({
    report,
    level,
    networkName: network?.names.fr ?? report.networkId,
    coordinatingCentre: network?.coordinatingCentre ?? null,
    senderName: caseRecord.submittedBy?.displayName ?? caseRecord.createdBy.displayName,
    senderOrganisation: [caseRecord.organisationName, caseRecord.organisationCity].filter(Boolean).join(', '),
    submittedAt: caseRecord.submittedAt,
    patient: withIdentity ? identityOf(caseRecord) : null,
    content: caseRecord.content,
    slides: report.seal.slides.map(({ slideId, sha256 }) => ({
      stain: known.get(slideId)?.stain ?? '',
      block: known.get(slideId)?.block ?? '',
      sha256,
    })),
    describe: (code) => describeIcdo3(code, 'fr')?.label ?? code,
    keyFingerprint: signingKey.fingerprint,
    sealedJson: canonicalJson(facts),
  });
  return stampPdf(pdf, facts, signingKey);
}

/** Under a random name, encrypted: the file names the patient. */
export async function keepFile(pdf: Buffer): Promise<ReportRecord['pdf']> {
  const storedAs = randomUUID();
  return { storedAs, ...(await files.write(Readable.from([pdf]), join(folder, storedAs))) };
}

export const dropFile = ({ storedAs }: ReportRecord['pdf']): Promise<void> =>
  rm(join(folder, storedAs), { force: true });

/** The files of every report on record: for a demo that is made again. */
export async function removeReportFiles(): Promise<void> {
  for await (const { pdf } of ReportModel.find({}, { pdf: 1 }).lean<ReportRecord[]>().cursor())
    await dropFile(pdf);
}

export const openFile = ({ storedAs }: ReportRecord['pdf']): Promise<Readable> =>
  files.read(join(folder, storedAs));
