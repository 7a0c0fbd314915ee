import { z } from 'zod';

/** Largest page a list answers; lists are always paged, at a million cases as at ten. */
export const PAGE_LIMIT_MAX = 200;

export const language = z.enum(['fr', 'en']);
export type Language = z.infer<typeof language>;

/** A MongoDB ObjectId as 24 hexadecimal characters. */
export const objectId = z.string().regex(/^[0-9a-f]{24}$/, 'identifier');

/** Instants travel as ISO 8601 in UTC. */
export const instant = z.iso.datetime({ offset: true });
/** Calendar dates (birth, sampling) travel as `YYYY-MM-DD`, without a time zone. */
export const calendarDate = z.iso.date();

export const pageQuery = z.object({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(50),
});

/** `next` is an opaque cursor for `after`, null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

/** Counting stops here: beyond, a list says « 200+ », for a count must not cost what a scan does. */
export const COUNT_MAX = 200;

/** `total` comes with the first page only (null on the others), and stops one above `COUNT_MAX`. */
export const countedPageOf = <T extends z.ZodType>(item: T) =>
  pageOf(item).extend({ total: z.number().int().nullable() });

export interface Page<T> {
  items: T[];
  next: string | null;
}
