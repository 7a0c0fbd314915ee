import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ProblemError } from '../platform/problem.js';

/** Failed attempts allowed before a pause: on one account from one address, and on any accounts from one address. */
const PER_ACCOUNT = 8;
const PER_ADDRESS = 60;
const WINDOW_SECONDS = 15 * 60;

export interface Attempts {
  /**
   * Counts an attempt before the password is looked at, so that guesses sent together are all counted.
   * @throws {ProblemError} TOO_MANY_ATTEMPTS with the seconds to wait.
   */
  begin(account: string, address: string): Promise<void>;
  /** The attempt was right: it costs nothing, and the account starts anew. */
  succeed(account: string, address: string): Promise<void>;
}

export function createAttempts(): Attempts {
  const accounts = new RateLimiterMemory({ points: PER_ACCOUNT, duration: WINDOW_SECONDS });
  const addresses = new RateLimiterMemory({ points: PER_ADDRESS, duration: WINDOW_SECONDS });
  // An account counts with the address it is tried from: a stranger elsewhere cannot lock its owner out.
  const at = (account: string, address: string) => `${address} ${account}`;
  return {
    async begin(account, address) {
      // The account first: whoever is refused there spends nothing of what colleagues behind one address share.
      await count(accounts, at(account, address));
      await count(addresses, address);
    },
    async succeed(account, address) {
      await accounts.delete(at(account, address));
      await addresses.reward(address);
    },
  };
}

async function count(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw new ProblemError('TOO_MANY_ATTEMPTS', { retryAfter: Math.ceil(refused.msBeforeNext / 1000) });
  }
}
