import type { QueueOutcome } from '@relecture/shared/annotations/save-queue.js';
import { ApiProblem } from '../../api/problem';

/**
 * What a failed save means for the queue. `conflict` reads what the server holds now; if even that fails nothing
 * is known and the same body is sent again.
 */
export async function outcomeOf<C>(
  error: unknown,
  conflict: () => Promise<QueueOutcome<C>>,
): Promise<QueueOutcome<C>> {
  if (!(error instanceof ApiProblem)) return { type: 'lost' };
  if (error.status === 401) return { type: 'signed_out' };
  if (error.code === 'CONFLICT') {
    try {
      return await conflict();
    } catch (second) {
      return second instanceof ApiProblem && second.status === 401
        ? { type: 'signed_out' }
        : { type: 'lost' };
    }
  }
  const refused = error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 429;
  return refused ? { type: 'rejected', code: error.code } : { type: 'lost' };
}
