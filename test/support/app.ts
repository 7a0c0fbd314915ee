import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type App, createApp } from '@relecture/server/app.js';
import { type Config, readConfig } from '@relecture/server/config/index.js';
import { createLog } from '@relecture/server/platform/log.js';
import type { Problem } from '@relecture/shared/http/errors.js';
import mongoose from 'mongoose';

export interface Answer<T> {
  status: number;
  headers: Headers;
  /** The parsed body; for a refused request it is a Problem. */
  body: T;
}

/** A signed-in (or anonymous) client of the test server, over real HTTP. */
export interface Client {
  readonly token: string | null;
  /** `name=value; …` of the cookies that the sign-in set. */
  readonly cookies: string;
  readonly userId: string;
  call<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
  get<T = unknown>(path: string): Promise<Answer<T>>;
  post<T = unknown>(path: string, body?: unknown): Promise<Answer<T>>;
  put<T = unknown>(path: string, body?: unknown): Promise<Answer<T>>;
  patch<T = unknown>(path: string, body?: unknown): Promise<Answer<T>>;
  delete<T = unknown>(path: string): Promise<Answer<T>>;
}

export interface TestApp {
  readonly url: string;
  readonly app: App;
  readonly config: Config;
  /** Everything the server logged so far, as text. */
  logged(): string;
  readonly anonymous: Client;
  signIn(email: string, password: string): Promise<Client>;
  stop(): Promise<void>;
}

export const problemOf = (answer: Answer<unknown>): Problem => answer.body as Problem;

function createClient(url: string, token: string | null, cookies: string, userId: string): Client {
  const call: Client['call'] = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const isForm = body instanceof FormData;
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(cookies ? { Cookie: cookies } : {}),
        ...(body === undefined || isForm ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: isForm ? body : typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const type = response.headers.get('content-type') ?? '';
    // An answer to HEAD says what it would hold, and holds nothing.
    const parsed: unknown =
      type.includes('json') && method !== 'HEAD'
        ? await response.json()
        : Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, body: parsed as T };
  };
  return {
    token,
    cookies,
    userId,
    call,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
  };
}

/**
 * A server of the test's own, on the real store (a MongoDB when TEST_MONGODB_URI is set), in folders that go with it.
 * One at a time in a process: the models are global.
 */
export async function startTestApp(settings: Record<string, string> = {}): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), 'relecture-test-'));
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    UPLOADS_DIR: join(folder, 'uploads'),
    DEMO: 'off',
    TILE_PROCESSES: '0',
    LOG_LEVEL: 'debug',
    ...ownDatabase(basename(folder)),
    ...settings,
  });
  const lines: string[] = [];
  const app = await createApp(
    config,
    createLog(config.logLevel, { write: (line: string) => lines.push(line) }),
  );
  const url = await app.listen();
  const anonymous = createClient(url, null, '', '');
  return {
    url,
    app,
    config,
    anonymous,
    logged: () => lines.join(''),
    async signIn(email, password) {
      const answer = await anonymous.post<{ accessToken: string; user: { id: string } }>(
        '/api/auth/sign-in',
        {
          email,
          password,
        },
      );
      if (answer.status !== 200) throw new Error(`sign-in of ${email} answered ${answer.status}`);
      const cookies = answer.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; ');
      return createClient(url, answer.body.accessToken, cookies, answer.body.user.id);
    },
    async stop() {
      await dropOwnDatabase();
      await app.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** On a real MongoDB, a database for one test's folder: two files at once, or two runs, share nothing. */
export function ownDatabase(name: string): { MONGODB_URI?: string } {
  const base = process.env.TEST_MONGODB_URI;
  if (!base) return {};
  const url = new URL(base);
  url.pathname = `/${name}`;
  return { MONGODB_URI: url.toString() };
}

/** The folder of a test that stopped and started its server on it, and its database. */
export async function removeFolder(folder: string): Promise<void> {
  const { MONGODB_URI } = ownDatabase(basename(folder));
  if (MONGODB_URI) {
    const connection = await mongoose.createConnection(MONGODB_URI).asPromise();
    await connection.dropDatabase();
    await connection.close();
  }
  await rm(folder, { recursive: true, force: true });
}

export async function dropOwnDatabase(): Promise<void> {
  if (process.env.TEST_MONGODB_URI) await mongoose.connection.dropDatabase();
}
