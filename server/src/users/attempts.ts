import { RateLimiterMemory } from 'rate-limiter-flexible';
import { ProblemError } from '../platform/problem.js';

/** Failed attempts allowed before a pause, per account and per address. Successes cost nothing. */
const PER_ACCOUNT = 8;
const PER_ADDRESS = 60;
const WINDOW_SECONDS = 15 * 60;

export interface Attempts {
  /** @throws {ProblemError} TOO_MANY_ATTEMPTS with the seconds to wait. */
  check(account: string, address: string): Promise<void>;
  fail(account: string, address: string): Promise<void>;
  succeed(account: string): Promise<void>;
}

export function createAttempts(): Attempts {
  const accounts = new RateLimiterMemory({ points: PER_ACCOUNT, duration: WINDOW_SECONDS });
  const addresses = new RateLimiterMemory({ points: PER_ADDRESS, duration: WINDOW_SECONDS });
  return {
    async check(account, address) {
      for (const [limiter, key] of [
        [accounts, account],
        [addresses, address],
      ] as const) {
        const state = await limiter.get(key);
        if (state && state.remainingPoints <= 0) {
          throw new ProblemError('TOO_MANY_ATTEMPTS', { retryAfter: Math.ceil(state.msBeforeNext / 1000) });
        }
      }
    },
    async fail(account, address) {
      await accounts.penalty(account);
      await addresses.penalty(address);
    },
    async succeed(account) {
      await accounts.delete(account);
    },
  };
}
