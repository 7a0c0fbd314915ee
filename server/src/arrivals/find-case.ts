import type { Types } from 'mongoose';
import { type CaseRecord, findCasesByExam } from '../cases/index.js';
import { type ArrivalRecord, SourceModel, type SourceRecord } from './model.js';
import { examsOf, readName } from './read-name.js';

export interface Findings {
  readonly cases: readonly CaseRecord[];
  readonly stain: string;
  readonly block: string;
}

/** The cases of the organisation that the name or the barcode of a slide speaks of. One: it is found. */
export async function findCaseOf({
  organisationId,
  source,
  name,
  clues,
}: Pick<ArrivalRecord, 'organisationId' | 'source' | 'name' | 'clues'>): Promise<Findings> {
  const settings = await SourceModel.findById(organisationId).lean<SourceRecord>();
  const read = readName(name, source === 'folder' ? (settings?.folder.pattern ?? '') : '');
  const lines = clues.split('\n').filter(Boolean);
  const said = lines.map((line) => readName(line, ''));
  const exams = [...read.exams, ...lines, ...lines.flatMap(examsOf)];
  return {
    cases: await findCasesByExam([...new Set(exams)].slice(0, 100), String(organisationId)),
    stain: read.stain,
    block: read.block || (said.find(({ block }) => block !== '')?.block ?? ''),
  };
}

export const idsOf = (cases: readonly CaseRecord[]): Types.ObjectId[] => cases.map(({ _id }) => _id);
