import type { Arrival, DicomToken } from '@relecture/shared/arrivals/schema.js';
import { numbersOfCases } from '../cases/index.js';
import type { ArrivalRecord, TokenRecord } from './model.js';

export async function presentArrivals(records: readonly ArrivalRecord[]): Promise<Arrival[]> {
  const ids = [...new Set(records.flatMap(({ proposed }) => proposed.map(String)))];
  const numbers = await numbersOfCases(ids);
  return records.map((record) => ({
    id: String(record._id),
    source: record.source,
    state: record.state,
    name: record.name,
    stain: record.stain,
    block: record.block,
    bytes: record.bytes,
    progress: progressOf(record),
    files: record.files,
    proposed: record.proposed.flatMap((id) => {
      const number = numbers.get(String(id));
      return number === undefined ? [] : [{ caseId: String(id), number }];
    }),
    caseId: record.caseId ? String(record.caseId) : null,
    slideId: record.slideId ? String(record.slideId) : null,
    duplicate: record.duplicate,
    refusal: record.refusal ? { code: record.refusal.code, params: { ...record.refusal.params } } : null,
    arrivedAt: record.createdAt.toISOString(),
  }));
}

/** A series that a machine sends does not say how much is to come. */
function progressOf({ source, state, received, bytes, files, filesHere }: ArrivalRecord): number {
  if (state !== 'arriving') return 1;
  const [here, all] = source === 'folder' ? [received, bytes] : [filesHere, files];
  return source === 'stow' || all === 0 ? 0 : Math.min(1, here / all);
}

export const presentToken = (record: TokenRecord): DicomToken => ({
  id: String(record._id),
  label: record.label,
  start: record.start,
  createdAt: record.createdAt.toISOString(),
  lastUsedAt: record.lastUsedAt?.toISOString() ?? null,
});
