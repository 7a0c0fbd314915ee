import type { FieldProblem, Problem } from '@relecture/shared/http/errors.js';

/** The server could not be reached at all: the only problem the server cannot word itself. */
export const NETWORK_DOWN = 'NETWORK_DOWN';

/** What the server refused, or why it could not be reached: a stable code, and words for people. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly fields: FieldProblem[];
  readonly params: NonNullable<Problem['params']>;
  readonly retryAfter: number | null;
  readonly requestId: string | null;

  constructor(problem: Partial<Problem> & { status: number; code: string }, cause?: unknown) {
    super(problem.code, { cause });
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title ?? '';
    this.detail = problem.detail ?? '';
    this.fields = problem.fields ?? [];
    this.params = problem.params ?? {};
    this.retryAfter = problem.retryAfter ?? null;
    this.requestId = problem.requestId ?? null;
  }

  /** Trying again may help: the server was away or out of breath, and nothing was refused. */
  get transient(): boolean {
    return this.code === NETWORK_DOWN || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export function isProblem(error: unknown, code?: string): error is ApiProblem {
  return error instanceof ApiProblem && (code === undefined || error.code === code);
}

export async function problemFrom(response: Response): Promise<ApiProblem> {
  const text = await response.text();
  const fallback = { status: response.status, code: response.status >= 502 ? 'UNAVAILABLE' : 'UNEXPECTED' };
  if (!(response.headers.get('content-type') ?? '').includes('json')) return new ApiProblem(fallback);
  try {
    return new ApiProblem({ ...fallback, ...(JSON.parse(text) as Partial<Problem>) });
  } catch (error) {
    return new ApiProblem(fallback, error);
  }
}
