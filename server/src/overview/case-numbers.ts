import { Types } from 'mongoose';
import { numbersOfCases } from '../cases/index.js';
import { caseIdsOfReports } from '../reports/index.js';
import { caseIdsOfReviews } from '../reviews/index.js';
import { caseIdsOfSlides } from '../slides/index.js';

interface Named {
  readonly recordKind: string;
  readonly recordId: string;
}

const CASE_IDS: Record<string, (ids: readonly string[]) => Promise<Map<string, string>>> = {
  case: async (ids) => new Map(ids.map((id) => [id, id])),
  slide: caseIdsOfSlides,
  review: caseIdsOfReviews,
  report: caseIdsOfReports,
};

/** The number of the case that each record belongs to, by record id; one query per kind, whatever the number of records. */
export async function caseNumbersOf(records: readonly Named[]): Promise<Map<string, string>> {
  const caseIds = new Map<string, string>();
  for (const [kind, find] of Object.entries(CASE_IDS)) {
    const ids = records
      .filter(({ recordKind, recordId }) => recordKind === kind && Types.ObjectId.isValid(recordId))
      .map(({ recordId }) => recordId);
    if (ids.length === 0) continue;
    for (const [recordId, caseId] of await find([...new Set(ids)])) caseIds.set(recordId, caseId);
  }
  const numbers = await numbersOfCases([...new Set(caseIds.values())]);
  return new Map(
    [...caseIds].flatMap(([recordId, caseId]) => {
      const number = numbers.get(caseId);
      return number === undefined ? [] : [[recordId, number] as const];
    }),
  );
}
