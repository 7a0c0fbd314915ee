import {
  type amendBody,
  type ReportContent,
  report,
  reportDraft,
  type signOutBody,
} from '@relecture/shared/reports/schema.js';
import type { z } from 'zod';
import { openFile, request } from './http';

export const readReportDraft = (reviewId: string) =>
  request('GET', `/api/reviews/${reviewId}/report-draft`, { answer: reportDraft });
export const saveReportDraft = (reviewId: string, version: number, content: ReportContent) =>
  request('PUT', `/api/reviews/${reviewId}/report-draft`, {
    body: { version, content },
    answer: reportDraft,
  });
export const signReport = (reviewId: string, body: z.input<typeof signOutBody>) =>
  request('POST', `/api/reviews/${reviewId}/sign-out`, { body, answer: report });
export const amendReport = (reportId: string, body: z.input<typeof amendBody>) =>
  request('POST', `/api/reports/${reportId}/amend`, { body, answer: report });
export const markReportRead = (reportId: string) => request('POST', `/api/reports/${reportId}/read`);
export const openReportPdf = (reportId: string, fileName: string) =>
  openFile(`/api/reports/${reportId}.pdf`, fileName);
