import { networkRoleSchema } from '@relecture/shared/networks/schema.js';
import { routingOutcomes } from '@relecture/shared/routing/schema.js';
import { z } from 'zod';
import { request } from './http';

export interface PreviewInput {
  primarySite: string | null;
  specimenSite: string | null;
  morphology: string | null;
  suspicion: string | null;
  question: string | null;
  age: number | null;
  sex: string | null;
  contexts: string[];
  intent: 'systematic' | 'advice' | null;
}

const previewAnswer = z.object({
  outcome: z.enum(routingOutcomes),
  networks: z.array(
    z.object({ networkId: z.string(), role: networkRoleSchema, why: z.array(z.string()).default([]) }),
  ),
  explanation: z.array(z.string()).default([]),
  fieldsToCorrect: z.array(z.object({ field: z.string(), message: z.string() })).default([]),
});
export type RoutingPreview = z.infer<typeof previewAnswer>;

export const previewRouting = (input: PreviewInput) =>
  request('POST', '/api/routing/preview', { body: input, answer: previewAnswer });
