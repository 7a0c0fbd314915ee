import type { CasePage } from '@relecture/shared/cases/page.js';
import type { CasePermission, CaseRow } from '@relecture/shared/cases/schema.js';
import { rankCandidates } from '@relecture/shared/routing/rank-candidates.js';
import { recipientsOf, turnaroundOf } from '../assignments/index.js';
import {
  type CaseRecord,
  checklistOf,
  countMessages,
  isSender,
  mayAddMaterial,
  mayCorrectPatient,
  mayDispatch,
  mayEdit,
  mayHoldSlides,
  mayPostMessage,
  mayReadReason,
  mayReceiveShipment,
  maySeeIdentity,
  maySubmit,
  mayWithdraw,
  partialIdentityOf,
  presentAttachment,
  presentShipment,
  seeCase,
  twinsOf,
} from '../cases/index.js';
import { presentEntry } from '../events/index.js';
import { isOpenRequest, materialRequestsOfCase, presentMaterialRequest } from '../materials/index.js';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { presentReport, reportsOfCase } from '../reports/index.js';
import {
  mayAssign,
  maySeeOpinion,
  presentReview,
  presentReviewTimeline,
  type ReviewRecord,
  reviewsOfCase,
} from '../reviews/index.js';
import { type DecisionRecord, explainReason, latestDecision } from '../routing/index.js';
import { presentSlide, shownSlides, slidesOfCase } from '../slides/index.js';

type Language = 'fr' | 'en';

function permissionsOf(
  record: CaseRecord,
  reviews: readonly ReviewRecord[],
  openRequests: number,
  principal: Principal,
): CasePermission[] {
  const rules: Array<[CasePermission, boolean]> = [
    ['edit', mayEdit(record, principal)],
    ['submit', maySubmit(record, principal)],
    ['delete_draft', record.status === 'draft' && mayEdit(record, principal)],
    ['withdraw', mayWithdraw(record, principal)],
    ['correct_patient', mayCorrectPatient(record, principal)],
    ['add_slide', mayAddMaterial(record, principal)],
    ['add_attachment', mayAddMaterial(record, principal)],
    ['declare_shipment', mayAddMaterial(record, principal)],
    ['receive_shipment', mayReceiveShipment(record, principal) && !isSender(record, principal)],
    ['post_message', mayPostMessage(record, principal)],
    ['see_identity', maySeeIdentity(record, principal)],
    ['dispatch', record.status === 'to_dispatch' && mayDispatch(principal)],
    ['assign', reviews.some((review) => mayAssign(review, principal))],
    ['admit', reviews.some((review) => review.status === 'routed' && mayAssign(review, principal))],
    ['hold_slides', mayHoldSlides(record, principal)],
    ['answer_material', openRequests > 0 && isSender(record, principal)],
  ];
  return rules.flatMap(([permission, allowed]) => (allowed ? [permission] : []));
}

/**
 * What was typed for the choice of a network or of an expert goes to those who choose; the prescriber's name to those who
 * know whose doctor it is.
 */
function contentFor(
  record: CaseRecord,
  reviews: readonly ReviewRecord[],
  principal: Principal,
): CasePage['content'] {
  const { content } = record;
  if (maySeeIdentity(record, principal)) return content;
  const chooses = mayDispatch(principal) || reviews.some((review) => mayAssign(review, principal));
  return {
    ...content,
    prescriber: null,
    contestedRouting: mayDispatch(principal) ? content.contestedRouting : null,
    wishedExpert: chooses ? content.wishedExpert : null,
  };
}

function presentRouting(
  kept: DecisionRecord,
  mayReadChoice: boolean,
  language: Language,
): CasePage['routing'] {
  const { decision } = kept;
  return {
    outcome: decision.outcome,
    decidedBy: kept.decidedBy,
    reason: mayReadChoice ? kept.reason : null,
    rulesVersion: decision.rulesVersion,
    explanation: decision.reasons.map((reason) => explainReason(reason, language)),
    ranked: rankCandidates(decision).map((candidate) => ({
      networkId: candidate.networkId,
      role: decision.networks.find(({ networkId }) => networkId === candidate.networkId)?.role ?? '',
      for: candidate.for.map((reason) => explainReason(reason, language)),
      against: candidate.against.map((reason) => explainReason(reason, language)),
    })),
    fieldsToCorrect: decision.fieldsToCorrect.map(({ field, reason }) => ({
      field,
      message: explainReason(reason, language),
    })),
  };
}

/** Until a third reading opens, whoever held the network's second one held the case. */
const secondOf = (third: ReviewRecord, reviews: readonly ReviewRecord[]): ReviewRecord['timeline'] =>
  third.level === 3
    ? reviews.flatMap(({ networkId, level, timeline }) =>
        networkId === third.networkId && level === 2
          ? timeline.filter(({ at }) => at <= third.createdAt)
          : [],
      )
    : [];

/** The case page for whoever asks: identity, opinions and acts follow the same policies as each route. */
export async function composeCasePage(
  caseId: string,
  principal: Principal,
  language: Language,
): Promise<CasePage> {
  const record = await seeCase(caseId, principal);
  const [reviews, all, requests, reports, decision, messageCount] = await Promise.all([
    reviewsOfCase(record._id),
    slidesOfCase(record._id),
    materialRequestsOfCase(record._id),
    reportsOfCase(record._id),
    latestDecision(record._id),
    countMessages(record._id),
  ]);
  await recordAccess({ actorId: principal.id, action: 'case.read', recordKind: 'case', recordId: caseId });
  const identity = maySeeIdentity(record, principal);
  const slides = shownSlides(all, record, principal);
  const seenReviews = new Map(
    reviews
      .filter((review) => maySeeOpinion(review, record, principal))
      .map((review) => [String(review._id), review]),
  );
  const { projection } = record;
  const openRequests = requests.filter(isOpenRequest).length;
  const timeline = [
    ...record.timeline.map((entry) => ({
      ...presentEntry(entry, mayReadReason(entry, record, principal)),
      record: 'case' as const,
      recordId: String(record._id),
    })),
    ...reviews.flatMap((review) =>
      presentReviewTimeline(review, record, principal).map((entry) => ({
        ...entry,
        record: 'review' as const,
        recordId: String(review._id),
      })),
    ),
    ...slides.flatMap((slide) =>
      slide.timeline.map((entry) => ({
        ...presentEntry(entry, true),
        record: 'slide' as const,
        recordId: String(slide._id),
      })),
    ),
    // A stable sort: entries of one record and one instant keep the order in which they were written.
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return {
    id: caseId,
    number: record.number,
    version: record.version,
    status: record.status,
    progress: projection.progress,
    party: projection.party,
    heldBy: projection.heldBy,
    since: projection.since.toISOString(),
    dueAt: projection.dueAt?.toISOString() ?? null,
    overdue: projection.dueAt !== null && projection.dueAt < now(),
    organisation: {
      id: String(record.organisationId),
      name: record.organisationName,
      city: record.organisationCity,
    },
    createdBy: record.createdBy,
    submittedBy: record.submittedBy,
    submittedAt: record.submittedAt?.toISOString() ?? null,
    content: contentFor(record, reviews, principal),
    patient: identity ? partialIdentityOf(record) : null,
    age: record.age,
    checklist: checklistOf(record),
    slides: slides.map(presentSlide),
    legalHold: record.legalHold
      ? {
          by: record.legalHold.by,
          at: record.legalHold.at.toISOString(),
          reason: identity ? record.legalHold.reason : null,
        }
      : null,
    attachments: identity
      ? record.attachments.map((attachment) => presentAttachment(record, attachment))
      : [],
    shipments: record.shipments.map((shipment) => presentShipment(shipment, record, principal)),
    parcelRecipients: record.shipments.length > 0 ? await recipientsOf(caseId) : [],
    // That another house sent the same patient is for those who read or coordinate.
    twins: isSender(record, principal) ? [] : await twinsOf(record, principal),
    networks: (decision?.decision.networks ?? []).map(({ networkId, role, reasons }) => ({
      networkId,
      role,
      why: reasons.map((reason) => explainReason(reason, language)),
    })),
    routing: decision ? presentRouting(decision, identity || mayDispatch(principal), language) : null,
    reviews: reviews.map((review) => presentReview(review, record, principal)),
    turnarounds: reviews.map((review) =>
      turnaroundOf(
        {
          diagnosedOn: record.content.firstDiagnosis?.date ?? null,
          createdAt: record.createdAt,
          submittedAt: review.submittedAt,
          caseTimeline: [...record.timeline, ...secondOf(review, reviews)].toSorted(
            (a, b) => a.at.getTime() - b.at.getTime(),
          ),
          reviewTimeline: review.timeline,
        },
        now(),
      ),
    ),
    reports: reports.filter(({ reviewId }) => seenReviews.has(String(reviewId))).map(presentReport),
    materialRequests: requests.map((request) => presentMaterialRequest(request, record, principal)),
    timeline,
    permissions: permissionsOf(record, reviews, openRequests, principal),
    messageCount,
  };
}

export function presentCaseRow(record: CaseRecord, principal: Principal): CaseRow {
  const identity = maySeeIdentity(record, principal) ? partialIdentityOf(record) : null;
  const { projection, content } = record;
  const ended = ['signed', 'withdrawn', 'clinical_pathway'].includes(projection.progress);
  return {
    id: String(record._id),
    number: record.number,
    status: record.status,
    progress: projection.progress,
    patientName: identity ? [identity.birthName, identity.firstName].filter(Boolean).join(' ') || null : null,
    localExamNumber: identity?.localExamNumber ?? null,
    primarySite: content.primarySite,
    morphology: content.firstDiagnosis?.morphology ?? null,
    diagnosisText: content.firstDiagnosis?.text || null,
    networkIds: record.access.networkIds,
    organisation: record.organisationName,
    party: projection.party,
    heldBy: projection.heldBy,
    since: projection.since.toISOString(),
    dueAt: projection.dueAt?.toISOString() ?? null,
    overdue: !ended && projection.dueAt !== null && projection.dueAt < now(),
    urgency: content.urgency,
    slideCount: record.slideIds.length,
    toDo: isSender(record, principal) ? projection.toDo : null,
    lacks: projection.lacks,
    unreadReport: projection.unreadReport && isSender(record, principal),
    submittedAt: record.submittedAt?.toISOString() ?? null,
    updatedAt: record.updatedAt.toISOString(),
  };
}
