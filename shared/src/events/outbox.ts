import { z } from 'zod';

/** Records whose events wait for a listener, and those with an event that a listener could not take. */
export const outboxState = z.object({
  pending: z.number().int(),
  setAside: z.number().int(),
});
export type OutboxState = z.infer<typeof outboxState>;
