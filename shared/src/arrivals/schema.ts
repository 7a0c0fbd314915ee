import { z } from 'zod';
import { instant, objectId } from '../http/page.js';

/** Slides that come without a browser: from a scanner's folder, sent by DICOMweb, or fetched from a DICOMweb server. */
export const arrivalSource = z.enum(['folder', 'stow', 'pacs']);
export type ArrivalSource = z.infer<typeof arrivalSource>;

/** `waiting` is the tray: whole and readable, its case is not known. */
export const arrivalState = z.enum(['arriving', 'waiting', 'attaching', 'attached', 'refused', 'discarded']);
export type ArrivalState = z.infer<typeof arrivalState>;

export const arrival = z.object({
  id: objectId,
  source: arrivalSource,
  state: arrivalState,
  /** The file's name or the series' description: shown to its organisation only. */
  name: z.string(),
  /** What the name and the barcode say beside the exam number. */
  stain: z.string(),
  block: z.string(),
  bytes: z.number().int(),
  /** How much of it is here, 0 to 1. */
  progress: z.number(),
  files: z.number().int(),
  /** Cases whose exam number stands in the name or the barcode. */
  proposed: z.array(z.object({ caseId: objectId, number: z.string() })),
  caseId: objectId.nullable(),
  slideId: objectId.nullable(),
  /** Already among the slides of the organisation, by its hash. */
  duplicate: z.boolean(),
  refusal: z
    .object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })
    .nullable(),
  arrivedAt: instant,
});
export type Arrival = z.infer<typeof arrival>;

export const attachBody = z.object({
  caseId: objectId,
  stain: z.string().trim().max(60).default(''),
  block: z.string().trim().max(60).default(''),
});

/** `{exam}_{block}_{stain}`: the places of a file's name; `*` is anything. Empty: any word that is a known exam number. */
const pattern = z
  .string()
  .trim()
  .max(100)
  .refine((text) => text === '' || text.includes('{exam}'), { error: 'pattern' });

/** Where the slides of an organisation come from, as an administrator sets it. */
export const arrivalSettings = z.object({
  folder: z.object({
    active: z.boolean(),
    /** Below the folder that the server's settings allow; never above it. */
    path: z.string().trim().max(500),
    pattern,
    /** Deletes a file from the folder once it is here, whole. */
    removeTaken: z.boolean(),
  }),
  pacs: z.object({
    active: z.boolean(),
    /** The service root of a DICOMweb server, e.g. https://pacs.chu.example/dicom-web */
    url: z.url({ protocol: /^https?$/ }).or(z.literal('')),
    user: z.string().max(200),
    /** Whether a password is kept; it never leaves the server. */
    hasPassword: z.boolean(),
  }),
});
export type ArrivalSettings = z.infer<typeof arrivalSettings>;

export const arrivalSettingsBody = z.object({
  folder: arrivalSettings.shape.folder,
  /** Without a password, the one that is kept stays. */
  pacs: arrivalSettings.shape.pacs.omit({ hasPassword: true }).extend({
    password: z.string().max(500).optional(),
  }),
});

export const arrivalSettingsAnswer = arrivalSettings.extend({
  /** Where folders may lie; null: the server's settings allow none. */
  watchRoot: z.string().nullable(),
  /** What the last look at the folder met: null, or a stable code. */
  folderTrouble: z.enum(['missing', 'forbidden', 'outside', 'unreadable']).nullable(),
});
export type ArrivalSettingsAnswer = z.infer<typeof arrivalSettingsAnswer>;

export const dicomToken = z.object({
  id: objectId,
  label: z.string(),
  /** The first characters, to tell one from another. */
  start: z.string(),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
});
export type DicomToken = z.infer<typeof dicomToken>;
export const newDicomToken = z.object({ label: z.string().trim().min(1).max(60) });
/** The token itself is told once. */
export const createdDicomToken = dicomToken.extend({ token: z.string() });

/** A series of slides found on the organisation's own DICOMweb server. */
export const foundSeries = z.object({
  study: z.string(),
  series: z.string(),
  description: z.string(),
  date: z.string(),
  instances: z.number().int().nullable(),
});
export type FoundSeries = z.infer<typeof foundSeries>;

const uid = z.string().regex(/^[0-9.]{1,64}$/);
export const fetchSeriesBody = attachBody.extend({ study: uid, series: uid });
