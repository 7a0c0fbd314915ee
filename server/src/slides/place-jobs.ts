import { Types } from 'mongoose';
import { desk } from './desk.js';
import { logTrouble } from './ingest.js';
import { createWorkQueue, QueueClosedError, type WorkQueue } from './ingest-queue.js';
import { nightlyShare, verifySlides } from './integrity.js';
import { SlideModel, type SlideRecord } from './model.js';
import { clearFormerPlaces, FEW, misplaced, placeSlide, sweepObjects } from './place.js';

const PLACE = 'place-slides';
const CLEAR = 'clear-former-places';
const VERIFY = 'verify-slides';
const LOCK_MS = 10 * 60_000;

let queue: WorkQueue<boolean> | null = null;
let stopped = false;

/** One at a time: a slide of gigabytes is read and written whole. */
function placeQueue(): WorkQueue<boolean> {
  queue ??= createWorkQueue((slideId) => placeSlide(new Types.ObjectId(slideId)), 1);
  return queue;
}

/** Before agenda starts. */
export function definePlaceJobs(): void {
  const { jobs } = desk();
  stopped = false;
  // What the last run left, and everything when the setting has changed.
  jobs.define(PLACE, placeAll, { concurrency: 1, lockLifetime: LOCK_MS });
  jobs.define(CLEAR, async () => await clearFormerPlaces(), { concurrency: 1, lockLifetime: LOCK_MS });
  jobs.define(
    VERIFY,
    async () => {
      await compareShare(await nightlyShare());
      await sweepObjects();
    },
    { concurrency: 1, lockLifetime: LOCK_MS },
  );
}

/** After agenda has started. */
export async function schedulePlaceJobs(): Promise<void> {
  const { jobs } = desk();
  // Not waited for either: the setting may have changed, and thousands of slides with it.
  placeAll().catch((error: Error) => desk().log.error({ error: error.name }, 'slides were not put away'));
  await jobs.every('1 hour', PLACE, undefined, { skipImmediate: true });
  await jobs.every('1 minute', CLEAR, undefined, { skipImmediate: true });
  // At night, when nobody waits for the disk.
  await jobs.every('0 3 * * *', VERIFY, undefined, { skipImmediate: true });
}

let comparing: Promise<unknown> | null = null;

/** So many slides; joins a comparison that is under way. What a broken move left beside a slide goes with it. */
export async function compareShare(slides: number): Promise<void> {
  comparing ??= verifySlides(slides, { isStopped: () => stopped, onCompared: placeSoon }).finally(() => {
    comparing = null;
  });
  await comparing;
}

async function placeAll(): Promise<void> {
  const waiting = SlideModel.find(misplaced(), { _id: 1 }).lean<SlideRecord[]>();
  for await (const { _id } of waiting.cursor({ batchSize: FEW })) {
    if (stopped) return;
    await placeSoon(String(_id));
  }
}

/** Resolves when it lies as it should, or when it is known why not: the hourly job tries again. */
export async function placeSoon(slideId: string): Promise<void> {
  if (stopped) return;
  try {
    await placeQueue().run(slideId);
  } catch (error) {
    if (!(error instanceof QueueClosedError)) logTrouble(new Types.ObjectId(slideId), error);
  }
}

export async function closePlacing(): Promise<void> {
  stopped = true;
  const closing = queue;
  queue = null;
  await Promise.allSettled([closing?.close(), comparing]);
}
