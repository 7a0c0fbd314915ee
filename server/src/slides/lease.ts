import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Types } from 'mongoose';
import { SlideModel, type SlideRecord } from './model.js';

/** Unique to this run of this process: a container's next run may well have the same number. */
const OWNER = [hostname(), process.pid, randomBytes(6).toString('hex')].join('|');
const LEASE_MS = 30_000;

/**
 * Takes the slide for this process, or answers null when another one is at work on it (or it is finished).
 * The lease of a process of this machine that is no longer there is void at once: after a kill -9 nobody waits.
 */
export async function takeLease(slideId: Types.ObjectId): Promise<SlideRecord | null> {
  const slide = await SlideModel.findById(slideId).lean<SlideRecord>();
  if (!slide || !['received', 'processing'].includes(slide.status)) return null;
  if (slide.lease && isHeld(slide.lease)) return null;
  return await SlideModel.findOneAndUpdate(
    { _id: slideId, status: slide.status, attempts: slide.attempts },
    { $set: { lease: nextLease() }, $inc: { attempts: 1 } },
    { returnDocument: 'after' },
  ).lean<SlideRecord>();
}

/** Keeps the lease while the work lasts. Returns how to stop keeping it. */
export function keepLease(slideId: Types.ObjectId, onError: (error: unknown) => void): () => void {
  const timer = setInterval(() => {
    SlideModel.updateOne({ _id: slideId, 'lease.owner': OWNER }, { $set: { lease: nextLease() } }).catch(
      onError,
    );
  }, LEASE_MS / 3);
  timer.unref();
  return () => clearInterval(timer);
}

export async function dropLease(slideId: Types.ObjectId): Promise<void> {
  await SlideModel.updateOne({ _id: slideId, 'lease.owner': OWNER }, { $set: { lease: null } });
}

// Real time, whatever time the demo pretends it is.
const nextLease = () => ({ owner: OWNER, until: new Date(Date.now() + LEASE_MS) });

function isHeld({ owner, until }: { owner: string; until: Date }): boolean {
  if (until.getTime() <= Date.now() || owner === OWNER) return false;
  const [host, pid] = owner.split('|');
  return host !== hostname() || (Number(pid) !== process.pid && isAlive(Number(pid)));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process: it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
