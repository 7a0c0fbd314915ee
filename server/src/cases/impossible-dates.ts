import { checkDates, type DateFindingCode, FINDING_SECTION } from '@relecture/shared/cases/dates.js';
import type { CaseContent } from '@relecture/shared/cases/schema.js';
import { calendarDay, now } from '../platform/clock.js';
import { ProblemError } from '../platform/problem.js';

type Dated = Parameters<typeof checkDates>[0];

/** What a corrected identity can get wrong; the other dates were sent, and are not its business. */
export const OF_BIRTH: ReadonlySet<DateFindingCode> = new Set([
  'birth_in_future',
  'sample_before_birth',
  'diagnosis_before_birth',
]);

/** @throws {ProblemError} CASE_CONTRADICTION, with the fields and what each says against the others */
export function refuseImpossibleDates(content: Dated, codes?: ReadonlySet<DateFindingCode>): void {
  const impossible = checkDates(content, calendarDay(now())).filter(
    ({ blocking, code }) => blocking && (codes?.has(code) ?? true),
  );
  if (impossible.length === 0) return;
  throw new ProblemError('CASE_CONTRADICTION', {
    fields: impossible.map(({ code, field }) => ({ path: FINDING_SECTION[field], code, message: code })),
  });
}

/**
 * A draft may hold dates that still contradict each other, but nobody is born tomorrow: that is refused at once.
 * @throws {ProblemError} INVALID_INPUT
 */
export function refuseFutureBirth(patient: CaseContent['patient'] | undefined): void {
  if (!patient?.birthDate || patient.birthDate <= calendarDay(now())) return;
  throw new ProblemError('INVALID_INPUT', {
    fields: [{ path: 'patient.birthDate', code: 'birth_in_future', message: 'birth_in_future' }],
  });
}
