import {
  type DuplicateFacts,
  type DuplicatePair,
  type DuplicateState,
  signsOfDuplicate,
} from '@relecture/shared/cases/duplicates.js';
import { COUNT_MAX } from '@relecture/shared/http/page.js';
import { Types } from 'mongoose';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import { decodeDateCursor, encodeCursor } from '../platform/cursor.js';
import { coordinates, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { DuplicateModel, type DuplicateRecord } from './duplicate-model.js';
import { casesOfSamePerson } from './find.js';
import { readIdentity } from './identity.js';
import { CaseModel, type CaseRecord } from './model.js';
import { mayDispatch, maySeeCase } from './policy.js';

const factsOf = ({ _id, identity, content, submittedAt }: CaseRecord): DuplicateFacts => ({
  examNumber: readIdentity(identity, _id)?.localExamNumber ?? null,
  sampledOn: content.specimens.flatMap(({ sampledOn }) => (sampledOn ? [sampledOn] : [])),
  site: content.primarySite,
  morphology: content.firstDiagnosis?.morphology ?? null,
  submittedAt: submittedAt ?? now(),
});

/** Sent, and still meant. */
const counts = ({ status }: CaseRecord): boolean => !['draft', 'withdrawn'].includes(status);

/**
 * Looks for the same person's cases of other senders, and puts right what was suspected before. What a coordinator
 * decided stays decided. Idempotent.
 */
export async function findTwins(caseId: string): Promise<void> {
  const record = await CaseModel.findById(caseId).lean<CaseRecord>();
  if (!record) return;
  const ids = counts(record) ? await casesOfSamePerson(record) : [];
  const others = ids.length > 0 ? await CaseModel.find({ _id: { $in: ids } }).lean<CaseRecord[]>() : [];
  const found: string[] = [];
  for (const other of others) {
    if (!counts(other) || other.organisationId.equals(record.organisationId)) continue;
    const signs = signsOfDuplicate(factsOf(record), factsOf(other));
    if (signs.length === 0) continue;
    const caseIds = [record._id, other._id].sort((a, b) => (String(a) < String(b) ? -1 : 1));
    const pair = caseIds.map(String).join(' ');
    found.push(pair);
    const networkIds = [...new Set([...record.access.networkIds, ...other.access.networkIds])];
    try {
      await DuplicateModel.updateOne(
        { pair },
        {
          $set: { signs },
          $addToSet: { networkIds: { $each: networkIds } },
          $setOnInsert: { caseIds, state: 'suspected', foundAt: now(), decidedAt: null, decidedBy: null },
        },
        { upsert: true },
      );
    } catch (error) {
      // Both cases were looked at in one instant: the pair is there.
      if ((error as { code?: unknown }).code !== 11000) throw error;
    }
  }
  await DuplicateModel.deleteMany({ caseIds: record._id, state: 'suspected', pair: { $nin: found } });
}

/** A network that is told of a case later decides on its duplicates too. */
export async function tellNetworkOfTwins(caseId: string | Types.ObjectId, networkId: string): Promise<void> {
  await DuplicateModel.updateMany(
    { caseIds: new Types.ObjectId(caseId) },
    { $addToSet: { networkIds: networkId } },
  );
}

const ownNetworks = (principal: Principal): string[] =>
  principal.networks.filter(({ as }) => as === 'coordinator').map(({ networkId }) => networkId);

/** Coordinators of a network that has one of the two; national ones all. */
const mayDecide = ({ networkIds }: DuplicateRecord, principal: Principal): boolean =>
  mayDispatch(principal) || networkIds.some((networkId) => coordinates(principal, networkId));

async function present(records: readonly DuplicateRecord[], principal: Principal): Promise<DuplicatePair[]> {
  const cases = await CaseModel.find({ _id: { $in: records.flatMap(({ caseIds }) => caseIds) } }).lean<
    CaseRecord[]
  >();
  const byId = new Map(cases.map((record) => [String(record._id), record]));
  return records.flatMap((record) => {
    const pair = record.caseIds.flatMap((id) => byId.get(String(id)) ?? []);
    if (pair.length !== 2) return [];
    return [
      {
        id: String(record._id),
        state: record.state,
        signs: record.signs,
        foundAt: record.foundAt.toISOString(),
        decidedAt: record.decidedAt?.toISOString() ?? null,
        decidedBy: record.decidedBy,
        cases: pair
          .toSorted((a, b) => Number(a.submittedAt) - Number(b.submittedAt))
          .map((each) => ({
            id: String(each._id),
            number: each.number,
            organisation: each.organisationName,
            city: each.organisationCity,
            primarySite: each.content.primarySite,
            morphology: each.content.firstDiagnosis?.morphology ?? null,
            // What the sender typed is for those who may see the case.
            diagnosisText: (maySeeCase(each, principal) && each.content.firstDiagnosis?.text) || null,
            submittedAt: (each.submittedAt ?? each.createdAt).toISOString(),
            progress: each.projection.progress,
            networkIds: each.access.networkIds,
            seen: maySeeCase(each, principal),
          })),
      },
    ];
  });
}

/** Pairs that one may decide on, found last first. */
export async function listDuplicates(
  state: DuplicateState,
  principal: Principal,
  after: string | undefined,
  limit: number,
): Promise<{ items: DuplicatePair[]; next: string | null; total: number | null }> {
  const query: Record<string, unknown> = {
    state,
    ...(mayDispatch(principal) ? {} : { networkIds: { $in: ownNetworks(principal) } }),
  };
  const total = after ? null : await DuplicateModel.countDocuments(query, { limit: COUNT_MAX + 1 });
  const from = after ? decodeDateCursor(after) : null;
  const records = await DuplicateModel.find({
    ...query,
    ...(from
      ? { $or: [{ foundAt: { $lt: from.date } }, { foundAt: from.date, _id: { $lt: from.last } }] }
      : {}),
  })
    .sort({ foundAt: -1, _id: -1 })
    .limit(limit + 1)
    .lean<DuplicateRecord[]>();
  const shown = records.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await present(shown, principal),
    next:
      records.length > limit && last ? encodeCursor([last.foundAt.toISOString(), String(last._id)]) : null,
    total,
  };
}

/** One event sent twice, or two events: who decided it and when is kept, on the pair and in the access log of both. */
export async function decideDuplicate(
  duplicateId: string,
  state: Exclude<DuplicateState, 'suspected'>,
  principal: Principal,
): Promise<DuplicatePair> {
  const found = await DuplicateModel.findById(duplicateId).lean<DuplicateRecord>();
  if (!found || !mayDecide(found, principal)) throw new ProblemError('NOT_FOUND');
  const decided = await DuplicateModel.findByIdAndUpdate(
    duplicateId,
    {
      $set: {
        state,
        decidedAt: now(),
        decidedBy: {
          id: principal.id,
          displayName: principal.displayName,
          organisation: principal.organisationName,
        },
      },
    },
    { returnDocument: 'after' },
  ).lean<DuplicateRecord>();
  for (const caseId of found.caseIds)
    await recordAccess({
      actorId: principal.id,
      action: state === 'linked' ? 'case.linked' : 'case.told-apart',
      recordKind: 'case',
      recordId: String(caseId),
      params: { duplicateId },
    });
  const [pair] = decided ? await present([decided], principal) : [];
  if (!pair) throw new ProblemError('NOT_FOUND');
  return pair;
}

/** The other cases of the same event: for those who read or coordinate, who would else read it twice unknowingly. */
export async function twinsOf(
  record: CaseRecord,
  principal: Principal,
): Promise<Array<{ id: string; number: string; organisation: string; seen: boolean }>> {
  const pairs = await DuplicateModel.find({ caseIds: record._id, state: 'linked' })
    .limit(20)
    .lean<DuplicateRecord[]>();
  const ids = pairs.flatMap(({ caseIds }) => caseIds.filter((id) => !id.equals(record._id)));
  if (ids.length === 0) return [];
  const twins = await CaseModel.find({ _id: { $in: ids } }).lean<CaseRecord[]>();
  return twins.map((twin) => ({
    id: String(twin._id),
    number: twin.number,
    organisation: twin.organisationName,
    seen: maySeeCase(twin, principal),
  }));
}
