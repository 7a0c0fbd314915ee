import type { CaseProgress, Party, ReviewStatus, SlideStatus } from '@relecture/shared/events/status.js';
import {
  type Icon,
  IconAlertTriangle,
  IconArrowBackUp,
  IconCircleCheck,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleFilled,
  IconCircleHalf2,
  IconCircleX,
  IconDiamond,
  IconEye,
  IconPlayerPause,
  IconStethoscope,
  IconTruck,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './StatusBadge.module.css';

type Tone = 'grey' | 'blue' | 'amber' | 'teal' | 'violet' | 'green' | 'red';

/** screens.md, "Status words": a word, a shape and a colour, never the colour alone. */
const PROGRESS: Record<CaseProgress, [Icon, Tone]> = {
  draft: [IconCircleDashed, 'grey'],
  submitted: [IconCircleHalf2, 'blue'],
  to_correct: [IconAlertTriangle, 'amber'],
  to_dispatch: [IconDiamond, 'amber'],
  admitted: [IconCircleFilled, 'blue'],
  assigned: [IconCircleFilled, 'blue'],
  in_review: [IconEye, 'teal'],
  on_hold: [IconPlayerPause, 'amber'],
  preliminary: [IconCircleCheck, 'green'],
  signed: [IconCircleCheckFilled, 'green'],
  clinical_pathway: [IconStethoscope, 'violet'],
  withdrawn: [IconArrowBackUp, 'grey'],
};

const REVIEW: Record<ReviewStatus, [Icon, Tone]> = {
  routed: PROGRESS.submitted,
  admitted: PROGRESS.admitted,
  assigned: PROGRESS.assigned,
  in_review: PROGRESS.in_review,
  on_hold: PROGRESS.on_hold,
  preliminary: PROGRESS.preliminary,
  signed: PROGRESS.signed,
  cancelled: [IconCircleX, 'grey'],
};

const SLIDE: Record<SlideStatus, [Icon, Tone]> = {
  receiving: [IconCircleHalf2, 'blue'],
  received: [IconCircleHalf2, 'blue'],
  processing: [IconCircleHalf2, 'blue'],
  ready: [IconCircleCheckFilled, 'green'],
  rejected: [IconAlertTriangle, 'amber'],
  removed: [IconCircleX, 'grey'],
  purged: [IconCircleDashed, 'grey'],
};

interface MarkProps {
  look: [Icon, Tone];
  words: string;
  testId?: string;
}

/** The mark itself, for other statuses told the same way. */
export function Mark({ look: [Shape, tone], words, testId }: MarkProps) {
  return (
    <span className={classes.mark} data-tone={tone} data-testid={testId}>
      <Shape size={16} aria-hidden />
      <span>{words}</span>
    </span>
  );
}

/** Not admitted yet: nobody checks anything while the sender owes a slide, or while the parcel travels. */
const NOT_CHECKED = {
  submitter: { word: 'incomplete', look: [IconAlertTriangle, 'amber'] as [Icon, Tone] },
  transfer: { word: 'travelling', look: [IconTruck, 'blue'] as [Icon, Tone] },
} as const;

const notChecked = (party: Party | undefined) =>
  party === 'submitter' || party === 'transfer' ? NOT_CHECKED[party] : null;

export function CaseStatusBadge({ progress, party }: { progress: CaseProgress; party?: Party }) {
  const { t } = useTranslation('ui');
  const owed = progress === 'submitted' ? notChecked(party) : null;
  const words = owed ? t(`notChecked.${owed.word}`) : t(`progress.${progress}`);
  return <Mark look={owed?.look ?? PROGRESS[progress]} words={words} testId="case-status" />;
}

export function ReviewStatusBadge({ status, party }: { status: ReviewStatus; party?: Party }) {
  const { t } = useTranslation('ui');
  const owed = status === 'routed' ? notChecked(party) : null;
  const words = owed ? t(`notChecked.${owed.word}`) : t(`review.${status}`);
  return <Mark look={owed?.look ?? REVIEW[status]} words={words} testId="review-status" />;
}

export function SlideStatusBadge({ status }: { status: SlideStatus }) {
  const { t } = useTranslation('ui');
  return <Mark look={SLIDE[status]} words={t(`slide.${status}`)} testId="slide-status" />;
}
