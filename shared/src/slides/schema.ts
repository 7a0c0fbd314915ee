import { z } from 'zod';
import { slideStatus } from '../events/status.js';
import { instant, objectId } from '../http/page.js';
import { labelResult, slideCheck } from './checks.js';

export const SLIDE_LIMITS = {
  /** Largest single slide accepted, bytes. */
  fileBytes: 10 * 1024 ** 3,
  perCase: 60,
} as const;

export const slideLevel = z.object({
  width: z.number().int(),
  height: z.number().int(),
  tileWidth: z.number().int(),
  tileHeight: z.number().int(),
  /** How many level-0 pixels one pixel of this level covers. */
  downsample: z.number(),
});
export type SlideLevel = z.infer<typeof slideLevel>;

/** Where the micrometres per pixel come from; unknown means that no measure may be shown in micrometres. */
export const mppSource = z.enum(['scanner', 'manual', 'unknown']);
export type MppSource = z.infer<typeof mppSource>;

/** The visible timeline of an ingest, in order. */
export const ingestStep = z.enum([
  'received',
  'hash_verified',
  'identified',
  'deidentified',
  'levels_indexed',
  'quality_checked',
  'ready',
]);
export type IngestStep = z.infer<typeof ingestStep>;

export const slideRefusal = z.object({
  /** Stable code, see slides/refusals.ts. */
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const slide = z.object({
  id: objectId,
  caseId: objectId,
  version: z.number().int(),
  /** Same as the slide's status. */
  state: slideStatus,
  /** Level-0 pixels; null until read. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  /** Micrometres per level-0 pixel; null when unknown. */
  mpp: z.number().nullable(),
  mppSource,
  /** Objective power of the scanner, e.g. 20 or 40. */
  objective: z.number().nullable(),
  /** Name of the colour profile (ICC) the file had, when its colours are not sRGB: they are shown in sRGB. */
  colourProfile: z.string().nullable(),
  levels: z.array(slideLevel),
  format: z.string().nullable(),
  /** Stain in words ("HES", "CD20"), and the label of the block. */
  stain: z.string(),
  block: z.string(),
  bytes: z.number().int(),
  /** Bytes received so far, while the upload runs. */
  receivedBytes: z.number().int(),
  sha256: z.string().nullable(),
  steps: z.array(z.object({ step: ingestStep, at: instant })),
  refusal: slideRefusal.nullable(),
  /** Facts worth knowing that did not refuse it: "blank", "mpp_unknown", "first_plane" ... */
  warnings: z.array(z.string()),
  /** What is looked at before its readers are asked; empty until it is readable. */
  checks: z.array(slideCheck),
  /** Readable, but some checks are still under way. */
  checking: z.boolean(),
  /** What the label came to; what it says is at `/label-check`, for those who know the patient. */
  label: labelResult,
  /** How often its preparation was begun: more than once means that something of ours failed in between. */
  attempts: z.number().int(),
  /** By which rule its bytes were given up; null while it can be read. */
  purge: z.object({ at: instant, months: z.number().int(), organisation: z.string() }).nullable(),
  labelsDestroyedAt: instant.nullable(),
  hasLabel: z.boolean(),
  hasMacro: z.boolean(),
  addedAt: instant,
  /** Added after the case was sent. */
  late: z.boolean(),
});
export type Slide = z.infer<typeof slide>;

/** Bytes as they were sent: what a conversion makes of them is not counted. */
export const slideUsage = z.object({ organisationId: objectId, bytes: z.number() });
export type SlideUsage = z.infer<typeof slideUsage>;

export const updateSlideBody = z.object({
  stain: z.string().trim().max(60).optional(),
  block: z.string().trim().max(60).optional(),
  /** Manual calibration, micrometres per level-0 pixel; shown as such. */
  mpp: z.number().min(0.01).max(100).optional(),
});
