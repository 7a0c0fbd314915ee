import { z } from 'zod';
import { instant, objectId } from '../http/page.js';

/** What a comparison of stored bytes with their hash found: `missing` no file, `damaged` other bytes than were stored. */
export const integrityState = z.enum(['intact', 'damaged', 'missing']);
export type IntegrityState = z.infer<typeof integrityState>;

/** How slides lie on the disk, and whether they are still what was stored. Counts are of readable slides. */
export const slideStorageReport = z.object({
  where: z.enum(['folder', 's3']),
  atRest: z.enum(['plain', 'sealed']),
  slides: z.number().int(),
  /** In the object store. */
  remote: z.number().int(),
  sealed: z.number().int(),
  /** Not yet as the setting asks: being moved in the background. */
  waiting: z.number().int(),
  /** Each slide is compared once in so many days. */
  everyDays: z.number().int(),
  intact: z.number().int(),
  /** Never compared yet. */
  unchecked: z.number().int(),
  /** The comparison that is longest ago; null without any. */
  oldestAt: instant.nullable(),
  /** At most a hundred, the latest found first. */
  troubles: z.array(
    z.object({
      slideId: objectId,
      caseId: objectId,
      caseNumber: z.string().nullable(),
      state: integrityState,
      at: instant,
    }),
  ),
});
export type SlideStorageReport = z.infer<typeof slideStorageReport>;
