import { z } from 'zod';
import { reviewStatus } from '../events/status.js';
import { reviewRow } from '../reviews/schema.js';

export const boardQuery = z.object({ networkId: z.string().max(40).optional() });

/** Of readings opened on these calendar days, both included. */
export const exportQuery = boardQuery.extend({
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
});
export type ExportQuery = z.infer<typeof exportQuery>;

/** Counts of open readings stop one above this, for a figure must not cost what a scan does: « 10 000+ ». */
export const FIGURE_MAX = 10_000;

/** `GET /api/board`: what a coordinator looks at first; each figure leads to its reviews. */
export const board = z.object({
  networkIds: z.array(z.string()),
  figures: z.object({
    overdue: z.number().int(),
    toDispatch: z.number().int(),
    unassigned: z.number().int(),
    onHold: z.number().int(),
    open: z.number().int(),
    signedLast30Days: z.number().int(),
  }),
  /** Working days from submission to the first final signature, over the last 90 days; null under 3 signed reviews. */
  turnaround: z.object({
    count: z.number().int(),
    medianDays: z.number().nullable(),
    p90Days: z.number().nullable(),
  }),
  /** Open reviews by status, and days since the case was submitted. */
  ageing: z.array(
    z.object({
      status: reviewStatus,
      under3: z.number().int(),
      under7: z.number().int(),
      under14: z.number().int(),
      over14: z.number().int(),
    }),
  ),
  perMonth: z.array(
    z.object({
      month: z.string(),
      opened: z.number().int(),
      signed: z.number().int(),
      medianDays: z.number().nullable(),
      p90Days: z.number().nullable(),
    }),
  ),
  /** Share of signed reviews that changed the diagnosis, split by intent (figures mislead otherwise). */
  discordance: z.array(
    z.object({
      intent: z.enum(['systematic', 'advice']),
      signed: z.number().int(),
      partial: z.number().int(),
      discordant: z.number().int(),
    }),
  ),
});
export type Board = z.infer<typeof board>;
export const boardRow = reviewRow;
