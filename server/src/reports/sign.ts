import { createHash } from 'node:crypto';
import { findReportGaps } from '@relecture/shared/reports/completeness.js';
import {
  type amendBody,
  type ReportContent,
  type ReportGap,
  reportContent,
  type signOutBody,
} from '@relecture/shared/reports/schema.js';
import { climbLadder } from '@relecture/shared/reviews/reading-ladder.js';
import { Types } from 'mongoose';
import type { z } from 'zod';
import { type ShapeToSeal, shapesToSeal } from '../annotations/index.js';
import type { CaseRecord } from '../cases/index.js';
import { type Passage, transition } from '../events/index.js';
import { findNetwork } from '../networks/index.js';
import { now } from '../platform/clock.js';
import { asPerson, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import {
  beginSealing,
  endSealing,
  getReview,
  mayRead,
  type Outcome,
  type ReviewRecord,
  seeReview,
} from '../reviews/index.js';
import { slidesOfCase } from '../slides/index.js';
import { getUser, verifySigner } from '../users/index.js';
import { readDraft } from './drafts.js';
import { ReportModel, type ReportRecord } from './model.js';
import { dropFile, keepFile, printReport } from './print-report.js';
import { canonicalJson, sealOf, verificationCodeOf } from './seal.js';
import { factsOf, type UnwrittenReport } from './seal-record.js';
import { boundReports, getReport } from './service.js';

/** What a crash left between the document and the gate is no report: the next one takes its number. */
async function clearUnbound(review: ReviewRecord): Promise<void> {
  const named = new Set(review.timeline.map(({ params }) => String(params.reportId ?? '')));
  const unbound = await ReportModel.find({ reviewId: review._id, bound: false }).lean<ReportRecord[]>();
  for (const report of unbound) {
    if (named.has(String(report._id))) await bindReport(report._id);
    else {
      await ReportModel.deleteOne({ _id: report._id, bound: false });
      await dropFile(report.pdf);
    }
  }
}

/** The gate has named it: now it is a report. Idempotent. */
export async function bindReport(reportId: string | Types.ObjectId): Promise<void> {
  await ReportModel.updateOne({ _id: reportId }, { $set: { bound: true } });
}

const sealShape = ({ _id, version, slideId, shape, category, label, note }: ShapeToSeal) => ({
  id: _id,
  version,
  sha256: createHash('sha256')
    .update(canonicalJson({ slideId: String(slideId), shape, category, label, note }))
    .digest('hex'),
});

interface Draft {
  readonly kind: ReportRecord['kind'];
  readonly content: ReportContent;
  readonly amendment: string;
}

/**
 * The report this very signature made before: sent twice by a double click, or again after its answer was lost. Found
 * by the name the gate wrote, so it is whole even if the first signature has not come round to binding it.
 */
async function signedAlready(
  { reportId }: ReviewRecord,
  { kind, content, amendment }: Draft,
  principal: Principal,
): Promise<ReportRecord | null> {
  const latest = reportId ? await ReportModel.findById(reportId).lean<ReportRecord>() : null;
  if (!latest || latest.signedBy.id !== principal.id) return null;
  const asked = canonicalJson({ kind, content, amendment });
  const made = canonicalJson({ kind: latest.kind, content: latest.content, amendment: latest.amendment });
  if (asked !== made) return null;
  await bindReport(latest._id);
  return await getReport(latest._id);
}

/** Seals, prints and keeps the document. It is not a report yet: the gate that follows is what signs it. */
async function prepareReport(
  review: ReviewRecord,
  caseRecord: CaseRecord,
  draft: Draft,
  principal: Principal,
): Promise<ReportRecord> {
  await clearUnbound(review);
  const before = (await boundReports(review._id)).at(-1);
  const signer = await getUser(principal.id);
  const slides = (await slidesOfCase(caseRecord._id)).flatMap(({ _id, status, sha256 }) =>
    status === 'ready' && sha256 !== null ? [{ slideId: String(_id), sha256 }] : [],
  );
  const annotations = [];
  for await (const shape of shapesToSeal(review._id)) annotations.push(sealShape(shape));
  const unsealed = {
    reviewId: review._id,
    caseId: review.caseId,
    caseNumber: review.caseNumber,
    networkId: review.networkId,
    ...draft,
    number: (before?.number ?? 0) + 1,
    signedAt: now(),
    signedBy: asPerson(principal),
    signerRpps: signer?.rpps ?? null,
    seal: { sha256: '', slides, annotations, previous: before?.seal.sha256 ?? null },
  };
  const sha256 = sealOf(factsOf(unsealed));
  const unwritten: UnwrittenReport = {
    ...unsealed,
    seal: { ...unsealed.seal, sha256 },
    verificationCode: verificationCodeOf(sha256),
  };
  const pdf = await keepFile(await printReport(unwritten, caseRecord, review.level, true));
  const report = { _id: new Types.ObjectId(), ...unwritten, pdf, bound: false, readBySenderAt: null };
  try {
    await ReportModel.create(report);
  } catch (error) {
    await dropFile(pdf);
    throw error;
  }
  return report;
}

type Gate = Pick<Passage<ReviewRecord>, 'event' | 'from' | 'to' | 'party' | 'set'>;

/**
 * One signature at a time holds the review. The document is written first, under the review's next number; the gate
 * names it in one atomic write, and only if the review is still held by this signature. Killed in between, the document
 * is not a report: nothing shows it, and the next signature clears it away.
 */
async function sign(
  review: ReviewRecord,
  caseRecord: CaseRecord,
  draft: Draft,
  gate: (report: ReportRecord) => Gate,
  principal: Principal,
): Promise<ReportRecord> {
  const token = await beginSealing(review._id);
  try {
    const held = await getReview(review._id);
    if (held.version !== review.version) {
      const made = await signedAlready(held, draft, principal);
      if (made) return made;
      throw new ProblemError(
        held.status === 'signed' && review.status !== 'signed' ? 'REPORT_SIGNED' : 'STATUS_CONFLICT',
      );
    }
    const report = await prepareReport(held, caseRecord, draft, principal);
    const { set, ...passage } = gate(report);
    await transition<ReviewRecord>({
      ...passage,
      kind: 'review',
      id: review._id,
      by: principal,
      params: { reportId: String(report._id), kind: draft.kind, number: report.number },
      set: { ...set, reportId: report._id, sealing: null },
      version: review.version,
      where: { 'sealing.token': token },
    });
    await bindReport(report._id);
    return await getReport(report._id);
  } finally {
    await endSealing(review._id, token);
  }
}

function checkGaps(gaps: readonly ReportGap[]): void {
  if (gaps.length === 0) return;
  throw new ProblemError('REPORT_INCOMPLETE', {
    fields: gaps.map((gap) => ({ path: `content.${gap}`, code: gap, message: gap })),
  });
}

/** Signs; asked again for what it signed, answers that report. @throws {ProblemError} PASSWORD_WRONG, REPORT_INCOMPLETE with the gaps, STATUS_CONFLICT, REPORT_SIGNED. */
export async function signOut(
  reviewId: string,
  body: z.output<typeof signOutBody>,
  principal: Principal,
): Promise<ReportRecord> {
  const { review, caseRecord } = await seeReview(reviewId, principal);
  if (!mayRead(review, principal)) throw new ProblemError('FORBIDDEN');
  if (!['in_review', 'preliminary', 'signed'].includes(review.status))
    throw new ProblemError('STATUS_CONFLICT');
  await verifySigner(principal.id, body.password);
  const content = reportContent.parse(body.content ?? (await readDraft(review, caseRecord)).content);
  const draft: Draft = { kind: body.kind, content, amendment: '' };
  const made = await signedAlready(review, draft, principal);
  if (made) return made;
  if (review.status === 'signed') throw new ProblemError('REPORT_SIGNED');
  const read = new Set(review.readSlideIds.map(String));
  const unread = (await slidesOfCase(caseRecord._id)).filter(
    ({ _id, status }) => status === 'ready' && !read.has(String(_id)),
  ).length;
  checkGaps(findReportGaps(content, body.kind, unread));
  const ladder = climbLadder({
    networkId: review.networkId,
    level: review.level,
    levels: findNetwork(review.networkId)?.levels ?? [],
    content,
    provenMarkers: body.provenMarkers,
    ancillaryTests: caseRecord.content.ancillaryTests,
    thirdAsked: body.thirdReading,
  });
  const gate = ({ signedAt }: ReportRecord): Gate =>
    body.kind === 'final'
      ? {
          event: 'review.signed',
          from: [review.status],
          to: 'signed',
          party: 'none',
          set: { signedAt, outcome: outcomeOf(content, body.kind), ladder },
        }
      : { event: 'review.preliminary-signed', from: [review.status], to: 'preliminary', party: 'reviewer' };
  return await sign(review, caseRecord, draft, gate, principal);
}

/** What figures are made of: codes, no text. */
const outcomeOf = ({ concordance, morphology }: ReportContent, kind: string): Outcome => ({
  agreement: concordance.agreement,
  kind,
  types: concordance.types,
  impact: concordance.therapeuticImpact,
  morphology,
});

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
  await verifySigner(principal.id, body.password);
  const latest = (await boundReports(review._id)).at(-1) ?? earlier;
  const correction = body.kind === 'correction';
  const content = (correction && body.content) || latest.content;
  if (correction) checkGaps(findReportGaps(content, 'correction', 0));
  const draft: Draft = { kind: body.kind, content, amendment: body.text };
  const made = await signedAlready(review, draft, principal);
  if (made) return made;
  const gate = (): Gate => ({
    event: correction ? 'review.correction-signed' : 'review.addendum-signed',
    from: ['signed'],
    to: 'same',
    party: 'same',
    ...(correction ? { set: { outcome: outcomeOf(content, 'correction') } } : {}),
  });
  return await sign(review, caseRecord, draft, gate, principal);
}
