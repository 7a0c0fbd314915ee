import { type DuplicateState, duplicatePage, duplicatePair } from '@relecture/shared/cases/duplicates.js';
import { request } from './http';

export const listDuplicates = (state: DuplicateState, after: string | null, limit = 50) =>
  request('GET', '/api/duplicates', { query: { state, after, limit }, answer: duplicatePage });
export const decideDuplicate = (duplicateId: string, state: 'linked' | 'different') =>
  request('POST', `/api/duplicates/${duplicateId}/decide`, { body: { state }, answer: duplicatePair });
