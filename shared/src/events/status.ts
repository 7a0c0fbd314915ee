import { z } from 'zod';

/** Status of the case's own record: what the sender and the dispatcher do with it. */
export const caseStatus = z.enum([
  'draft',
  'submitted',
  'to_correct',
  'to_dispatch',
  'routed',
  'clinical_pathway',
  'withdrawn',
  'completed',
]);
export type CaseStatus = z.infer<typeof caseStatus>;

/** A slide's own road, from the first byte on. */
export const slideStatus = z.enum([
  'receiving',
  'received',
  'processing',
  'ready',
  'rejected',
  'removed',
  'purged',
]);
export type SlideStatus = z.infer<typeof slideStatus>;

/** One reading of one case by one network. */
export const reviewStatus = z.enum([
  'routed',
  'admitted',
  'assigned',
  'in_review',
  'on_hold',
  'preliminary',
  'signed',
  'cancelled',
]);
export type ReviewStatus = z.infer<typeof reviewStatus>;

/**
 * Who holds the clock. Turnaround is charged to the party that held it, so each timeline entry names it.
 * `none`: nobody is waited for (draft, or ended).
 */
export const party = z.enum([
  'submitter',
  'transfer',
  'admission',
  'dispatcher',
  'coordinator',
  'reviewer',
  'material',
  'none',
]);
export type Party = z.infer<typeof party>;

/** What a list shows as a case's progress: a projection over case, slides and reviews (screens.md, status words). */
export const caseProgress = z.enum([
  'draft',
  'submitted',
  'to_correct',
  'to_dispatch',
  'admitted',
  'assigned',
  'in_review',
  'on_hold',
  'preliminary',
  'signed',
  'clinical_pathway',
  'withdrawn',
]);
export type CaseProgress = z.infer<typeof caseProgress>;
