import { z } from 'zod';

const label = z.string().trim().max(60).default('');

/** What the sender says about a slide beside its bytes, whichever way it comes. */
export const slideLabels = z.object({ stain: label, block: label });
