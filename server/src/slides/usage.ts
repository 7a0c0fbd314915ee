import { model, Schema, Types } from 'mongoose';
import { ProblemError } from '../platform/problem.js';
import { getOrganisation, slideRulesOf } from '../users/index.js';
import { SlideModel, type SlideRecord } from './model.js';

/**
 * How many bytes of slides each organisation keeps: one counter a house, raised in the same atomic write that compares
 * it with the quota, so that uploads beginning together cannot exceed it together. An admission costs one write; the
 * recount (once an hour, for counters at rest) one pass over an index of the house's counted slides.
 */
interface SlideUsage {
  _id: Types.ObjectId;
  bytes: number;
  /** Raised with every change: a recount of an older state is not written. */
  revision: number;
  changedAt: Date;
}

const schema = new Schema<SlideUsage>(
  {
    _id: { type: Schema.Types.ObjectId, required: true },
    bytes: { type: Number, required: true },
    revision: { type: Number, required: true },
    changedAt: { type: Date, required: true },
  },
  { versionKey: false, collection: 'slideusage' },
);
const SlideUsageModel = model<SlideUsage>('SlideUsage', schema);

/** Between the counter and the slide's record lie milliseconds; a counter at rest for so long has none in between. */
const AT_REST_MS = 10 * 60_000;

const reached = (quotaBytes: number, usedBytes: number): ProblemError =>
  new ProblemError('STORAGE_QUOTA_REACHED', { params: { quotaBytes, usedBytes } });

async function usedBy(organisationId: Types.ObjectId): Promise<number> {
  return (await SlideUsageModel.findById(organisationId).lean<SlideUsage>())?.bytes ?? 0;
}

const quotaOf = async (organisationId: Types.ObjectId): Promise<number | null> =>
  slideRulesOf(await getOrganisation(organisationId)).quotaBytes;

/** Before the first byte. @throws {ProblemError} STORAGE_QUOTA_REACHED */
export async function refuseOverQuota(organisationId: Types.ObjectId, bytes: number): Promise<void> {
  const quota = await quotaOf(organisationId);
  if (quota === null) return;
  const used = await usedBy(organisationId);
  if (used + bytes > quota) throw reached(quota, used);
}

/** Counts a slide whose record is about to be written. @throws {ProblemError} STORAGE_QUOTA_REACHED */
export async function charge(organisationId: Types.ObjectId, bytes: number): Promise<void> {
  const quota = await quotaOf(organisationId);
  await SlideUsageModel.updateOne(
    { _id: organisationId },
    { $setOnInsert: { bytes: 0, revision: 0, changedAt: new Date() } },
    { upsert: true },
  );
  const counted = await SlideUsageModel.updateOne(
    { _id: organisationId, ...(quota === null ? {} : { bytes: { $lte: quota - bytes } }) },
    { $inc: { bytes, revision: 1 }, $set: { changedAt: new Date() } },
  );
  if (counted.modifiedCount === 0 && quota !== null) throw reached(quota, await usedBy(organisationId));
}

async function give(organisationId: Types.ObjectId, bytes: number): Promise<void> {
  await SlideUsageModel.updateOne(
    { _id: organisationId },
    { $inc: { bytes: -bytes, revision: 1 }, $set: { changedAt: new Date() } },
  );
}

/** Runs the work that writes the slide's record; when that fails, its bytes are not counted. */
export async function charged<T>(
  organisationId: Types.ObjectId,
  bytes: number,
  work: () => Promise<T>,
): Promise<T> {
  await charge(organisationId, bytes);
  try {
    return await work();
  } catch (error) {
    await give(organisationId, bytes);
    throw error;
  }
}

/** The bytes of a slide are gone. Can be repeated: only the first time counts. */
export async function release(slideId: Types.ObjectId): Promise<void> {
  const slide = await SlideModel.findOneAndUpdate(
    { _id: slideId, counted: true },
    { $set: { counted: false } },
  ).lean<SlideRecord>();
  if (slide?.organisationId) await give(slide.organisationId, slide.bytes);
}

export async function listUsage(): Promise<Array<{ organisationId: string; bytes: number }>> {
  const found = await SlideUsageModel.find().limit(500).lean<SlideUsage[]>();
  return found.map(({ _id, bytes }) => ({ organisationId: String(_id), bytes }));
}

/** Rights what a crash between two writes left: the slides are the truth, the counter repeats them. */
export async function recountUsage(at = new Date()): Promise<void> {
  const before = new Date(at.getTime() - AT_REST_MS);
  for (const { _id, bytes, revision } of await SlideUsageModel.find({ changedAt: { $lt: before } })
    .limit(500)
    .lean<SlideUsage[]>()) {
    const [sum] = await SlideModel.aggregate<{ bytes: number }>([
      { $match: { organisationId: new Types.ObjectId(_id), counted: true } },
      { $group: { _id: null, bytes: { $sum: '$bytes' } } },
    ]);
    const counted = sum?.bytes ?? 0;
    if (counted === bytes) continue;
    await SlideUsageModel.updateOne(
      { _id, revision },
      { $set: { bytes: counted, changedAt: new Date() }, $inc: { revision: 1 } },
    );
  }
}
