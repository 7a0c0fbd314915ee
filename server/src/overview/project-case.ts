import { type AdmissionLack, isForSender } from '@relecture/shared/assignments/admission.js';
import type { CaseProgress, CaseStatus, ReviewStatus } from '@relecture/shared/events/status.js';
import type { ProgressProjection } from '../cases/index.js';

/** What the projection looks at. Pure: the same facts always show the same progress. */
export interface CaseFacts {
  readonly status: CaseStatus;
  readonly party: ProgressProjection['party'];
  readonly since: Date;
  readonly createdByName: string;
  readonly reviews: ReadonlyArray<{
    readonly status: ReviewStatus;
    readonly party: ProgressProjection['party'];
    readonly since: Date;
    readonly dueAt: Date | null;
    readonly reviewerName: string | null;
    readonly lacks: readonly AdmissionLack[];
  }>;
  readonly refusedSlides: number;
  readonly openMaterialRequests: number;
  readonly unreadReports: number;
}

/** The reading that is furthest behind tells where the case is: the sender waits for it. */
const ORDER: ReviewStatus[] = [
  'routed',
  'admitted',
  'assigned',
  'in_review',
  'on_hold',
  'preliminary',
  'signed',
];

const OF_REVIEW: Record<ReviewStatus, CaseProgress> = {
  routed: 'submitted',
  admitted: 'admitted',
  assigned: 'assigned',
  in_review: 'in_review',
  on_hold: 'on_hold',
  preliminary: 'preliminary',
  signed: 'signed',
  cancelled: 'withdrawn',
};

const OF_CASE: Partial<Record<CaseStatus, CaseProgress>> = {
  draft: 'draft',
  submitted: 'submitted',
  to_correct: 'to_correct',
  to_dispatch: 'to_dispatch',
  clinical_pathway: 'clinical_pathway',
  withdrawn: 'withdrawn',
};

/** What a list shows of a case (screens.md, status words), and what its sender has to do. */
export function projectCase(facts: CaseFacts): ProgressProjection {
  const own = OF_CASE[facts.status];
  const alive = facts.reviews.filter(({ status }) => status !== 'cancelled');
  const behind = alive.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status))[0];
  const refused = facts.refusedSlides > 0 && behind !== undefined && behind.status !== 'signed';
  const needsSlide = refused && behind.status === 'routed';
  const lacks = own || behind?.status !== 'routed' ? [] : [...behind.lacks];
  const due = alive.flatMap(({ status, dueAt }) => (dueAt && status !== 'signed' ? [dueAt] : []));
  const toDo =
    facts.status === 'draft'
      ? 'finish_draft'
      : facts.status === 'to_correct'
        ? 'correct_fields'
        : facts.openMaterialRequests > 0
          ? 'answer_material'
          : refused
            ? 'replace_slide'
            : lacks.some(isForSender)
              ? 'complete_material'
              : facts.unreadReports > 0
                ? 'read_report'
                : null;
  const ended = facts.status === 'completed' || behind?.status === 'signed';
  return {
    progress:
      own ?? (needsSlide ? 'to_correct' : behind ? OF_REVIEW[behind.status] : ended ? 'signed' : 'submitted'),
    party: own || !behind ? facts.party : ended ? 'none' : needsSlide ? 'submitter' : behind.party,
    heldBy: facts.status === 'draft' ? facts.createdByName : own ? null : (behind?.reviewerName ?? null),
    since: own || !behind ? facts.since : behind.since,
    dueAt: due.length > 0 ? new Date(Math.min(...due.map((date) => date.getTime()))) : null,
    toDo,
    lacks,
    unreadReport: facts.unreadReports > 0,
  };
}
