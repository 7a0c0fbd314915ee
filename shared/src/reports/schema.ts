import { z } from 'zod';
import { instant, objectId } from '../http/page.js';
import { person } from '../users/schema.js';

export const REPORT_LIMITS = { text: 20_000, password: 200 } as const;
const text = z.string().max(REPORT_LIMITS.text);

export const agreement = z.enum(['concordant', 'partial', 'discordant', 'not_classifiable']);

/** Four independent axes (domain.md 1.5), because networks use different words for agreement. */
export const concordance = z.object({
  agreement: agreement.nullable(),
  /** What differs; empty when concordant. */
  types: z.array(z.enum(['benign_malignant', 'lineage', 'entity', 'subtype', 'grade', 'stage'])),
  /** `to_assess`: "à évaluer en RCP", judged afterwards by clinicians. */
  therapeuticImpact: z.enum(['none', 'minor', 'major', 'to_assess']).nullable(),
  comment: text,
});
export type Concordance = z.infer<typeof concordance>;

/** What the reviewer writes beside the slide; saved as it is typed. */
export const reportContent = z.object({
  microscopy: text.default(''),
  ancillary: text.default(''),
  /** The conclusion in words: it leads the report. */
  conclusion: text.default(''),
  /** ICD-O-3 morphology with behaviour; null with `unclassifiable` or `benign`. */
  morphology: z.string().max(8).nullable().default(null),
  topography: z.string().max(8).nullable().default(null),
  /** "Inclassable" is a legitimate outcome. */
  outcome: z.enum(['diagnosis', 'no_tumour', 'unclassifiable']).default('diagnosis'),
  concordance: concordance.default({ agreement: null, types: [], therapeuticImpact: null, comment: '' }),
  recommendation: text.default(''),
});
export type ReportContent = z.infer<typeof reportContent>;

export const reportDraft = z.object({
  reviewId: objectId,
  version: z.number().int(),
  content: reportContent,
});
export type ReportDraft = z.infer<typeof reportDraft>;
/** `PUT /api/reviews/:reviewId/report-draft`; `version` is the one last read (0 at first). */
export const saveReportDraftBody = z.object({ version: z.number().int().min(0), content: reportContent });

export const signOutBody = z.object({
  kind: z.enum(['preliminary', 'final']),
  /** The reviewer's password again: signing is a fresh act. */
  password: z.string().max(REPORT_LIMITS.password),
  /** When given, signs this content; else the saved draft. */
  content: reportContent.optional(),
  /** Markers that the reviewer says are proven; with them a second reading may close (reviews/reading-ladder.ts). */
  provenMarkers: z.array(z.string().trim().min(1).max(40)).max(20).default([]),
  /** The second reader wants a third reading, whatever the rule says. */
  thirdReading: z.boolean().default(false),
});
export const amendBody = z.object({
  kind: z.enum(['addendum', 'correction']),
  password: z.string().max(REPORT_LIMITS.password),
  /** Addendum: the text added. Correction: why it is corrected. */
  text: z.string().trim().min(3).max(REPORT_LIMITS.text),
  /** Correction: the content as it should read. */
  content: reportContent.optional(),
});

/** What was sealed under one hash at signature. */
export const seal = z.object({
  /** SHA-256 over the canonical JSON of content, slides, annotations and signer. */
  sha256: z.string(),
  slides: z.array(z.object({ slideId: objectId, sha256: z.string() })),
  /** Each shape as it was: its version, and a hash over its points and words. */
  annotations: z.array(z.object({ id: z.string(), version: z.number().int(), sha256: z.string() })),
  /** Hash of the version before, for a chain; null for the first. */
  previous: z.string().nullable(),
});

export const report = z.object({
  id: objectId,
  reviewId: objectId,
  caseId: objectId,
  caseNumber: z.string(),
  networkId: z.string(),
  kind: z.enum(['preliminary', 'final', 'addendum', 'correction']),
  /** 1, 2, 3 ... within the review. */
  number: z.number().int(),
  content: reportContent,
  amendment: z.string(),
  signedAt: instant,
  signedBy: person,
  seal,
  /** Short code printed on the PDF, by which `relecture verify` and the page find it. */
  verificationCode: z.string(),
  readBySenderAt: instant.nullable(),
});
export type Report = z.infer<typeof report>;

/** What is missing before a signature; same function on the page and the server (reports/completeness.ts). */
export const reportGap = z.enum([
  'conclusion',
  'morphology',
  'agreement',
  'discordance_type',
  'therapeutic_impact',
  'slides_unread',
]);
export type ReportGap = z.infer<typeof reportGap>;
