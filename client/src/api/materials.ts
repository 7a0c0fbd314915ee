import {
  type answerMaterialBody,
  type askMaterialBody,
  materialRequest,
} from '@relecture/shared/materials/schema.js';
import type { z } from 'zod';
import { request } from './http';

export const askMaterial = (reviewId: string, body: z.input<typeof askMaterialBody>) =>
  request('POST', `/api/reviews/${reviewId}/material-requests`, { body, answer: materialRequest });
export const answerMaterial = (requestId: string, body: z.input<typeof answerMaterialBody>) =>
  request('POST', `/api/material-requests/${requestId}/answer`, { body, answer: materialRequest });
export const cancelMaterial = (requestId: string) =>
  request('POST', `/api/material-requests/${requestId}/cancel`, { answer: materialRequest });
