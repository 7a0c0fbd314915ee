import { Types } from 'mongoose';
import { now } from '../platform/clock.js';
import { tellNetworkOfTwins } from './duplicates.js';
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
  await tellNetworkOfTwins(caseId, networkId);
}

/**
 * Replaces the readers by those that `find` gives, with their organisations: two experts of one house may read one case.
 * Of two changes at once the one that looked earlier looks again, so what stays is what the newest look found.
 */
export async function replaceReaders(
  caseId: string | Types.ObjectId,
  find: () => Promise<ReadonlyArray<{ userId: string; organisationId: string }>>,
): Promise<void> {
  for (;;) {
    const seen = await CaseModel.findById(caseId, { 'access.revision': 1 }).lean();
    if (!seen) return;
    const readers = await find();
    const before = await CaseModel.findOneAndUpdate(
      { _id: caseId, 'access.revision': seen.access?.revision ?? null },
      {
        $set: {
          'access.readerIds': readers.map(({ userId }) => new Types.ObjectId(userId)),
          'access.readerOrganisationIds': readers.map(
            ({ organisationId }) => new Types.ObjectId(organisationId),
          ),
        },
        $inc: { 'access.revision': 1 },
      },
      { returnDocument: 'before' },
    ).lean<CaseRecord>();
    if (!before) continue;
    await Promise.all([...readersListeners].map((listener) => listener(String(caseId), before.access)));
    return;
  }
}

/** With those who were let in before. */
type ReadersListener = (caseId: string, former: CaseRecord['access']) => Promise<void>;
const readersListeners = new Set<ReadersListener>();

/** Sockets look again at who may hear of a case, whenever its readers are replaced, however late. */
export function onReadersChange(listener: ReadersListener): () => void {
  readersListeners.add(listener);
  return () => readersListeners.delete(listener);
}

export async function setProjection(
  caseId: string | Types.ObjectId,
  projection: ProgressProjection,
): Promise<void> {
  await CaseModel.updateOne({ _id: caseId }, { $set: { projection } });
}
