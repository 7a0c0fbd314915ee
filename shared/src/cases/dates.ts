import type { CaseContent } from './schema.js';

/** What the dates of a case say against each other. One table, so that the form and the server say the same. */
const WORDS = {
  birth_in_future: {
    fr: 'La date de naissance est dans le futur.',
    en: 'The date of birth lies in the future.',
  },
  sample_in_future: {
    fr: 'Le prélèvement est daté dans le futur.',
    en: 'The sample is dated in the future.',
  },
  diagnosis_in_future: {
    fr: 'Le diagnostic est daté dans le futur.',
    en: 'The diagnosis is dated in the future.',
  },
  sample_before_birth: {
    fr: 'Le prélèvement est antérieur à la naissance du patient.',
    en: 'The sample is older than the patient.',
  },
  diagnosis_before_birth: {
    fr: 'Le diagnostic est antérieur à la naissance du patient.',
    en: 'The diagnosis is older than the patient.',
  },
  sample_after_diagnosis: {
    fr: 'Le prélèvement est postérieur au diagnostic : l’une des deux dates est fausse.',
    en: 'The sample was taken after the diagnosis: one of the two dates is wrong.',
  },
  later_sample: {
    fr: 'Ce prélèvement est postérieur au diagnostic : vérifiez la date.',
    en: 'This sample was taken after the diagnosis: check the date.',
  },
  very_old: {
    fr: 'Le patient aurait plus de 120 ans : vérifiez la date.',
    en: 'The patient would be over 120 years old: check the date.',
  },
  tumour_board_long_past: {
    fr: 'Cette RCP est passée depuis plus de six mois : vérifiez la date.',
    en: 'This tumour board was more than six months ago: check the date.',
  },
} as const;

export type DateFindingCode = keyof typeof WORDS;

export interface DateFinding {
  readonly code: DateFindingCode;
  /** Impossible: the case cannot be sent. The others are only unlikely. */
  readonly blocking: boolean;
  readonly field: 'birth' | 'sample' | 'diagnosis' | 'tumour_board';
  /** Which specimen, for a sample. */
  readonly specimen: number | null;
}

export const FINDING_SECTION = {
  birth: 'patient',
  sample: 'specimens',
  diagnosis: 'diagnosis',
  tumour_board: 'patient',
} as const;

/** Null for a code that is none of ours. */
export function describeDateFinding(code: string, language: 'fr' | 'en'): string | null {
  return Object.hasOwn(WORDS, code) ? WORDS[code as DateFindingCode][language] : null;
}

const YEAR_LENGTH = 4;
const yearsBefore = (day: string, years: number): string =>
  String(Number(day.slice(0, YEAR_LENGTH)) - years).padStart(YEAR_LENGTH, '0') + day.slice(YEAR_LENGTH);

const SIX_MONTHS_MS = 183 * 24 * 3600 * 1000;

/** What cannot be, and what is unlikely, among the dates of a case. Calendar days compare as they are written. Pure. */
export function checkDates(
  content: Pick<CaseContent, 'patient' | 'specimens' | 'firstDiagnosis' | 'tumourBoardOn'>,
  today: string,
): DateFinding[] {
  const found: DateFinding[] = [];
  const birth = content.patient?.birthDate ?? null;
  const diagnosis = content.firstDiagnosis?.date ?? null;
  const board = content.tumourBoardOn;
  const samples = content.specimens.map(({ sampledOn }) => sampledOn);
  const taken = samples.filter((day) => day !== null);
  const find = (
    code: DateFindingCode,
    field: DateFinding['field'],
    blocking = true,
    specimen: number | null = null,
  ) => found.push({ code, field, blocking, specimen });

  if (birth !== null) {
    if (birth > today) find('birth_in_future', 'birth');
    else if (birth < yearsBefore(today, 120)) find('very_old', 'birth', false);
  }
  if (diagnosis !== null) {
    if (diagnosis > today) find('diagnosis_in_future', 'diagnosis');
    else if (birth !== null && diagnosis < birth) find('diagnosis_before_birth', 'diagnosis');
  }
  // A second biopsy may follow the diagnosis; the diagnosis cannot come before everything it was made on.
  const allLater = diagnosis !== null && taken.length > 0 && taken.every((day) => day > diagnosis);
  for (const [index, day] of samples.entries()) {
    if (day === null) continue;
    if (day > today) find('sample_in_future', 'sample', true, index);
    else if (birth !== null && day < birth) find('sample_before_birth', 'sample', true, index);
    else if (allLater) find('sample_after_diagnosis', 'sample', true, index);
    else if (diagnosis !== null && day > diagnosis) find('later_sample', 'sample', false, index);
  }
  if (board !== null && Date.parse(today) - Date.parse(board) > SIX_MONTHS_MS)
    find('tumour_board_long_past', 'tumour_board', false);
  return found;
}
