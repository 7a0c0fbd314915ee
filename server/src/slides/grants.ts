import { Types } from 'mongoose';
import { recordAccess } from '../platform/access-log.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { onSessionEnd, principalFromAuthorization, principalFromSlideCookie } from '../users/index.js';
import { seeSlide } from './service.js';
import type { TileAccess } from './tiles/tile-handler.js';
import { GRANT_MS } from './tiles/tile-messages.js';

const GRANTS_KEPT = 20_000;
/** One entry of the access log for so long: it says who looked at which slide, not how often they moved. */
const LOGGED_MS = 3600_000;
const LOGGED_KEPT = 20_000;

/** What an image request carries: a page's images the cookie, a program the header. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

interface Grant {
  readonly sessionId: string;
  readonly until: number;
}

const grants = new Map<string, Grant>();
const asked = new Map<string, Promise<TileAccess>>();
const logged = new Map<string, number>();
/** Raised when rights change: an answer that was being worked out meanwhile is not kept. */
let epoch = 0;
const droppedListeners = new Set<(epoch: number) => void>();

export const grantEpoch = (): number => epoch;

/** Told at once when rights are no longer believed. Returns how to stop listening. */
export function onGrantsDropped(listener: (epoch: number) => void): () => void {
  droppedListeners.add(listener);
  return () => droppedListeners.delete(listener);
}

function nextEpoch(): void {
  epoch += 1;
  for (const listener of droppedListeners) listener(epoch);
}

/** Answers from memory when it can: a viewer asks for dozens of tiles at every move. */
export function authorizeImage(credentials: Credentials, slideId: string): TileAccess | Promise<TileAccess> {
  const key = `${slideId}\n${credentials.authorization ?? credentials.cookie ?? ''}`;
  const grant = grants.get(key);
  if (grant && grant.until > Date.now()) return 'granted';
  const joined = asked.get(key);
  if (joined) return joined;
  const asking = decide(credentials, slideId, key).finally(() => asked.delete(key));
  asked.set(key, asking);
  return asking;
}

async function decide(credentials: Credentials, slideId: string, key: string): Promise<TileAccess> {
  const asOf = epoch;
  const principal = await principalOf(credentials);
  if (!principal) return 'unauthenticated';
  try {
    if (!Types.ObjectId.isValid(slideId)) return 'unknown';
    await seeSlide(slideId, principal);
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'NOT_FOUND') return 'unknown';
    throw error;
  }
  await logOnce(principal, slideId);
  if (asOf === epoch) {
    remember(grants, key, { sessionId: principal.sessionId, until: Date.now() + GRANT_MS }, GRANTS_KEPT);
  }
  return 'granted';
}

/** null: not signed in, or no longer. */
export async function principalOf({ authorization, cookie }: Credentials): Promise<Principal | null> {
  if (authorization === undefined) return await principalFromSlideCookie(cookie);
  try {
    return await principalFromAuthorization(authorization);
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401) return null;
    throw error;
  }
}

async function logOnce(principal: Principal, slideId: string): Promise<void> {
  const key = `${principal.sessionId}\n${slideId}`;
  if ((logged.get(key) ?? 0) > Date.now() - LOGGED_MS) return;
  await recordAccess({
    actorId: principal.id,
    action: 'slide.viewed',
    recordKind: 'slide',
    recordId: slideId,
  });
  remember(logged, key, Date.now(), LOGGED_KEPT);
}

function remember<T>(map: Map<string, T>, key: string, value: T, kept: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > kept && oldest !== undefined) map.delete(oldest);
}

export function dropGrants(): void {
  nextEpoch();
  grants.clear();
  // Answers under way may be stale; whoever asks from now on asks anew.
  asked.clear();
}

/** A session that ends sees no further tile. Returns how to stop listening. */
export function dropGrantsWithSessions(): () => void {
  return onSessionEnd((sessionId) => {
    for (const [key, grant] of grants) if (grant.sessionId === sessionId) grants.delete(key);
    nextEpoch();
  });
}

export function forgetGrants(): void {
  dropGrants();
  logged.clear();
}
