import type { Language } from '@relecture/shared/http/page.js';
import { asProblem, ProblemError, toProblem } from '../platform/problem.js';

/** How the tus library says what went wrong. */
interface TusError {
  readonly status_code: number;
  readonly body: string;
}

const isTusError = (error: unknown): error is TusError =>
  typeof error === 'object' && error !== null && 'status_code' in error && 'body' in error;

/** Its errors in our own closed list, with words for people; clients of the protocol go by the status. */
export function asUploadProblem(error: unknown): ProblemError {
  return isTusError(error) ? problemOfStatus(error.status_code, error) : asProblem(error);
}

export function problemOfStatus(status: number, cause?: unknown): ProblemError {
  switch (status) {
    case 404:
      return new ProblemError('NOT_FOUND');
    case 409:
      return new ProblemError('UPLOAD_OFFSET_CONFLICT');
    case 410:
      return new ProblemError('UPLOAD_GONE');
    case 412:
      return new ProblemError('UPLOAD_PROTOCOL');
    case 413:
      return new ProblemError('FILE_TOO_LARGE');
    default:
      return status >= 500
        ? new ProblemError('UNEXPECTED', { cause })
        : new ProblemError('MALFORMED_BODY', { cause });
  }
}

export function problemBody(problem: ProblemError, language: Language, requestId: string): string {
  return JSON.stringify(toProblem(problem, language, requestId));
}
