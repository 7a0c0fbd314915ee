import { createHash, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import jwt from 'jsonwebtoken';

export const ACCESS_SECONDS = 600;
/** A little longer than the access token, since each refresh renews it. */
export const SLIDE_COOKIE_SECONDS = 900;
/** A working day: a session nobody refreshes for this long is over. */
export const SESSION_SECONDS = 14 * 3600;

export interface TokenClaims {
  readonly userId: string;
  readonly sessionId: string;
}

type Audience = 'api' | 'slides';

export interface Tokens {
  sign(claims: TokenClaims, audience: Audience): string;
  /** Null for a token that is not ours, of the other audience or too old. */
  verify(token: string, audience: Audience): { claims: TokenClaims; expired: boolean } | null;
}

/** A KeyObject, not a string: jsonwebtoken 9 verifies in 11 µs instead of 500. */
export function createTokens(secret: Buffer): Tokens {
  const key: KeyObject = createSecretKey(secret);
  return {
    sign: ({ userId, sessionId }, audience) =>
      jwt.sign({ sid: sessionId }, key, {
        algorithm: 'HS256',
        subject: userId,
        audience,
        issuer: 'relecture',
        expiresIn: audience === 'api' ? ACCESS_SECONDS : SLIDE_COOKIE_SECONDS,
      }),
    verify(token, audience) {
      try {
        const payload = jwt.verify(token, key, {
          algorithms: ['HS256'],
          audience,
          issuer: 'relecture',
          ignoreExpiration: true,
        });
        if (typeof payload === 'string' || typeof payload.sub !== 'string' || typeof payload.sid !== 'string')
          return null;
        const expired = payload.exp === undefined || payload.exp * 1000 <= Date.now();
        return { claims: { userId: payload.sub, sessionId: payload.sid }, expired };
      } catch (error) {
        if (error instanceof jwt.JsonWebTokenError) return null;
        throw error;
      }
    },
  };
}

/** Refresh token: the session's id and 256 random bits; only the hash is stored. */
export function makeRefreshSecret(): { secret: string; hash: string } {
  const secret = randomBytes(32).toString('base64url');
  return { secret, hash: hashSecret(secret) };
}
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

export function sameHash(a: string | null, b: string): boolean {
  return a !== null && a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
