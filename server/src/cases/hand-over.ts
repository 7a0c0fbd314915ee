import { Types } from 'mongoose';
import { now } from '../platform/clock.js';
import { CaseModel, type ProgressProjection } from './model.js';

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

export async function dropSlide(
  caseId: string | Types.ObjectId,
  slideId: string | Types.ObjectId,
): Promise<void> {
  await CaseModel.updateOne(
    { _id: caseId },
    { $pull: { slideIds: new Types.ObjectId(slideId) }, $set: { updatedAt: now() } },
  );
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
