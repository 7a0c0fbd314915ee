import {
  type FieldProblem,
  PROBLEMS,
  type Problem,
  type ProblemCode,
} from '@relecture/shared/http/errors.js';
import { wordField } from '@relecture/shared/http/field-words.js';
import type { Language } from '@relecture/shared/http/page.js';
import type { ErrorRequestHandler, Request } from 'express';
import { MulterError } from 'multer';
import type { Logger } from './log.js';

interface ProblemDetails {
  fields?: FieldProblem[];
  params?: Problem['params'];
  retryAfter?: number;
  /** With CONFLICT: the record as it is now, for whoever may read it. */
  current?: unknown;
  cause?: unknown;
}

/** What went wrong, by its stable code. Thrown anywhere, answered in one place. Never carries patient data. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly code: ProblemCode;
  readonly fields: FieldProblem[] | undefined;
  readonly params: Problem['params'] | undefined;
  readonly retryAfter: number | undefined;
  readonly current: unknown;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(code, { cause: details.cause });
    this.code = code;
    this.fields = details.fields;
    this.params = details.params;
    this.retryAfter = details.retryAfter;
    this.current = details.current;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

/** French unless the request asks for English first. */
export function languageOf(request: { headers: { 'accept-language'?: string | undefined } }): Language {
  const wanted = request.headers['accept-language'] ?? '';
  for (const part of wanted.split(',')) {
    const tag = part.trim().slice(0, 2).toLowerCase();
    if (tag === 'fr' || tag === 'en') return tag;
  }
  return 'fr';
}

export function toProblem(error: ProblemError, language: Language, requestId?: string): Problem {
  const words = PROBLEMS[error.code][language];
  return {
    type: `urn:relecture:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    status: error.status,
    code: error.code,
    title: words.title,
    detail: words.advice,
    ...(requestId ? { requestId } : {}),
    ...(error.fields
      ? { fields: error.fields.map((field) => ({ ...field, message: wordField(field, language) })) }
      : {}),
    ...(error.params ? { params: error.params } : {}),
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
    ...(error.current === undefined ? {} : { current: error.current }),
  };
}

/** Errors of the libraries at the edge, told in our own closed list. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof MulterError) {
    if (error.code === 'LIMIT_FILE_SIZE') return new ProblemError('FILE_TOO_LARGE', { cause: error });
    return new ProblemError('MALFORMED_BODY', { cause: error });
  }
  const shape = error as { code?: unknown; type?: unknown; status?: unknown };
  if (shape?.code === 'ENOSPC' || shape?.code === 'EDQUOT')
    return new ProblemError('STORAGE_FULL', { cause: error });
  if (typeof shape?.type === 'string' && /^(entity|encoding|request|charset|parameters)\./.test(shape.type)) {
    return new ProblemError(shape.type === 'entity.too.large' ? 'FILE_TOO_LARGE' : 'MALFORMED_BODY', {
      cause: error,
    });
  }
  if (error instanceof URIError || shape?.status === 400)
    return new ProblemError('MALFORMED_BODY', { cause: error });
  return new ProblemError('UNEXPECTED', { cause: error });
}

/** The one place that answers an error. The person gets words and a number; the log gets the cause, without data. */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (error, request: Request, response, next) => {
    const problem = asProblem(error);
    const requestId = String(request.id ?? '');
    if (problem.status >= 500) {
      const cause = problem.cause instanceof Error ? problem.cause : problem;
      // The message of an unknown error may quote a document: its name and stack frames suffice to find it.
      log.error(
        { requestId, code: problem.code, error: cause.name, frames: framesOf(cause) },
        'request failed',
      );
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    if (problem.retryAfter !== undefined) response.setHeader('Retry-After', problem.retryAfter);
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(toProblem(problem, languageOf(request), requestId)));
  };
}

function framesOf(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 12)
    .map((line) => line.trim());
}
