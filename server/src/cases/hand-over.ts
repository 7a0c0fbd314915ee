import { Types } from 'mongoose';
import { now } from '../platform/clock.js';
import { CaseModel, type CaseRecord, type ProgressProjection } from './model.js';

// What later steps tell the case: it never asks them.

export async function declareSlide(
  caseId: string | Types.ObjectId,
  slideId: string | Types.ObjectId,
): Promise<void> {
  await CaseModel.updateOne(
    { _id: caseId },
    { $addToSet: { slideIds: new Types.ObjectId(slideId) }, $set: { updatedAt: now() } },
  );
}

/**
 * The version rises with what is taken away: whoever edits or sends the case as it was read before notices. Only once
 * for one slide, however often it is said.
 */
export async function dropSlide(
  caseId: string | Types.ObjectId,
  slideId: string | Types.ObjectId,
): Promise<void> {
  const id = new Types.ObjectId(slideId);
  await CaseModel.updateOne(
    { _id: caseId, slideIds: id },
    { $pull: { slideIds: id }, $set: { updatedAt: now() }, $inc: { version: 1 } },
  );
}

/**
 * Takes a slide off a case that is still being written, before the slide itself goes: of a sending at the same moment,
 * only one of the two passes. False when the case has left that status.
 */
export async function dropSlideWhile(
  status: CaseRecord['status'],
  caseId: Types.ObjectId,
  slideId: Types.ObjectId,
): Promise<boolean> {
  const { matchedCount } = await CaseModel.updateOne(
    { _id: caseId, status },
    { $pull: { slideIds: slideId }, $set: { updatedAt: now() }, $inc: { version: 1 } },
  );
  return matchedCount === 1;
}

export async function letNetworkIn(caseId: string | Types.ObjectId, networkId: string): Promise<void> {
  await CaseModel.updateOne({ _id: caseId }, { $addToSet: { 'access.networkIds': networkId } });
}

/** `others` are the readers that remain, with their organisations: two experts of one house may read one case. */
export async function replaceReaders(
  caseId: string | Types.ObjectId,
  others: ReadonlyArray<{ userId: string; organisationId: string }>,
): Promise<void> {
  await CaseModel.updateOne(
    { _id: caseId },
    {
      $set: {
        'access.readerIds': others.map(({ userId }) => new Types.ObjectId(userId)),
        'access.readerOrganisationIds': others.map(
          ({ organisationId }) => new Types.ObjectId(organisationId),
        ),
      },
    },
  );
}

export async function setProjection(
  caseId: string | Types.ObjectId,
  projection: ProgressProjection,
): Promise<void> {
  await CaseModel.updateOne({ _id: caseId }, { $set: { projection } });
}
