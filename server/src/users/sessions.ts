import { Types } from 'mongoose';
import type { Config } from '../config/index.js';
import { recordAccess } from '../platform/access-log.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { type Attempts, createAttempts } from './attempts.js';
import {
  OrganisationModel,
  type OrganisationRecord,
  SessionModel,
  UserModel,
  type UserRecord,
} from './model.js';
import { passwordMatches } from './passwords.js';
import { displayName } from './present.js';
import {
  createTokens,
  hashSecret,
  makeRefreshSecret,
  SESSION_SECONDS,
  sameHash,
  type TokenClaims,
  type Tokens,
} from './tokens.js';

/** Two tabs that wake together send the same refresh token: within this time the older one is no theft. */
const GRACE_MS = 30_000;
/** How long a principal is remembered between two requests; a change of rights drops it at once in this process. */
const PRINCIPAL_TTL_MS = 5_000;
const PRINCIPALS_KEPT = 5_000;

export interface OpenSession {
  readonly user: UserRecord;
  readonly organisation: OrganisationRecord;
  readonly accessToken: string;
  readonly slideToken: string;
  /** Null when the browser already holds the newest one. */
  readonly refreshToken: string | null;
}

let tokens: Tokens;
let attempts: Attempts = createAttempts();
const principals = new Map<string, { principal: Principal; until: number }>();
const endListeners = new Set<(sessionId: string) => void>();
const rightsListeners = new Set<(userId: string) => Promise<void>>();

/** Called once by app.ts. */
export function configureSessions(config: Pick<Config, 'tokenSecret'>): void {
  tokens = createTokens(config.tokenSecret);
  attempts = createAttempts();
  principals.clear();
}

/** Sockets close when their session ends. */
export function onSessionEnd(listener: (sessionId: string) => void): () => void {
  endListeners.add(listener);
  return () => endListeners.delete(listener);
}

/** Sockets look again at what a person may hear when the account changes. */
export function onRightsChange(listener: (userId: string) => Promise<void>): () => void {
  rightsListeners.add(listener);
  return () => rightsListeners.delete(listener);
}

/** Ends when the sockets of the person have been put right: whoever changed the account is answered after that. */
export async function forgetPrincipals(userId?: string): Promise<void> {
  for (const [sessionId, { principal }] of principals) {
    if (userId === undefined || principal.id === userId) principals.delete(sessionId);
  }
  if (userId !== undefined) await Promise.all([...rightsListeners].map((listener) => listener(userId)));
}

async function loadAccount(
  userId: Types.ObjectId,
): Promise<{ user: UserRecord; organisation: OrganisationRecord } | null> {
  const user = await UserModel.findOne({ _id: userId, active: true }).lean<UserRecord>();
  if (!user) return null;
  const organisation = await OrganisationModel.findById(user.organisationId).lean<OrganisationRecord>();
  return organisation ? { user, organisation } : null;
}

function openTokens(userId: Types.ObjectId, sessionId: Types.ObjectId) {
  const claims: TokenClaims = { userId: String(userId), sessionId: String(sessionId) };
  return { accessToken: tokens.sign(claims, 'api'), slideToken: tokens.sign(claims, 'slides') };
}

/** @throws {ProblemError} SIGN_IN_FAILED whichever part was wrong, TOO_MANY_ATTEMPTS. */
export async function signIn(email: string, password: string, address: string): Promise<OpenSession> {
  const account = email.trim().toLowerCase();
  await attempts.begin(account, address);
  const found = await UserModel.findOne({ email: account }).lean<UserRecord>();
  const matches = await passwordMatches(found?.active ? found.passwordHash : null, password);
  const loaded = matches && found ? await loadAccount(found._id) : null;
  if (!loaded) {
    await recordAccess({
      actorId: found ? String(found._id) : null,
      action: 'session.refused',
      recordKind: 'user',
      recordId: found ? String(found._id) : 'unknown',
    });
    throw new ProblemError('SIGN_IN_FAILED');
  }
  await attempts.succeed(account, address);
  const at = new Date();
  const { secret, hash } = makeRefreshSecret();
  const session = await SessionModel.create({
    userId: loaded.user._id,
    currentHash: hash,
    rotatedAt: at,
    createdAt: at,
    expiresAt: new Date(at.getTime() + SESSION_SECONDS * 1000),
  });
  await recordAccess({
    actorId: String(loaded.user._id),
    action: 'session.opened',
    recordKind: 'user',
    recordId: String(loaded.user._id),
  });
  return {
    ...loaded,
    ...openTokens(loaded.user._id, session._id),
    refreshToken: `${String(session._id)}.${secret}`,
  };
}

/**
 * Rotates the refresh token. An old one used again revokes the whole family, unless it is the one just replaced.
 * @throws {ProblemError} SESSION_EXPIRED
 */
export async function refresh(refreshToken: string | undefined): Promise<OpenSession> {
  const [sessionId, secret] = (refreshToken ?? '').split('.');
  if (!sessionId || !secret || !Types.ObjectId.isValid(sessionId)) throw new ProblemError('NOT_SIGNED_IN');
  const presented = hashSecret(secret);
  const next = makeRefreshSecret();
  const at = new Date();
  const rotated = await SessionModel.findOneAndUpdate(
    { _id: sessionId, currentHash: presented, revokedAt: null, expiresAt: { $gt: at } },
    {
      currentHash: next.hash,
      previousHash: presented,
      rotatedAt: at,
      expiresAt: new Date(at.getTime() + SESSION_SECONDS * 1000),
    },
    { returnDocument: 'after' },
  ).lean();
  const session = rotated ?? (await SessionModel.findById(sessionId).lean());
  if (!session || session.revokedAt || session.expiresAt <= at) throw new ProblemError('SESSION_EXPIRED');
  if (!rotated) {
    const twin =
      sameHash(session.previousHash, presented) && at.getTime() - session.rotatedAt.getTime() < GRACE_MS;
    if (!twin) {
      await endSession(sessionId, 'session.reuse-detected');
      throw new ProblemError('SESSION_EXPIRED');
    }
  }
  const loaded = await loadAccount(session.userId);
  if (!loaded) throw new ProblemError('SESSION_EXPIRED');
  return {
    ...loaded,
    ...openTokens(session.userId, session._id),
    refreshToken: rotated ? `${sessionId}.${next.secret}` : null,
  };
}

export async function endSession(sessionId: string, action = 'session.closed'): Promise<void> {
  const session = await SessionModel.findOneAndUpdate(
    { _id: sessionId, revokedAt: null },
    { revokedAt: new Date() },
  ).lean();
  principals.delete(sessionId);
  if (session) {
    await recordAccess({
      actorId: String(session.userId),
      action,
      recordKind: 'user',
      recordId: String(session.userId),
    });
  }
  for (const listener of endListeners) listener(sessionId);
}

async function principalOf(claims: TokenClaims): Promise<Principal | null> {
  const kept = principals.get(claims.sessionId);
  if (kept && kept.until > Date.now() && kept.principal.id === claims.userId) return kept.principal;
  const session = await SessionModel.findById(claims.sessionId, { revokedAt: 1, userId: 1 }).lean();
  if (!session || session.revokedAt || String(session.userId) !== claims.userId) return null;
  const loaded = await loadAccount(session.userId);
  if (!loaded) return null;
  const principal = asPrincipal(loaded, claims.sessionId);
  const oldest = principals.size >= PRINCIPALS_KEPT ? principals.keys().next().value : undefined;
  if (oldest !== undefined) principals.delete(oldest);
  principals.set(claims.sessionId, { principal, until: Date.now() + PRINCIPAL_TTL_MS });
  return principal;
}

function asPrincipal(
  { user, organisation }: { user: UserRecord; organisation: OrganisationRecord },
  sessionId: string,
): Principal {
  return {
    id: String(user._id),
    displayName: displayName(user),
    organisationId: String(organisation._id),
    organisationName: organisation.name,
    region: organisation.region,
    roles: user.roles,
    networks: user.networks,
    national: user.national,
    sessionId,
  };
}

/** For work that goes on after a person asked for it, with or without their session; null when the account is closed. */
export async function principalOfPerson(userId: Types.ObjectId): Promise<Principal | null> {
  const loaded = await loadAccount(userId);
  return loaded ? asPrincipal(loaded, '') : null;
}

/** The person behind an open session as the account is now; null when either has ended. */
export const currentPrincipal = (userId: string, sessionId: string): Promise<Principal | null> =>
  principalOf({ userId, sessionId });

/** @throws {ProblemError} NOT_SIGNED_IN without a good token, SESSION_EXPIRED with an old one. */
export async function principalFromAuthorization(header: string | undefined): Promise<Principal> {
  const token = /^Bearer ([\w.-]+)$/i.exec(header ?? '')?.[1];
  const verified = token ? tokens.verify(token, 'api') : null;
  if (!verified) throw new ProblemError('NOT_SIGNED_IN');
  const principal = verified.expired ? null : await principalOf(verified.claims);
  if (!principal) throw new ProblemError('SESSION_EXPIRED');
  return principal;
}

/** For sockets: the session and its end, so that an expired one closes its socket. */
export async function principalFromToken(
  token: unknown,
): Promise<{ principal: Principal; expiresAt: number }> {
  const principal = await principalFromAuthorization(
    typeof token === 'string' ? `Bearer ${token}` : undefined,
  );
  const payload = JSON.parse(
    Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString('utf8'),
  ) as { exp: number };
  return { principal, expiresAt: payload.exp * 1000 };
}

export const SLIDE_COOKIE = 'relecture_slides';
export const REFRESH_COOKIE = 'relecture_refresh';

/** Image requests cannot carry a header: a short-lived same-site cookie stands in, for slide bytes only. */
export async function principalFromSlideCookie(cookieHeader: string | undefined): Promise<Principal | null> {
  for (const part of (cookieHeader ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name !== SLIDE_COOKIE || !value) continue;
    const verified = tokens.verify(decodeURIComponent(value), 'slides');
    if (verified && !verified.expired) return await principalOf(verified.claims);
  }
  return null;
}

/**
 * The password again, for a signature: one that its owner alone knows.
 * @throws {ProblemError} PASSWORD_WRONG, TOO_MANY_ATTEMPTS, PASSWORD_TO_CHOOSE
 */
export async function verifySigner(userId: string, password: string): Promise<void> {
  await verifyPassword(userId, password);
  if (await UserModel.exists({ _id: userId, passwordTemporary: true }))
    throw new ProblemError('PASSWORD_TO_CHOOSE');
}

/** The password again. @throws {ProblemError} PASSWORD_WRONG, TOO_MANY_ATTEMPTS. */
export async function verifyPassword(userId: string, password: string): Promise<void> {
  const account = `signature:${userId}`;
  await attempts.begin(account, account);
  const user = await UserModel.findOne({ _id: userId, active: true }, { passwordHash: 1 }).lean<UserRecord>();
  if (!(await passwordMatches(user?.passwordHash ?? null, password)))
    throw new ProblemError('PASSWORD_WRONG');
  await attempts.succeed(account, account);
}
