import type { Types } from 'mongoose';
import { isHeld, LEASE_MS, LEASE_OWNER, nextLease } from '../platform/lease.js';
import { SlideModel, type SlideRecord } from './model.js';

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
    SlideModel.updateOne(
      { _id: slideId, 'lease.owner': LEASE_OWNER },
      { $set: { lease: nextLease() } },
    ).catch(onError);
  }, LEASE_MS / 3);
  timer.unref();
  return () => clearInterval(timer);
}

export async function dropLease(slideId: Types.ObjectId): Promise<void> {
  await SlideModel.updateOne({ _id: slideId, 'lease.owner': LEASE_OWNER }, { $set: { lease: null } });
}
