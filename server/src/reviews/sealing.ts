import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Types } from 'mongoose';
import { ProblemError } from '../platform/problem.js';
import { ReviewModel, type ReviewRecord } from './model.js';

/** Longer than any signature takes; a server killed in the middle of one gives the review back after it. */
const SEALING_MS = 20_000;
/** How often one that waits its turn looks again. */
const LOOK_AGAIN_MS = 150;

/** Wall-clock time: a lease between processes is no stamp of the story. */
const wallClock = (): Date => new Date();

export const isBeingSealed = ({ sealing }: Pick<ReviewRecord, 'sealing'>): boolean =>
  sealing !== null && sealing !== undefined && sealing.until > wallClock();

/**
 * Takes the review for one signature, after any other one that is being made: a double click waits for the first and
 * then sees what it signed. The gate's own write must name the token (`where: {'sealing.token': token}`), so that a
 * signature that took too long signs nothing.
 * @throws {ProblemError} STATUS_CONFLICT when others held it longer than a signature may take.
 */
export async function beginSealing(reviewId: Types.ObjectId): Promise<string> {
  const token = randomUUID();
  const patience = wallClock().getTime() + SEALING_MS + LOOK_AGAIN_MS;
  for (;;) {
    const until = new Date(wallClock().getTime() + SEALING_MS);
    const { modifiedCount } = await ReviewModel.updateOne(
      { _id: reviewId, $or: [{ sealing: null }, { 'sealing.until': { $lte: wallClock() } }] },
      { $set: { sealing: { token, until } } },
    );
    if (modifiedCount > 0) return token;
    if (wallClock().getTime() > patience) throw new ProblemError('STATUS_CONFLICT');
    await pause(LOOK_AGAIN_MS);
  }
}

/** Gives the review back when nothing was signed; after the gate there is nothing left to give back. */
export async function endSealing(reviewId: Types.ObjectId, token: string): Promise<void> {
  await ReviewModel.updateOne({ _id: reviewId, 'sealing.token': token }, { $set: { sealing: null } });
}
