import type { Job } from 'agenda';
import { Types } from 'mongoose';
import { desk } from './desk.js';
import { type IngestOutcome, ingestSlide, logTrouble } from './ingest.js';
import { createWorkQueue, QueueClosedError, type WorkQueue } from './ingest-queue.js';
import { SlideModel, type SlideRecord } from './model.js';
import { finishIfWhole } from './receive.js';
import { sweepSlides } from './sweep.js';

const JOB = 'ingest-slide';
const SWEEP = 'sweep-slides';
/** The kick comes first; the job is for when the kick did not come through. */
const JOB_DELAY_MS = 10_000;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 5 * 60_000;
const LOCK_MS = 60_000;
/** Decoding is libvips' work in its own threads; two at once keep both cores of a small server busy. */
const AT_ONCE = 2;

let queue: WorkQueue<IngestOutcome> | null = null;

function ingestQueue(): WorkQueue<IngestOutcome> {
  queue ??= createWorkQueue((slideId) => ingestSlide(new Types.ObjectId(slideId)), AT_ONCE);
  return queue;
}

/** Before agenda starts. */
export function defineSlideJobs(): void {
  const { jobs } = desk();
  jobs.define<{ slideId: string }>(JOB, runJob, {
    concurrency: AT_ONCE,
    lockLifetime: LOCK_MS,
    removeOnComplete: true,
    backoff: ({ attempt }) => Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS),
  });
  jobs.define(SWEEP, async () => await sweepSlides(), { concurrency: 1, lockLifetime: 10 * LOCK_MS });
}

/** After agenda has started, and the record's listeners listen: takes up what the last run left. */
export async function resumeSlides(): Promise<void> {
  const { jobs } = desk();
  await jobs.every('1 hour', SWEEP, undefined, { skipImmediate: true });
  for await (const found of SlideModel.find({ status: { $in: ['receiving', 'received', 'processing'] } })
    .lean<SlideRecord[]>()
    .cursor()) {
    const slide = await finishIfWhole(found);
    if (slide.status !== 'receiving') await scheduleIngest(slide);
  }
}

async function runJob(job: Job<{ slideId: string }>): Promise<void> {
  // A conversion may take minutes: without this, another process would begin the same work.
  const touching = setInterval(() => {
    job.touch().catch((error: unknown) => logTrouble(new Types.ObjectId(job.attrs.data.slideId), error));
  }, LOCK_MS / 3);
  try {
    const outcome = await ingestQueue().run(job.attrs.data.slideId);
    // Failing asks for another look, with growing patience, until the slide is finished by whoever has it.
    if (outcome === 'busy') throw new Error('another process prepares this slide');
  } finally {
    clearInterval(touching);
  }
}

/** Promises that the slide will be prepared, whatever happens to this process, and begins at once. */
export async function scheduleIngest({ _id }: SlideRecord): Promise<void> {
  const slideId = String(_id);
  await desk()
    .jobs.create(JOB, { slideId })
    .unique({ 'data.slideId': slideId })
    .schedule(new Date(Date.now() + JOB_DELAY_MS))
    .save();
  kickIngest(_id);
}

function kickIngest(slideId: Types.ObjectId): void {
  ingestQueue()
    .run(String(slideId))
    .catch((error: unknown) => {
      if (!(error instanceof QueueClosedError)) logTrouble(slideId, error);
    });
}

/** For a caller that waits: the demo, a command. */
export async function ingestNow(slideId: Types.ObjectId): Promise<void> {
  await ingestQueue().run(String(slideId));
}

export async function closeIngest(): Promise<void> {
  const closing = queue;
  queue = null;
  await closing?.close();
}
