import {
  type BulkAssignBody,
  type BulkPreviewBody,
  bulkPreview,
  bulkResult,
  candidatesAnswer,
} from '@relecture/shared/assignments/schema.js';
import {
  board,
  boardGroups,
  type ColumnMapping,
  columnMappingAnswer,
  type GroupedBy,
  type groupsQuery,
} from '@relecture/shared/monitoring/schema.js';
import { type listReviewsQuery, review, reviewRowPage } from '@relecture/shared/reviews/schema.js';
import type { z } from 'zod';
import { request, saveFile } from './http';

export type ReviewFilters = Omit<Partial<z.output<typeof listReviewsQuery>>, 'after' | 'limit'>;

const one = (reviewId: string) => `/api/reviews/${reviewId}`;

export const listReviews = (filters: ReviewFilters, after: string | null, limit = 50) =>
  request('GET', '/api/reviews', { query: { ...filters, after, limit }, answer: reviewRowPage });
export const readReview = (reviewId: string) => request('GET', one(reviewId), { answer: review });
export const acceptReview = (reviewId: string) =>
  request('POST', `${one(reviewId)}/accept`, { answer: review });
export const declineReview = (reviewId: string, reason: string) =>
  request('POST', `${one(reviewId)}/decline`, { body: { reason }, answer: review });
export const takeReview = (reviewId: string) => request('POST', `${one(reviewId)}/take`, { answer: review });
export const admitReview = (reviewId: string, reason: string) =>
  request('POST', `${one(reviewId)}/admit`, { body: { reason }, answer: review });
export const assignReview = (reviewId: string, reviewerId: string, reason: string) =>
  request('POST', `${one(reviewId)}/assign`, { body: { reviewerId, reason }, answer: review });
export const markDiscussed = (reviewId: string, on: string, reason: string) =>
  request('POST', `${one(reviewId)}/session`, { body: { on, reason }, answer: review });
export const assignToCentre = (reviewId: string, organisationId: string, reason: string) =>
  request('POST', `${one(reviewId)}/assign-centre`, { body: { organisationId, reason }, answer: review });
export const openReview = (reviewId: string, slideId?: string) =>
  request('POST', `${one(reviewId)}/open`, { body: { slideId }, answer: review });
export const listCandidates = (reviewId: string) =>
  request('GET', `${one(reviewId)}/candidates`, { answer: candidatesAnswer });
export const previewBulk = (body: BulkPreviewBody) =>
  request('POST', '/api/board/reassign/preview', { body, answer: bulkPreview });
export const assignInBulk = (body: BulkAssignBody) =>
  request('POST', '/api/board/reassign', { body, answer: bulkResult });
export const readBoard = (networkId: string | null) =>
  request('GET', '/api/board', { query: { networkId }, answer: board });
export type GroupMonths = z.output<typeof groupsQuery>['months'];
export const readGroups = (networkId: string | null, by: GroupedBy, months: GroupMonths) =>
  request('GET', '/api/board/groups', { query: { networkId, by, months }, answer: boardGroups });
export type TableFormat = 'csv' | 'xlsx';
export const saveBoard = (
  format: TableFormat,
  networkId: string | null,
  from: string | null,
  mapped: boolean,
  fileName: string,
) => {
  const query = new URLSearchParams({
    ...(networkId ? { networkId } : {}),
    ...(from ? { from } : {}),
    ...(mapped ? { mapped: 'true' } : {}),
  });
  return saveFile(`/api/board/export.${format}?${query}`, fileName);
};
export const saveYearReport = (networkId: string, year: number, fileName: string) =>
  saveFile(`/api/board/activity.pdf?${new URLSearchParams({ networkId, year: String(year) })}`, fileName);
const columns = (networkId: string) => `/api/board/columns/${encodeURIComponent(networkId)}`;
export const readColumns = (networkId: string) =>
  request('GET', columns(networkId), { answer: columnMappingAnswer });
export const saveColumns = (networkId: string, mapping: ColumnMapping) =>
  request('PUT', columns(networkId), { body: mapping, answer: columnMappingAnswer });
export const forgetColumns = (networkId: string) => request('DELETE', columns(networkId));
