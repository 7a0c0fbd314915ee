import { z } from 'zod';
import { caseProgress, caseStatus, party } from '../events/status.js';
import { instant, objectId } from '../http/page.js';
import { materialRequest } from '../materials/schema.js';
import { report } from '../reports/schema.js';
import { review, turnaround } from '../reviews/schema.js';
import { slide } from '../slides/schema.js';
import { person, postalAddress } from '../users/schema.js';
import {
  attachment,
  caseContent,
  casePermission,
  caseTimeline,
  checklistLine,
  patientIdentity,
  shipment,
} from './schema.js';

/** A network told of the case: the reading ones open a review, the others are listed with their role. */
export const caseNetwork = z.object({
  networkId: z.string(),
  role: z.enum(['reading', 'terrain', 'pathway', 'european_escalation']),
  /** Sentences for people, in the language asked for. */
  why: z.array(z.string()),
});

/** Who a parcel is for: the reader of a network, or its coordination (the name may be empty) before there is one. */
export const parcelRecipient = z.object({
  networkId: z.string(),
  name: z.string(),
  organisation: z.string(),
  address: postalAddress.nullable(),
});
export type ParcelRecipient = z.infer<typeof parcelRecipient>;

/** `GET /api/cases/:caseId`: the case page, composed for whoever asks. */
export const casePage = z.object({
  id: objectId,
  number: z.string(),
  version: z.number().int(),
  status: caseStatus,
  progress: caseProgress,
  party,
  heldBy: z.string().nullable(),
  since: instant,
  dueAt: instant.nullable(),
  overdue: z.boolean(),
  organisation: z.object({ id: objectId, name: z.string(), city: z.string() }),
  createdBy: person,
  submittedBy: person.nullable(),
  submittedAt: instant.nullable(),
  /** The content without `patient`. */
  content: caseContent.omit({ patient: true }),
  /** Null for whoever may not see it. Partial while a draft. */
  patient: patientIdentity.partial().nullable(),
  age: z.number().int().nullable(),
  checklist: z.array(checklistLine),
  slides: z.array(slide),
  /** Its slides are kept whatever the rule of the organisation; the reason is for those who know the patient. */
  legalHold: z.object({ by: person, at: instant, reason: z.string().nullable() }).nullable(),
  attachments: z.array(attachment),
  shipments: z.array(shipment),
  /** Empty until a network is chosen: nothing can be sent before. */
  parcelRecipients: z.array(parcelRecipient),
  /** Cases of other senders that a coordinator linked as the same tumour event; empty for the sender. */
  twins: z.array(z.object({ id: objectId, number: z.string(), organisation: z.string(), seen: z.boolean() })),
  networks: z.array(caseNetwork),
  routing: z
    .object({
      outcome: z.enum(['routed', 'none', 'dispatch', 'correct']),
      decidedBy: z.enum(['engine', 'coordinator']),
      reason: z.string().nullable(),
      rulesVersion: z.string(),
      explanation: z.array(z.string()),
      ranked: z.array(
        z.object({
          networkId: z.string(),
          role: z.string(),
          for: z.array(z.string()),
          against: z.array(z.string()),
        }),
      ),
      fieldsToCorrect: z.array(z.object({ field: z.string(), message: z.string() })),
    })
    .nullable(),
  reviews: z.array(review),
  /** Of each reading, in the order of `reviews`. */
  turnarounds: z.array(turnaround),
  reports: z.array(report),
  materialRequests: z.array(materialRequest),
  timeline: caseTimeline,
  permissions: z.array(casePermission),
  messageCount: z.number().int(),
});
export type CasePage = z.infer<typeof casePage>;
