import { z } from 'zod';
import { caseProgress } from '../events/status.js';
import { countedPageOf, instant, objectId, pageQuery } from '../http/page.js';
import { person } from '../users/schema.js';

/** What two cases of one person have in common; the first two say by themselves that it is one and the same sample. */
export const DUPLICATE_SIGNS = ['same_exam', 'same_sampling', 'same_site', 'same_morphology'] as const;
export const duplicateSign = z.enum(DUPLICATE_SIGNS);
export type DuplicateSign = z.infer<typeof duplicateSign>;

/** Further apart than this, the same site is a relapse rather than the same event. */
const ONE_EVENT_DAYS = 180;
const DAY_MS = 86_400_000;

export interface DuplicateFacts {
  readonly examNumber: string | null;
  /** Calendar days on which its specimens were taken. */
  readonly sampledOn: readonly string[];
  readonly site: string | null;
  readonly morphology: string | null;
  readonly submittedAt: Date;
}

const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');

/**
 * Why two cases of one person, sent by two houses, may be one tumour event; empty when they probably are not. A house
 * numbers its exams for itself: the same number in two of them is that of whoever took the sample. Pure.
 */
export function signsOfDuplicate(one: DuplicateFacts, other: DuplicateFacts): DuplicateSign[] {
  const exam = one.examNumber ? fold(one.examNumber) : '';
  const signs: DuplicateSign[] = [];
  if (exam !== '' && other.examNumber && fold(other.examNumber) === exam) signs.push('same_exam');
  if (one.sampledOn.some((day) => other.sampledOn.includes(day))) signs.push('same_sampling');
  if (one.site && other.site && one.site.slice(0, 3) === other.site.slice(0, 3)) signs.push('same_site');
  if (one.morphology && other.morphology && one.morphology.slice(0, 4) === other.morphology.slice(0, 4))
    signs.push('same_morphology');
  const apart = Math.abs(one.submittedAt.getTime() - other.submittedAt.getTime()) / DAY_MS;
  const sure = signs.includes('same_exam') || signs.includes('same_sampling');
  return sure || (signs.includes('same_site') && apart <= ONE_EVENT_DAYS) ? signs : [];
}

export const duplicateState = z.enum(['suspected', 'linked', 'different']);
export type DuplicateState = z.infer<typeof duplicateState>;

/** `GET /api/duplicates`: pairs of cases of one person from two senders; never the identity. */
export const listDuplicatesQuery = pageQuery.extend({ state: duplicateState.default('suspected') });
export const duplicatePair = z.object({
  id: objectId,
  state: duplicateState,
  signs: z.array(duplicateSign),
  foundAt: instant,
  decidedAt: instant.nullable(),
  decidedBy: person.nullable(),
  /** The one sent first comes first. */
  cases: z
    .array(
      z.object({
        id: objectId,
        number: z.string(),
        organisation: z.string(),
        city: z.string(),
        primarySite: z.string().nullable(),
        morphology: z.string().nullable(),
        diagnosisText: z.string().nullable(),
        submittedAt: instant,
        progress: caseProgress,
        networkIds: z.array(z.string()),
        /** Its page is open to whoever asks. */
        seen: z.boolean(),
      }),
    )
    .length(2),
});
export type DuplicatePair = z.infer<typeof duplicatePair>;
export const duplicatePage = countedPageOf(duplicatePair);
/** One tumour event sent twice, or two events of one person; either may be taken back by the other. */
export const decideDuplicateBody = z.object({ state: z.enum(['linked', 'different']) });
