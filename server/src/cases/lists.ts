import type { CaseProgress } from '@relecture/shared/events/status.js';
import { COUNT_MAX } from '@relecture/shared/http/page.js';
import { Types } from 'mongoose';
import { decodeDateCursor, encodeCursor } from '../platform/cursor.js';
import { hasRole, type Principal } from '../platform/principal.js';
import { CaseModel, type CaseRecord } from './model.js';

export interface CaseListFilter {
  progress?: CaseProgress | undefined;
  toDo?: boolean | undefined;
  networkId?: string | undefined;
}

/** Newest change first; every branch runs on one of the indexes of `model.ts`. */
async function page(query: Record<string, unknown>, after: string | undefined, limit: number) {
  const total = after ? null : await CaseModel.countDocuments(query, { limit: COUNT_MAX + 1 });
  if (after) {
    const { date, last } = decodeDateCursor(after);
    query.$or = [{ updatedAt: { $lt: date } }, { updatedAt: date, _id: { $lt: last } }];
    // Bounds the index scan: without it the $or alone would start from the newest entry each time.
    query.updatedAt = { $lte: date };
  }
  const records = await CaseModel.find(query)
    .sort({ updatedAt: -1, _id: -1 })
    .limit(limit + 1)
    .lean<CaseRecord[]>();
  const items = records.slice(0, limit);
  const last = items.at(-1);
  const next =
    records.length > limit && last ? encodeCursor([last.updatedAt.toISOString(), String(last._id)]) : null;
  return { items, next, total };
}

/** The cases of the sender's organisation; for readers those they read; for networks those let in. */
export async function listCases(
  filter: CaseListFilter,
  principal: Principal,
  after: string | undefined,
  limit: number,
): Promise<{ items: CaseRecord[]; next: string | null; total: number | null }> {
  const query: Record<string, unknown> = {};
  if (filter.networkId) {
    if (!principal.networks.some((network) => network.networkId === filter.networkId))
      return { items: [], next: null, total: 0 };
    query['access.networkIds'] = filter.networkId;
    query.status = { $ne: 'draft' };
  } else if (hasRole(principal, 'submitter', 'preparer')) {
    query.organisationId = new Types.ObjectId(principal.organisationId);
  } else if (hasRole(principal, 'reviewer')) {
    query['access.readerIds'] = new Types.ObjectId(principal.id);
  } else {
    query['access.networkIds'] = { $in: principal.networks.map((network) => network.networkId) };
  }
  if (filter.progress) query['projection.progress'] = filter.progress;
  if (filter.toDo)
    query['projection.toDo'] = {
      $in: [
        'finish_draft',
        'replace_slide',
        'complete_material',
        'correct_fields',
        'answer_material',
        'read_report',
      ],
    };
  return await page(query, after, limit);
}

/** The national dispatch queue, longest waiting first. */
export async function casesToDispatch(
  after: string | undefined,
  limit: number,
): Promise<{ items: CaseRecord[]; next: string | null; total: number | null }> {
  const query: Record<string, unknown> = { status: 'to_dispatch' };
  const total = after ? null : await CaseModel.countDocuments(query, { limit: COUNT_MAX + 1 });
  if (after) {
    const { date, last } = decodeDateCursor(after);
    query.$or = [{ since: { $gt: date } }, { since: date, _id: { $gt: last } }];
    query.since = { $gte: date };
  }
  const records = await CaseModel.find(query)
    .sort({ since: 1, _id: 1 })
    .limit(limit + 1)
    .lean<CaseRecord[]>();
  const items = records.slice(0, limit);
  const last = items.at(-1);
  const next =
    records.length > limit && last ? encodeCursor([last.since.toISOString(), String(last._id)]) : null;
  return { items, next, total };
}

/** What cases are called in front of everybody, whoever asks. Those that are gone have no name left. */
export async function numbersOfCases(caseIds: readonly string[]): Promise<Map<string, string>> {
  const found = await CaseModel.find({ _id: { $in: caseIds } }, { number: 1 }).lean<
    Array<Pick<CaseRecord, '_id' | 'number'>>
  >();
  return new Map(found.map(({ _id, number }) => [String(_id), number]));
}

/** What a turnaround is worked out from: the timeline and the dates. */
export async function factsOfCases(caseIds: readonly Types.ObjectId[]): Promise<Map<string, CaseRecord>> {
  const found = await CaseModel.find(
    { _id: { $in: caseIds } },
    {
      timeline: 1,
      createdAt: 1,
      'content.firstDiagnosis.date': 1,
      'content.ancillaryTests.kind': 1,
    },
  ).lean<CaseRecord[]>();
  return new Map(found.map((record) => [String(record._id), record]));
}

/** Every case's id, in the order of the store: for commands that rebuild. */
export async function* allCaseIds(): AsyncGenerator<string> {
  for await (const record of CaseModel.find({}, { _id: 1 })
    .sort({ _id: 1 })
    .lean()
    .cursor({ batchSize: 1000 })) {
    yield String(record._id);
  }
}

export const countCasesToDispatch = (): Promise<number> =>
  CaseModel.countDocuments({ status: 'to_dispatch' }).exec();

/** The organisation's cases that have slides, last changed first; all of them, or the one of this number. */
export async function casesWithSlides(
  organisationId: Types.ObjectId,
  number: string | null,
  skip: number,
  limit: number,
): Promise<CaseRecord[]> {
  return await CaseModel.find({
    organisationId,
    'slideIds.0': { $exists: true },
    ...(number === null ? {} : { number }),
  })
    .sort({ updatedAt: -1, _id: -1 })
    .skip(skip)
    .limit(limit)
    .lean<CaseRecord[]>();
}
