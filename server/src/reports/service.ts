import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { findReportGaps } from '@relecture/shared/reports/completeness.js';
import {
  type amendBody,
  type ReportContent,
  reportContent,
  type signOutBody,
} from '@relecture/shared/reports/schema.js';
import { Types } from 'mongoose';
import type { z } from 'zod';
import { annotationVersionsOfReview } from '../annotations/index.js';
import { type CaseRecord, identityOf, isSender, maySeeIdentity } from '../cases/index.js';
import type { Config } from '../config/index.js';
import { transition } from '../events/index.js';
import { findNetwork } from '../networks/index.js';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import { asPerson, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { createSealedFiles, type SealedFiles } from '../platform/sealed-file.js';
import { mayRead, maySeeOpinion, type ReviewRecord, seeReview } from '../reviews/index.js';
import { describeIcdo3 } from '../routing/index.js';
import { slidesOfCase } from '../slides/index.js';
import { getUser, verifyPassword } from '../users/index.js';
import { readDraft } from './drafts.js';
import { drawReport } from './draw-report.js';
import { ReportModel, type ReportRecord } from './model.js';
import { type SigningKey, sealOf, signingKeyFrom, stampPdf, verificationCodeOf } from './seal.js';

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

type Unwritten = Omit<ReportRecord, '_id' | 'pdf' | 'bound' | 'readBySenderAt'>;

/** The PDF of a report, with or without the patient; stamped, so that the file alone can be verified. */
async function printReport(
  report: Unwritten,
  caseRecord: CaseRecord,
  withIdentity: boolean,
): Promise<Buffer> {
  const sealed = new Set(report.seal.slides.map(({ slideId }) => slideId));
  const slides = (await slidesOfCase(caseRecord._id)).filter(({ _id }) => sealed.has(String(_id)));
  const network = findNetwork(report.networkId);
  const pdf = await drawReport({
    report,
    networkName: network?.names.fr ?? report.networkId,
    coordinatingCentre: network?.coordinatingCentre ?? null,
    senderName: caseRecord.submittedBy?.displayName ?? caseRecord.createdBy.displayName,
    senderOrganisation: [caseRecord.organisationName, caseRecord.organisationCity].filter(Boolean).join(', '),
    submittedAt: caseRecord.submittedAt,
    patient: withIdentity ? identityOf(caseRecord) : null,
    content: caseRecord.content,
    slides: slides.map(({ stain, block }) => ({ stain, block })),
    describe: (code) => describeIcdo3(code, 'fr')?.label ?? code,
    keyFingerprint: signingKey.fingerprint,
  });
  return stampPdf(
    pdf,
    {
      c: report.caseNumber,
      k: report.kind,
      n: report.number,
      t: report.signedAt.toISOString(),
      s: report.signedBy.displayName,
      h: report.seal.sha256,
    },
    signingKey,
  );
}

/** Reports that the review's timeline names, oldest first. */
const boundReports = (reviewId: Types.ObjectId): Promise<ReportRecord[]> =>
  ReportModel.find({ reviewId, bound: true }).sort({ number: 1 }).limit(200).lean<ReportRecord[]>().exec();

/** What a crash left between the document and the gate is no report: the next one takes its number. */
async function clearUnbound(review: ReviewRecord): Promise<void> {
  const named = new Set(review.timeline.map(({ params }) => String(params.reportId ?? '')));
  for (const report of await ReportModel.find({ reviewId: review._id, bound: false }).lean<
    ReportRecord[]
  >()) {
    if (named.has(String(report._id)))
      await ReportModel.updateOne({ _id: report._id }, { $set: { bound: true } });
    else {
      await ReportModel.deleteOne({ _id: report._id, bound: false });
      await rm(join(folder, report.pdf.storedAs), { force: true });
    }
  }
}

/** Seals, prints and keeps the document; the gate that follows is what signs it. */
async function prepareReport(
  review: ReviewRecord,
  caseRecord: CaseRecord,
  kind: ReportRecord['kind'],
  content: ReportContent,
  amendment: string,
  principal: Principal,
): Promise<ReportRecord> {
  await clearUnbound(review);
  const before = (await boundReports(review._id)).at(-1);
  const signer = await getUser(principal.id);
  const signedAt = now();
  const slides = (await slidesOfCase(caseRecord._id))
    .filter(({ status, sha256 }) => status === 'ready' && sha256 !== null)
    .map(({ _id, sha256 }) => ({ slideId: String(_id), sha256: sha256 ?? '' }));
  const annotations = await annotationVersionsOfReview(review._id);
  const number = (before?.number ?? 0) + 1;
  const sha256 = sealOf({
    caseNumber: review.caseNumber,
    networkId: review.networkId,
    kind,
    number,
    content,
    amendment,
    signedAt: signedAt.toISOString(),
    signer: {
      id: principal.id,
      name: principal.displayName,
      organisation: principal.organisationName,
      rpps: signer?.rpps ?? null,
    },
    slides,
    annotations,
    previous: before?.seal.sha256 ?? null,
  });
  const unwritten: Unwritten = {
    reviewId: review._id,
    caseId: review.caseId,
    caseNumber: review.caseNumber,
    networkId: review.networkId,
    kind,
    number,
    content,
    amendment,
    signedAt,
    signedBy: asPerson(principal),
    signerRpps: signer?.rpps ?? null,
    seal: { sha256, slides, annotations, previous: before?.seal.sha256 ?? null },
    verificationCode: verificationCodeOf(sha256),
  };
  const storedAs = randomUUID();
  const kept = await files.write(
    Readable.from([await printReport(unwritten, caseRecord, true)]),
    join(folder, storedAs),
  );
  const report: ReportRecord = {
    _id: new Types.ObjectId(),
    ...unwritten,
    pdf: { storedAs, ...kept },
    bound: false,
    readBySenderAt: null,
  };
  try {
    await ReportModel.create(report);
  } catch (error) {
    await rm(join(folder, storedAs), { force: true });
    // Two signatures at once: the other one came first.
    if ((error as { code?: number }).code === 11000) throw new ProblemError('CONFLICT');
    throw error;
  }
  return report;
}

/** Signs. @throws {ProblemError} PASSWORD_WRONG, REPORT_INCOMPLETE with the gaps, STATUS_CONFLICT, REPORT_SIGNED. */
export async function signOut(
  reviewId: string,
  body: z.output<typeof signOutBody>,
  principal: Principal,
): Promise<ReportRecord> {
  const { review, caseRecord } = await seeReview(reviewId, principal);
  if (!mayRead(review, principal)) throw new ProblemError('FORBIDDEN');
  if (review.status === 'signed') throw new ProblemError('REPORT_SIGNED');
  if (!['in_review', 'preliminary'].includes(review.status)) throw new ProblemError('STATUS_CONFLICT');
  await verifyPassword(principal.id, body.password);
  const content = reportContent.parse(body.content ?? (await readDraft(review, caseRecord)).content);
  const read = new Set(review.readSlideIds.map(String));
  const unread = (await slidesOfCase(caseRecord._id)).filter(
    ({ _id, status }) => status === 'ready' && !read.has(String(_id)),
  ).length;
  const gaps = findReportGaps(content, body.kind, unread);
  if (gaps.length > 0) {
    throw new ProblemError('REPORT_INCOMPLETE', {
      fields: gaps.map((gap) => ({ path: `content.${gap}`, code: gap, message: gap })),
    });
  }
  const report = await prepareReport(review, caseRecord, body.kind, content, '', principal);
  const final = body.kind === 'final';
  await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: final ? 'review.signed' : 'review.preliminary-signed',
    from: [review.status],
    to: final ? 'signed' : 'preliminary',
    party: final ? 'none' : 'reviewer',
    by: principal,
    params: { reportId: String(report._id), kind: body.kind, number: report.number },
    set: {
      reportId: report._id,
      ...(final
        ? {
            signedAt: report.signedAt,
            outcome: { agreement: content.concordance.agreement, kind: body.kind },
          }
        : {}),
    },
    where: { version: review.version },
  });
  return await getReport(report._id);
}

/** Adds to a signed report, or corrects it: a new version in the chain; what was signed stays as it is. */
export async function amendReport(
  reportId: string,
  body: z.output<typeof amendBody>,
  principal: Principal,
): Promise<ReportRecord> {
  const earlier = await getReport(reportId);
  const { review, caseRecord } = await seeReview(earlier.reviewId, principal);
  if (!mayRead(review, principal)) throw new ProblemError('FORBIDDEN');
  if (review.status !== 'signed') throw new ProblemError('STATUS_CONFLICT');
  await verifyPassword(principal.id, body.password);
  const latest = (await boundReports(review._id)).at(-1) ?? earlier;
  const content = body.kind === 'correction' ? (body.content ?? latest.content) : latest.content;
  const gaps = body.kind === 'correction' ? findReportGaps(content, 'correction', 0) : [];
  if (gaps.length > 0) {
    throw new ProblemError('REPORT_INCOMPLETE', {
      fields: gaps.map((gap) => ({ path: `content.${gap}`, code: gap, message: gap })),
    });
  }
  const report = await prepareReport(review, caseRecord, body.kind, content, body.text, principal);
  const correction = body.kind === 'correction';
  await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: correction ? 'review.correction-signed' : 'review.addendum-signed',
    from: ['signed'],
    to: 'same',
    party: 'same',
    by: principal,
    params: { reportId: String(report._id), kind: body.kind, number: report.number },
    set: {
      reportId: report._id,
      ...(correction ? { outcome: { agreement: content.concordance.agreement, kind: 'correction' } } : {}),
    },
    where: { version: review.version },
  });
  return await getReport(report._id);
}

/** The gate has named it: now it is a report. Idempotent. */
export async function bindReport(reportId: string): Promise<void> {
  await ReportModel.updateOne({ _id: reportId }, { $set: { bound: true } });
}

/** @throws {ProblemError} NOT_FOUND */
export async function getReport(reportId: string | Types.ObjectId): Promise<ReportRecord> {
  const report = Types.ObjectId.isValid(reportId)
    ? await ReportModel.findOne({ _id: reportId, bound: true }).lean<ReportRecord>()
    : null;
  if (!report) throw new ProblemError('NOT_FOUND');
  return report;
}

async function seeReport(reportId: string, principal: Principal) {
  const report = await getReport(reportId);
  const { review, caseRecord } = await seeReview(report.reviewId, principal);
  if (!maySeeOpinion(review, caseRecord, principal)) throw new ProblemError('NOT_FOUND');
  return { report, review, caseRecord };
}

export async function readReport(reportId: string, principal: Principal): Promise<ReportRecord> {
  const { report } = await seeReport(reportId, principal);
  await recordAccess({
    actorId: principal.id,
    action: 'report.read',
    recordKind: 'report',
    recordId: reportId,
  });
  return report;
}

/** The signed file itself for those who may see the patient; for others the same report, printed without. */
export async function readReportPdf(
  reportId: string,
  principal: Principal,
): Promise<{ report: ReportRecord; stream: Readable; bytes: number }> {
  const { report, caseRecord } = await seeReport(reportId, principal);
  await recordAccess({
    actorId: principal.id,
    action: 'report.downloaded',
    recordKind: 'report',
    recordId: reportId,
  });
  if (maySeeIdentity(caseRecord, principal)) {
    return { report, stream: await files.read(join(folder, report.pdf.storedAs)), bytes: report.pdf.bytes };
  }
  const pdf = await printReport(report, caseRecord, false);
  return { report, stream: Readable.from([pdf]), bytes: pdf.length };
}

/** The sender's people have read it; the first time is kept. */
export async function markReportRead(reportId: string, principal: Principal): Promise<void> {
  const { report, review, caseRecord } = await seeReport(reportId, principal);
  if (!isSender(caseRecord, principal)) throw new ProblemError('FORBIDDEN');
  const { modifiedCount } = await ReportModel.updateOne(
    { _id: report._id, readBySenderAt: null },
    { $set: { readBySenderAt: now() } },
  );
  if (modifiedCount === 0) return;
  await transition<ReviewRecord>({
    kind: 'review',
    id: review._id,
    event: 'review.report-read',
    from: [review.status],
    to: 'same',
    party: 'same',
    by: principal,
    params: { readReportId: reportId },
  });
}

export const reportsOfCase = (caseId: string | Types.ObjectId): Promise<ReportRecord[]> =>
  ReportModel.find({ caseId, bound: true }).sort({ signedAt: 1 }).limit(200).lean<ReportRecord[]>().exec();
