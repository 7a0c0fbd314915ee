import { Types } from 'mongoose';
import { SlideModel, type SlideRecord } from './model.js';

/** Readable slides of some cases, in the order of their cases and of their coming. */
export async function readySlidesOf(
  caseIds: readonly Types.ObjectId[],
  { skip, limit, slideId }: { skip: number; limit: number; slideId?: string },
): Promise<SlideRecord[]> {
  const one = slideId === undefined ? {} : { _id: new Types.ObjectId(slideId) };
  return await SlideModel.find({ ...one, caseId: { $in: caseIds }, status: 'ready' })
    .sort({ caseId: 1, createdAt: 1, _id: 1 })
    .skip(skip)
    .limit(limit)
    .lean<SlideRecord[]>();
}
