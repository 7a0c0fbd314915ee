import { type Session, session as sessionSchema, type User } from '@relecture/shared/users/schema.js';
import { forgetFiles } from './file-names';
import { ApiProblem, NETWORK_DOWN, problemFrom } from './problem';

/**
 * The access token lives in this module's memory and nowhere else; the refresh cookie is the browser's.
 * `unknown` until the first refresh has answered.
 */
type SessionState =
  | { status: 'unknown' }
  | { status: 'signed-in'; user: User }
  | { status: 'signed-out'; reason: 'never' | 'expired' | 'chosen' };

let state: SessionState = { status: 'unknown' };
let accessToken: string | null = null;
let expiresAt = 0;
let renewing: Promise<void> | null = null;
/** While somebody signs out, what the server closes must not be renewed. */
let leaving = false;
let renewTimer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const renewed = new Set<(token: string) => void>();

/** Says only that this browser has signed in before, so that a first visit asks the server nothing. */
const KNOWN_HERE = 'relecture.known';
const otherTabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel('relecture-session') : null;

export const getSession = () => state;

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Called with each renewed token: the socket hands it on so that a long reading keeps its rooms. */
export function onTokenRenewed(listener: (token: string) => void): () => void {
  renewed.add(listener);
  return () => renewed.delete(listener);
}

function become(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

function open(session: Session): void {
  accessToken = session.accessToken;
  expiresAt = Date.now() + session.expiresIn * 1000;
  localStorage.setItem(KNOWN_HERE, '1');
  clearTimeout(renewTimer);
  // The slide cookie and the socket live as long as the token: renew in time, even when nobody clicks.
  const ahead = Math.min(60, session.expiresIn / 3);
  renewTimer = setTimeout(
    () => {
      renew().catch(() => undefined);
    },
    (session.expiresIn - ahead) * 1000,
  );
  become({ status: 'signed-in', user: session.user });
  for (const listener of renewed) listener(session.accessToken);
}

function close(reason: 'never' | 'expired' | 'chosen'): void {
  accessToken = null;
  expiresAt = 0;
  clearTimeout(renewTimer);
  localStorage.removeItem(KNOWN_HERE);
  // A session that ran out is taken up again by the same person; who signs out may leave the machine to another.
  if (reason === 'chosen') forgetFiles();
  become({ status: 'signed-out', reason });
}

async function ask(path: string, body?: unknown, token: string | null = null): Promise<Response> {
  try {
    return await fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        'Accept-Language': document.documentElement.lang,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new ApiProblem({ status: 0, code: NETWORK_DOWN }, error);
  }
}

export async function signIn(email: string, password: string): Promise<User> {
  const response = await ask('/api/auth/sign-in', { email, password });
  if (!response.ok) throw await problemFrom(response);
  const session = sessionSchema.parse(await response.json());
  open(session);
  otherTabs?.postMessage('signed-in');
  return session.user;
}

export async function signOut(): Promise<void> {
  const token = await freshToken();
  leaving = true;
  try {
    const response = await ask('/api/auth/sign-out', {}, token);
    if (!response.ok && response.status !== 401) throw await problemFrom(response);
    close('chosen');
    otherTabs?.postMessage('signed-out');
  } finally {
    leaving = false;
  }
}

async function refresh(): Promise<void> {
  const response = await ask('/api/auth/refresh');
  if (response.ok) {
    open(sessionSchema.parse(await response.json()));
    return;
  }
  if (response.status === 401 || response.status === 403) {
    close(state.status === 'signed-in' ? 'expired' : 'never');
    return;
  }
  throw await problemFrom(response);
}

/**
 * One refresh at a time in this tab, and one tab at a time in this browser: the cookie rotates, and a tab that
 * sent the old one while another received the new one would look like a thief.
 */
export function renew(): Promise<void> {
  if (leaving) return Promise.resolve();
  renewing ??= (
    'locks' in navigator ? navigator.locks.request('relecture-refresh', () => refresh()) : refresh()
  ).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** At the start of the page: is somebody signed in here? */
export async function resumeSession(): Promise<void> {
  if (localStorage.getItem(KNOWN_HERE) === null) {
    close('never');
    return;
  }
  await renew();
}

/** A token good for at least the next seconds, or null when nobody is signed in. */
export async function freshToken(): Promise<string | null> {
  if (state.status !== 'signed-in') return null;
  if (Date.now() > expiresAt - 10_000) await renew();
  return accessToken;
}

/** The person changed something of their own account (the language). */
export function updateUser(user: User): void {
  if (state.status === 'signed-in') become({ status: 'signed-in', user });
}

otherTabs?.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.data === 'signed-out' && state.status === 'signed-in') close('chosen');
  if (event.data === 'signed-in') {
    localStorage.setItem(KNOWN_HERE, '1');
    renew().catch(() => undefined);
  }
});
