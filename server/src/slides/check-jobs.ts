import type { Job } from 'agenda';
import { Types } from 'mongoose';
import { checkReady } from './check.js';
import { desk } from './desk.js';
import { logTrouble } from './ingest.js';
import { createWorkQueue, QueueClosedError, type WorkQueue } from './ingest-queue.js';

const JOB = 'check-slide';
/** The kick comes first; the job is for when the kick did not come through. */
const JOB_DELAY_MS = 30_000;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 5 * 60_000;
/** One at a time: people look at slides meanwhile. */
const AT_ONCE = 1;

let queue: WorkQueue<void> | null = null;
let stopped = false;

function checkQueue(): WorkQueue<void> {
  queue ??= createWorkQueue((slideId) => checkReady(new Types.ObjectId(slideId), () => stopped), AT_ONCE);
  return queue;
}

/** Before agenda starts. */
export function defineCheckJobs(): void {
  stopped = false;
  desk().jobs.define<{ slideId: string }>(
    JOB,
    async ({ attrs }: Job<{ slideId: string }>) => await checkQueue().run(attrs.data.slideId),
    {
      concurrency: AT_ONCE,
      lockLifetime: 60_000,
      removeOnComplete: true,
      backoff: ({ attempt }) => Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS),
    },
  );
}

/** Promises that the readable slide will be checked, whatever happens to this process, and begins at once. */
export async function scheduleCheck(slideId: string): Promise<void> {
  await desk()
    .jobs.create(JOB, { slideId })
    .unique({ 'data.slideId': slideId })
    .schedule(new Date(Date.now() + JOB_DELAY_MS))
    .save();
  checkQueue()
    .run(slideId)
    .catch((error: unknown) => {
      if (!(error instanceof QueueClosedError)) logTrouble(new Types.ObjectId(slideId), error);
    });
}

/** For a caller that waits: the demo, a command. */
export async function checkNow(slideId: Types.ObjectId): Promise<void> {
  await checkQueue().run(String(slideId));
}

export async function closeChecks(): Promise<void> {
  stopped = true;
  const closing = queue;
  queue = null;
  await closing?.close();
}
