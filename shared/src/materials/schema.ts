import { z } from 'zod';
import { point } from '../annotations/schema.js';
import { instant, objectId } from '../http/page.js';
import { person } from '../users/schema.js';

const text = z.string().trim().max(4000);
export const materialItem = z.object({
  kind: z.enum([
    'stain',
    'deeper_level',
    'unstained_sections',
    'block',
    'rescan',
    'clinical_information',
    'other',
  ]),
  detail: text.default(''),
});
export const askMaterialBody = z.object({
  items: z.array(materialItem).min(1).max(20),
  reason: text.min(3),
  /** The field of the slide it is about, when there is one. */
  pin: z.object({ slideId: objectId, at: point }).nullable().default(null),
});
export const answerMaterialBody = z.object({
  comment: text.default(''),
  slideIds: z.array(objectId).max(60).default([]),
  shipmentId: objectId.nullable().default(null),
  /** The sender cannot give it (no tissue left ...): the review goes on without. */
  unavailable: z.boolean().default(false),
});
export const materialRequest = z.object({
  id: objectId,
  reviewId: objectId,
  caseId: objectId,
  networkId: z.string(),
  status: z.enum(['open', 'answered', 'cancelled']),
  items: z.array(materialItem),
  /** Null for whoever may not see the patient's identity: it may name the patient. */
  reason: z.string().nullable(),
  pin: z.object({ slideId: objectId, at: point }).nullable(),
  askedAt: instant,
  askedBy: person,
  answeredAt: instant.nullable(),
  answeredBy: person.nullable(),
  answer: z
    .object({
      comment: z.string(),
      slideIds: z.array(objectId),
      shipmentId: objectId.nullable(),
      unavailable: z.boolean(),
    })
    .nullable(),
});
export type MaterialRequest = z.infer<typeof materialRequest>;
