import { extendZodWithOpenApi, OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { FieldProblem, ProblemCode } from '@relecture/shared/http/errors.js';
import type { Role } from '@relecture/shared/users/schema.js';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { hasRole, type Principal } from './principal.js';
import { languageOf, ProblemError } from './problem.js';
import { problemCodes, problemResponses } from './problem-codes.js';

extendZodWithOpenApi(z);

/**
 * Who may call an endpoint at all. What they may do with one record is the feature's `policy.ts`.
 * The name is published in the OpenAPI document (`x-policy`), and a test walks every route with every role.
 */
export interface AccessRule {
  readonly name: string;
  /** Empty: any signed-in person. */
  readonly roles: readonly Role[];
  readonly public?: boolean;
}
export const anyone: AccessRule = { name: 'anyone', roles: [], public: true };
export const signedIn: AccessRule = { name: 'signed-in', roles: [] };
export const only = (...roles: Role[]): AccessRule => ({ name: `only-${roles.join('-or-')}`, roles });

export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Present whenever the access rule is not public. */
  readonly principal: Principal;
  readonly request: Request;
  readonly response: Response;
  readonly language: 'fr' | 'en';
}

export interface EndpointSpec<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends z.ZodType,
> {
  readonly summary: string;
  readonly tag: string;
  readonly access: AccessRule;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Shape of the answer; absent for 204 and for streams. */
  readonly answer?: A;
  /** Defaults to 200, or 204 without an answer. */
  readonly status?: number;
  /** A body that works, shown in the OpenAPI document. Required with `body`. */
  readonly example?: z.input<B>;
  /** Runs after authentication, before the handler: multer, raw bodies. */
  readonly before?: readonly RequestHandler[];
  /** For multipart and binary bodies or answers, what the OpenAPI document says instead of the schema. */
  readonly consumes?: { readonly mediaType: string; readonly schema: object; readonly example?: unknown };
  readonly produces?: string;
  /** What this endpoint may answer beyond what every one of its shape may (problem-codes.ts). */
  readonly problems?: readonly ProblemCode[];
}

type Handler<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType> = (
  call: Call<z.output<P>, z.output<Q>, z.output<B>>,
) => Promise<z.input<A> | undefined>;

export type Authenticate = (request: Request) => Promise<Principal>;

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

function check<T extends z.ZodType>(schema: T | undefined, value: unknown, prefix: string): z.output<T> {
  if (!schema) return undefined as z.output<T>;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError('INVALID_INPUT', {
    fields: parsed.error.issues.map((issue) => fieldProblem(issue, prefix)),
  });
}

/** A zod issue as a field to correct. The value itself is never repeated: it may identify a patient. */
function fieldProblem(issue: z.core.$ZodIssue, prefix: string): FieldProblem {
  const path = [prefix, ...issue.path.map(String)].filter(Boolean).join('.');
  return { path, code: issue.code, message: issue.code === 'custom' ? issue.message : issue.code };
}

/** Express router and OpenAPI registry filled by the same call, so that the document cannot drift from the routes. */
export class Api {
  readonly router = Router();
  readonly registry = new OpenAPIRegistry();
  readonly #authenticate: Authenticate;

  constructor(authenticate: Authenticate) {
    this.#authenticate = authenticate;
    this.registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  }

  get = this.#method('get');
  post = this.#method('post');
  put = this.#method('put');
  patch = this.#method('patch');
  delete = this.#method('delete');

  #method(method: Method) {
    return <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
      path: string,
      spec: EndpointSpec<P, Q, B, A>,
      handler: Handler<P, Q, B, A>,
    ): void => {
      this.#describe(method, path, spec);
      const guard: RequestHandler = async (request, response, next) => {
        if (!spec.access.public) {
          const principal = await this.#authenticate(request);
          if (spec.access.roles.length > 0 && !hasRole(principal, ...spec.access.roles)) {
            throw new ProblemError('FORBIDDEN');
          }
          response.locals.principal = principal;
        }
        next();
      };
      const run: RequestHandler = async (request, response) => {
        const answer = await handler({
          params: check(spec.params, request.params, ''),
          query: check(spec.query, request.query, 'query'),
          body: check(spec.body, request.body ?? {}, ''),
          principal: response.locals.principal as Principal,
          request,
          response,
          language: languageOf(request),
        });
        if (response.headersSent || response.writableEnded) return;
        if (answer === undefined) response.status(spec.status ?? 204).end();
        else response.status(spec.status ?? 200).json(answer);
      };
      this.router[method](path, guard, ...(spec.before ?? []), run);
    };
  }

  #describe(
    method: Method,
    path: string,
    spec: EndpointSpec<z.ZodType, z.ZodType, z.ZodType, z.ZodType>,
  ): void {
    const body = spec.consumes
      ? {
          content: {
            [spec.consumes.mediaType]: { schema: spec.consumes.schema, example: spec.consumes.example },
          },
        }
      : spec.body
        ? { content: { 'application/json': { schema: spec.body, example: spec.example } } }
        : undefined;
    this.registry.registerPath({
      method,
      path: path.replace(/:([A-Za-z]+)/g, '{$1}'),
      summary: spec.summary,
      tags: [spec.tag],
      ...(spec.access.public ? {} : { security: [{ bearer: [] }] }),
      'x-policy': spec.access.name,
      'x-roles': spec.access.roles,
      request: {
        ...(spec.params ? { params: spec.params as z.ZodObject } : {}),
        ...(spec.query ? { query: spec.query as z.ZodObject } : {}),
        ...(body ? { body } : {}),
      },
      responses: {
        [spec.status ?? (spec.answer || spec.produces ? 200 : 204)]: {
          description: 'Done',
          ...(spec.produces
            ? { content: { [spec.produces]: { schema: { type: 'string', format: 'binary' } } } }
            : spec.answer
              ? { content: { 'application/json': { schema: spec.answer } } }
              : {}),
        },
        ...problemResponses(problemCodes(spec)),
        default: {
          description: 'Problem (RFC 9457) with a stable code',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    } as Parameters<OpenAPIRegistry['registerPath']>[0]);
  }
}
