import { type PatientIdentity, patientIdentity } from '@relecture/shared/cases/schema.js';
import type { Types } from 'mongoose';
import { createFieldCipher, type FieldCipher } from '../platform/field-cipher.js';
import type { StoredIdentity } from './model.js';

let cipher: FieldCipher;

/** Called once by app.ts with the keys of the settings. */
export function configureIdentity(config: Parameters<typeof createFieldCipher>[0]): void {
  cipher = createFieldCipher(config);
}

export const encryptText = (text: string, purpose: string): string => cipher.encrypt(text, purpose);
export const decryptText = (field: string, purpose: string): string => cipher.decrypt(field, purpose);

type PartialIdentity = Partial<PatientIdentity>;
type FieldName = keyof StoredIdentity['fields'];

/** Exact-search hashes, bound to what they are; the exam number is only unique within its organisation. */
export const nameHash = (birthName: string): string => cipher.fingerprint(birthName, 'name');
export const examHash = (examNumber: string, organisationId: string): string =>
  cipher.fingerprint(examNumber, `exam:${organisationId}`);
export const insHash = (matricule: string): string => cipher.fingerprint(matricule, 'ins');
export function personHash(identity: PartialIdentity): string | null {
  const { birthName, firstName, birthDate, sex } = identity;
  if (!birthName || !firstName || !birthDate || !sex) return null;
  return cipher.fingerprint(`${birthName}|${firstName}|${birthDate}|${sex}`.replaceAll('|', '0'), 'person');
}

export function storeIdentity(
  identity: PartialIdentity | null,
  caseId: Types.ObjectId,
  organisationId: string,
): StoredIdentity {
  const plain: Partial<Record<FieldName, string>> = {
    birthName: identity?.birthName,
    firstName: identity?.firstName,
    usedName: identity?.usedName,
    birthDate: identity?.birthDate,
    sex: identity?.sex,
    localExamNumber: identity?.localExamNumber,
    insMatricule: identity?.ins?.matricule,
    insStatus: identity?.ins?.status,
  };
  const fields: StoredIdentity['fields'] = {};
  for (const [name, value] of Object.entries(plain) as Array<[FieldName, string | undefined]>) {
    if (value) fields[name] = cipher.encrypt(value, `case:${String(caseId)}:${name}`);
  }
  return {
    fields,
    personHash: identity ? personHash(identity) : null,
    nameHash: identity?.birthName ? nameHash(identity.birthName) : null,
    examHash: identity?.localExamNumber ? examHash(identity.localExamNumber, organisationId) : null,
    insHash: identity?.ins ? insHash(identity.ins.matricule) : null,
  };
}

/** What was typed so far; null when nothing was. Callers check `maySeeIdentity` first. */
export function readIdentity(stored: StoredIdentity, caseId: Types.ObjectId): PartialIdentity | null {
  const plain: Partial<Record<FieldName, string>> = {};
  for (const [name, field] of Object.entries(stored.fields) as Array<[FieldName, string]>) {
    plain[name] = cipher.decrypt(field, `case:${String(caseId)}:${name}`);
  }
  if (Object.keys(plain).length === 0) return null;
  const { insMatricule, insStatus, sex, ...names } = plain;
  return {
    ...names,
    ...(sex ? { sex: sex as PatientIdentity['sex'] } : {}),
    ins:
      insMatricule && insStatus
        ? { matricule: insMatricule, status: insStatus as NonNullable<PatientIdentity['ins']>['status'] }
        : null,
  };
}

/** The complete identity of a case that was sent. */
export const completeIdentity = (stored: StoredIdentity, caseId: Types.ObjectId): PatientIdentity =>
  patientIdentity.parse(readIdentity(stored, caseId));

/** Age in whole years on `on` (YYYY-MM-DD); null without a birth date. */
export function ageOn(birthDate: string | undefined, on: string): number | null {
  if (!birthDate) return null;
  const years = Number(on.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return on.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
