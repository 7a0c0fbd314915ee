import type { PatientIdentity } from '@relecture/shared/cases/schema.js';
import { Types } from 'mongoose';
import type { Principal } from '../platform/principal.js';
import { examHash, insHash, nameHash, personHash } from './identity.js';
import { CaseModel, type CaseRecord } from './model.js';
import { maySeeCase, takesMaterial } from './policy.js';

/** Cases of the sender's organisation with the same person, or the same exam number. */
export async function findDuplicates(
  patient: Partial<PatientIdentity>,
  exceptCaseId: string | undefined,
  principal: Principal,
) {
  const find = async (field: string, hash: string | null) => {
    if (!hash) return [];
    const records = await CaseModel.find(
      { organisationId: new Types.ObjectId(principal.organisationId), [`identity.${field}`]: hash },
      { number: 1 },
    )
      .limit(20)
      .lean<Array<Pick<CaseRecord, '_id' | 'number'>>>();
    return records
      .filter((record) => String(record._id) !== exceptCaseId)
      .map((record) => ({ id: String(record._id), number: record.number }));
  };
  const byIns = await find('insHash', patient.ins ? insHash(patient.ins.matricule) : null);
  const byPerson = await find('personHash', personHash(patient));
  const samePerson = [...new Map([...byIns, ...byPerson].map((item) => [item.id, item])).values()];
  const exam = patient.localExamNumber ? examHash(patient.localExamNumber, principal.organisationId) : null;
  return { samePerson, sameExam: await find('examHash', exam) };
}

/** Every other case of this person, whoever sent it: for the rules of the product, never shown as such. */
export async function casesOfSamePerson({ _id, identity }: CaseRecord): Promise<Types.ObjectId[]> {
  const known = [
    { 'identity.insHash': identity.insHash },
    { 'identity.personHash': identity.personHash },
  ].filter((by) => Object.values(by).every((hash) => hash !== null && hash !== undefined));
  const found = await Promise.all(
    known.map((by) =>
      CaseModel.find({ ...by, _id: { $ne: _id } }, { _id: 1 })
        .limit(50)
        .lean<Array<Pick<CaseRecord, '_id'>>>(),
    ),
  );
  return [...new Map(found.flat().map((record) => [String(record._id), record._id])).values()];
}

/** The organisation's cases that still take slides, by any of these exam numbers. For slides that come by themselves. */
export async function findCasesByExam(
  examNumbers: readonly string[],
  organisationId: string,
): Promise<CaseRecord[]> {
  if (examNumbers.length === 0) return [];
  const hashes = examNumbers.map((number) => examHash(number, organisationId));
  const found = await CaseModel.find({
    organisationId: new Types.ObjectId(organisationId),
    'identity.examHash': { $in: hashes },
  })
    .limit(20)
    .lean<CaseRecord[]>();
  return found.filter(takesMaterial);
}

/** Exact search among the sender organisation's cases: number, birth name, exam number or INS. */
export async function searchCases(text: string, principal: Principal): Promise<CaseRecord[]> {
  const organisationId = new Types.ObjectId(principal.organisationId);
  const number = text.trim().toUpperCase();
  const finds: Record<string, unknown>[] = [
    { number },
    { organisationId, 'identity.nameHash': nameHash(text) },
    { organisationId, 'identity.examHash': examHash(text, principal.organisationId) },
    { organisationId, 'identity.insHash': insHash(text) },
  ];
  const found = await Promise.all(finds.map((query) => CaseModel.find(query).limit(50).lean<CaseRecord[]>()));
  return [...new Map(found.flat().map((record) => [String(record._id), record])).values()].filter((record) =>
    maySeeCase(record, principal),
  );
}
