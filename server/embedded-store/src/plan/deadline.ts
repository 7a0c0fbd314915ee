import { CommandError } from '../errors.js';

let deadline = Number.POSITIVE_INFINITY;

/**
 * maxTimeMS: how long the command that runs now may look at documents. A command's reading is synchronous, so one
 * deadline at a time is enough; writes wait in a queue of their own and are never cut short half way.
 */
export function withDeadline<T>(milliseconds: number | undefined, run: () => T): T {
  deadline = milliseconds ? performance.now() + milliseconds : Number.POSITIVE_INFINITY;
  try {
    return run();
  } finally {
    deadline = Number.POSITIVE_INFINITY;
  }
}

export function checkDeadline(): void {
  if (deadline !== Number.POSITIVE_INFINITY && performance.now() > deadline) {
    throw new CommandError(50, 'operation exceeded time limit');
  }
}
