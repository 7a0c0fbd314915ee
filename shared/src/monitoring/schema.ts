import { z } from 'zod';
import { reviewStatus } from '../events/status.js';

export const boardQuery = z.object({ networkId: z.string().max(40).optional() });

/** Of readings opened on these calendar days, both included. */
export const exportQuery = boardQuery.extend({
  /** With the columns that the network chose for its own database; asks for one network. */
  mapped: z.enum(['true']).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
});
export type ExportQuery = z.infer<typeof exportQuery>;

/** Below this many, a median says more about chance than about a network; and a person could be told from it. */
export const SMALLEST_GROUP = 5;

/** Counts of open readings stop one above this, for a figure must not cost what a scan does: « 10 000+ ». */
export const FIGURE_MAX = 10_000;

/** `GET /api/board`: what a coordinator looks at first; each figure leads to its reviews. */
export const board = z.object({
  networkIds: z.array(z.string()),
  figures: z.object({
    overdue: z.number().int(),
    /** Not late yet, and probably going to be. */
    probablyLate: z.number().int(),
    toDispatch: z.number().int(),
    unassigned: z.number().int(),
    onHold: z.number().int(),
    open: z.number().int(),
    signedLast30Days: z.number().int(),
  }),
  /** Working days from submission to the first final signature, over the last 90 days; null under `SMALLEST_GROUP` signed reviews. */
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
      /** Of the signed ones: material was asked of the sender at least once. */
      asked: z.number().int(),
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

/** What the readings signed over a period are told apart by. */
export const groupedBy = z.enum(['network', 'region', 'site', 'reviewer']);
export type GroupedBy = z.infer<typeof groupedBy>;
export const groupsQuery = boardQuery.extend({
  by: groupedBy,
  months: z.enum(['3', '6', '12']).default('6'),
});

const shares = z.object({
  signed: z.number().int(),
  partial: z.number().int(),
  discordant: z.number().int(),
});
/** Null: fewer than `SMALLEST_GROUP`. */
const groupShares = shares.nullable();
/** `GET /api/board/groups`: the largest first. A group of fewer than `SMALLEST_GROUP` readings is only counted in `few`. */
export const boardGroups = z.object({
  by: groupedBy,
  /** Calendar days, both included. */
  from: z.iso.date(),
  to: z.iso.date(),
  groups: z.array(
    z.object({
      /** Network, region, three characters of a site (`` when it is not known), or a person's id. */
      key: z.string(),
      /** What it is called; empty where the screens have their own word. */
      label: z.string(),
      signed: z.number().int(),
      medianDays: z.number(),
      p90Days: z.number(),
      asked: z.number().int(),
      systematic: groupShares,
      advice: groupShares,
    }),
  ),
  /** How many groups are too small to be shown. */
  few: z.number().int(),
});
export type BoardGroups = z.infer<typeof boardGroups>;

/** `GET /api/board/activity.pdf`: one network's calendar year. */
export const yearReportQuery = z.object({
  networkId: z.string().max(40),
  year: z.coerce.number().int().min(2000).max(2100),
});

/** What is known of a reading when it goes out as a line of a table, in the order it is shown in. */
export const EXPORT_COLUMNS = [
  'number',
  'network',
  'level',
  'status',
  'intent',
  'urgency',
  'region',
  'organisation',
  'siteCode',
  'site',
  'morphologyCode',
  'morphology',
  'submittedOn',
  'admittedOn',
  'assignedOn',
  'reviewer',
  'centre',
  'dueOn',
  'signedOn',
  'agreement',
  'readMorphologyCode',
  'readMorphology',
  'discordanceTypes',
  'impact',
  'materialRequests',
  'workingDays',
  'heldBySubmitter',
  'heldByTransfer',
  'heldByAdmission',
  'heldByDispatcher',
  'heldByCoordinator',
  'heldByReviewer',
  'heldByMaterial',
] as const;
export const exportColumn = z.enum(EXPORT_COLUMNS);
export type ExportColumn = z.infer<typeof exportColumn>;

/** How a network's own database names and orders the columns; each goes out once, under a name of its own. */
export const columnMapping = z.object({
  columns: z
    .array(z.object({ column: exportColumn, header: z.string().trim().min(1).max(80) }))
    .min(1)
    .max(60)
    .refine(
      (columns) =>
        new Set(columns.map(({ header }) => header)).size === columns.length &&
        new Set(columns.map(({ column }) => column)).size === columns.length,
    ),
  /** `codes`: statuses and kinds as this interface names them, days as YYYY-MM-DD, numbers with a point. */
  values: z.enum(['words', 'codes']),
});
export type ColumnMapping = z.infer<typeof columnMapping>;
/** `GET /api/board/columns/:networkId`: `saved` is false for the columns that everybody has. */
export const columnMappingAnswer = columnMapping.extend({
  saved: z.boolean(),
  /** What each column is called where the network names none, in the order of the product. */
  known: z.array(z.object({ column: exportColumn, header: z.string() })),
});
