import { PROBLEMS, type ProblemCode } from '@relecture/shared/http/errors.js';

interface Described {
  readonly access: { readonly public?: boolean; readonly roles: readonly string[] };
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly consumes?: unknown;
  readonly problems?: readonly ProblemCode[];
}

/** What any endpoint of its shape may answer, and what only this one may. */
export function problemCodes({
  access,
  params,
  query,
  body,
  consumes,
  problems = [],
}: Described): ProblemCode[] {
  const codes: ProblemCode[] = [...problems];
  if (!access.public) codes.push('NOT_SIGNED_IN', 'SESSION_EXPIRED');
  if (access.roles.length > 0 || (params && !access.public)) codes.push('FORBIDDEN');
  if (params) codes.push('NOT_FOUND');
  if (params || query || body) codes.push('INVALID_INPUT');
  if (body || consumes) codes.push('MALFORMED_BODY', 'FILE_TOO_LARGE');
  codes.push('UNEXPECTED');
  return [...new Set(codes)];
}

/** One response per status, each with its codes: who writes a script sees what to expect, and may go by it. */
export function problemResponses(codes: readonly ProblemCode[]): Record<string, object> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, known]) => [
        String(status),
        {
          description: known.map((code) => `\`${code}\` ${PROBLEMS[code].en.title}`).join(' · '),
          'x-codes': known,
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      ]),
  );
}
