import { z } from 'zod';
import { admissionLack } from '../assignments/admission.js';
import { intent, urgency } from '../cases/schema.js';
import { timelineEntry } from '../events/catalog.js';
import { party, reviewStatus } from '../events/status.js';
import { countedPageOf, instant, objectId, pageQuery } from '../http/page.js';
import { agreement } from '../reports/schema.js';
import { person } from '../users/schema.js';
import { ladderStep } from './reading-ladder.js';

/** Second reading by an expert of the network; third at its coordinating centre. */
export const reviewLevel = z.union([z.literal(2), z.literal(3)]);

export const assignment = z.object({
  reviewer: person,
  assignedAt: instant,
  acceptedAt: instant.nullable(),
  by: z.enum(['engine', 'coordinator', 'self']),
  /** 1 for the first person asked, 2 after a decline or reassignment, ... */
  round: z.number().int(),
});

/** Whether an open reading will probably be late, from history and from its reader's load, in working days. */
export const forecast = z.object({
  late: z.boolean(),
  /** Share of past readings alike that had waited as long and went on beyond what is left; null: too few are known. */
  chance: z.number().nullable(),
  /** No past reading alike had waited as long, and less is left than one usually takes. */
  beyond: z.boolean(),
  /** Readings of the same reader that are due before it, and how long they and it take at the pace they sign. */
  ahead: z.number().int(),
  queueDays: z.number().nullable(),
  left: z.number(),
});
export type Forecast = z.infer<typeof forecast>;

export const review = z.object({
  id: objectId,
  version: z.number().int(),
  caseId: objectId,
  caseNumber: z.string(),
  networkId: z.string(),
  level: reviewLevel,
  status: reviewStatus,
  party,
  intent,
  urgency,
  assignment: assignment.nullable(),
  /** The expert centre it was given to; while nobody has it, its readers choose who reads. */
  centre: z.string().nullable(),
  dueAt: instant.nullable(),
  /** The reader's time stands still: material was asked for, or a parcel is under way. */
  duePaused: z.boolean(),
  overdue: z.boolean(),
  /** Only where it will probably be late, and is not yet. */
  forecast: forecast.nullable(),
  openedAt: instant.nullable(),
  signedAt: instant.nullable(),
  /** Id of the latest signed report, when there is one. */
  reportId: objectId.nullable(),
  /** Where its signature led; null before, and for those signed before this was kept. */
  ladder: ladderStep.nullable(),
  /** The collegial session discussed it; what it concluded is in the timeline. */
  discussed: z.object({ on: z.iso.date(), by: person }).nullable(),
  /** What the case lacks before the network admits it; empty from then on. */
  lacks: z.array(admissionLack),
  createdAt: instant,
  /** Slides this review's reader has opened. */
  readSlideIds: z.array(objectId),
  timeline: z.array(timelineEntry),
});
export type Review = z.infer<typeof review>;

/** `forwarded`: received by one house and sent on to the reader's. */
export const parcelState = z.enum(['on_its_way', 'forwarded', 'received']);
export type ParcelState = z.infer<typeof parcelState>;

/** One line of a worklist or a board. No patient identity: the case number stands for it. */
/** How long a reading took, or takes, by who held it. The parts add up to the whole. */
export const turnaround = z.object({
  workingDays: z.number(),
  parts: z.array(z.object({ party, workingDays: z.number() })),
});
export type Turnaround = z.infer<typeof turnaround>;

export const reviewRow = z.object({
  id: objectId,
  version: z.number().int(),
  caseId: objectId,
  caseNumber: z.string(),
  networkId: z.string(),
  level: reviewLevel,
  status: reviewStatus,
  party,
  intent,
  urgency,
  primarySite: z.string().nullable(),
  morphology: z.string().nullable(),
  diagnosisText: z.string().nullable(),
  question: z.string(),
  organisation: z.string(),
  slideCount: z.number().int(),
  stains: z.array(z.string()),
  /** The parcel that matters most to whoever reads: one under way before those that have come; null without any. */
  parcel: parcelState.nullable(),
  reviewer: person.nullable(),
  /** The expert centre whose readers choose who reads; null once somebody does. */
  centre: z.string().nullable(),
  acceptedAt: instant.nullable(),
  /** Since when the party now waited for has held the clock. */
  since: instant,
  createdAt: instant,
  /** When the patient's clock started; `createdAt` is later for a third reading. */
  submittedAt: instant,
  dueAt: instant.nullable(),
  /** The reader's time stands still: material was asked for, or a parcel is under way. */
  duePaused: z.boolean(),
  overdue: z.boolean(),
  /** Only where it will probably be late, and is not yet. */
  forecast: forecast.nullable(),
  signedAt: instant.nullable(),
  firstUnreadSlideId: objectId.nullable(),
  lacks: z.array(admissionLack),
});
export type ReviewRow = z.infer<typeof reviewRow>;

/**
 * `GET /api/reviews`: `scope=mine` is the worklist (for a preparer, the readings given to the experts of the house),
 * `network` what the caller coordinates or reads for.
 */
export const listReviewsQuery = pageQuery.extend({
  scope: z.enum(['mine', 'unassigned', 'network']).default('mine'),
  networkId: z.string().max(40).optional(),
  /** The board of one reader: only those assigned to this person. */
  reviewerId: objectId.optional(),
  status: reviewStatus.optional(),
  overdue: z.enum(['true']).optional(),
  /** Not late yet, and probably going to be. */
  risk: z.enum(['true']).optional(),
  /** Signed, and listed for the network's collegial session, or discussed in one. */
  session: z.enum(['true', 'discussed']).optional(),
  open: z.enum(['true', 'false']).optional(),
  intent: intent.optional(),
  agreement: agreement.optional(),
  /** Of the sender. */
  region: z.string().max(100).optional(),
  /** Three characters of ICD-O-3. */
  site: z
    .string()
    .regex(/^C\d\d$/)
    .optional(),
  /** Material was asked of the sender at least once. */
  asked: z.enum(['true']).optional(),
  /** Calendar days, both included. Signed then: the latest signature first, whatever `sort` says. */
  signedFrom: z.iso.date().optional(),
  signedTo: z.iso.date().optional(),
  /** Opened then, ended or not: the latest first. */
  openedFrom: z.iso.date().optional(),
  openedTo: z.iso.date().optional(),
  /** Days since the case was submitted: at least, and fewer than. */
  ageFrom: z.coerce.number().int().min(0).max(10_000).optional(),
  ageTo: z.coerce.number().int().min(1).max(10_000).optional(),
  /** What is due first, or what was opened first. */
  sort: z.enum(['due', 'age']).default('due'),
});
export const reviewRowPage = countedPageOf(reviewRow);

/** `POST /api/reviews/:reviewId/session`: the collegial session has discussed it, on this day, and concluded. */
export const sessionBody = z.object({
  on: z.iso.date(),
  reason: z.string().trim().min(3).max(2000),
});
