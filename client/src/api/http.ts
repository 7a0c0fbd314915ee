import type { z } from 'zod';
import { ApiProblem, NETWORK_DOWN, problemFrom } from './problem';
import { freshToken, renew } from './session';

export interface RequestOptions<T extends z.ZodType> {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as multipart. */
  form?: FormData;
  /** Shape of the answer; without it the answer is not read. */
  answer?: T;
  query?: Record<string, string | number | boolean | null | undefined>;
  signal?: AbortSignal | undefined;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function send(method: Method, path: string, options: RequestOptions<z.ZodType>): Promise<Response> {
  const token = await freshToken();
  const headers = new Headers({ 'Accept-Language': document.documentElement.lang });
  if (token) headers.set('Authorization', `Bearer ${token}`);
  if (options.body !== undefined) headers.set('Content-Type', 'application/json');
  try {
    return await fetch(address(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: options.form ?? (options.body === undefined ? null : JSON.stringify(options.body)),
      signal: options.signal ?? null,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiProblem({ status: 0, code: NETWORK_DOWN }, error);
  }
}

function address(path: string, query: RequestOptions<z.ZodType>['query'] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

async function sendSignedIn(
  method: Method,
  path: string,
  options: RequestOptions<z.ZodType>,
): Promise<Response> {
  let response = await send(method, path, options);
  if (response.status === 401) {
    // The token was refused before its time (server restarted, clock changed): renew once, then ask once more.
    await renew();
    response = await send(method, path, options);
  }
  if (!response.ok) throw await problemFrom(response);
  return response;
}

/** The one way to the server. Throws `ApiProblem`. */
export async function request<T extends z.ZodType>(
  method: Method,
  path: string,
  options: RequestOptions<T> & { answer: T },
): Promise<z.output<T>>;
export async function request(
  method: Method,
  path: string,
  options?: Omit<RequestOptions<z.ZodType>, 'answer'>,
): Promise<undefined>;
export async function request(
  method: Method,
  path: string,
  options: RequestOptions<z.ZodType> = {},
): Promise<unknown> {
  const response = await sendSignedIn(method, path, options);
  if (!options.answer || response.status === 204) return undefined;
  const parsed = options.answer.safeParse(await response.json());
  if (parsed.success) return parsed.data;
  // Paths only: the values may name a patient.
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.')} (${issue.code})`);
  console.error(
    `${method} ${path.replace(/[0-9a-f]{24}/g, ':id')}: unexpected answer at ${where.join(', ')}`,
  );
  throw new ApiProblem({ status: response.status, code: 'UNEXPECTED' }, parsed.error);
}

/** Bytes behind a right: a report, an attachment, a slip. They never have an address of their own. */
async function requestFile(path: string): Promise<Blob> {
  const response = await sendSignedIn('GET', path, {});
  return response.blob();
}

/** Opens a protected file in a new tab, or saves it where the browser does not open tabs. */
export async function openFile(path: string, fileName: string): Promise<void> {
  const url = URL.createObjectURL(await requestFile(path));
  if (!window.open(url, '_blank')) saveAs(url, fileName);
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export async function saveFile(path: string, fileName: string): Promise<void> {
  const url = URL.createObjectURL(await requestFile(path));
  saveAs(url, fileName);
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function saveAs(url: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
}
