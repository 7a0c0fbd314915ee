import { z } from 'zod';

/** tus writes an empty value as none at all. */
const label = z
  .string()
  .trim()
  .max(60)
  .nullish()
  .transform((text) => text ?? '');

/** What the sender says about a slide beside its bytes, whichever way it comes. */
export const slideLabels = z.object({ stain: label, block: label });
