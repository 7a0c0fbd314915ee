import { z } from 'zod';

/** One code of the reference tables, with the words people use for it. */
export const icdo3EntrySchema = z
  .object({
    code: z.string().regex(/^(?:C\d\d\.\d|\d{4}\/\d)$/),
    fr: z.string().min(1),
    en: z.string().min(1),
    synonyms: z.array(z.string().min(1)),
    /** For the search box only: too short or too ambiguous to be read in a sentence. */
    abbreviations: z.array(z.string().min(1)).optional(),
  })
  .strict();
export type Icdo3Entry = z.infer<typeof icdo3EntrySchema>;

export const icdo3TableSchema = z
  .object({
    release: z.string().min(1),
    /** Where the words come from; a pathologist has to know what was checked. */
    basis: z.enum(['knowledge', 'source']),
    note: z.string().min(1),
    entries: z.array(icdo3EntrySchema).min(1),
  })
  .superRefine((table, ctx) => {
    const codes = new Set<string>();
    for (const { code } of table.entries) {
      if (codes.has(code)) ctx.addIssue({ code: 'custom', message: `duplicate code ${code}` });
      codes.add(code);
    }
  });
export type Icdo3Table = z.infer<typeof icdo3TableSchema>;

export const icdo3Kinds = ['topography', 'morphology'] as const;
export type Icdo3Kind = (typeof icdo3Kinds)[number];
export type Icdo3Language = 'fr' | 'en';

export interface Icdo3Hit {
  code: string;
  label: string;
  /** The synonym that was matched, when it is not the label. */
  synonym: string | null;
  /** False for a well-formed code that is not in the reference table: accepted and flagged. */
  known: boolean;
}
