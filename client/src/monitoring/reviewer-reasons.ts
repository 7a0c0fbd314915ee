import type { ReviewerCandidate } from '@relecture/shared/assignments/schema.js';
import i18next from 'i18next';
import { formatCalendarDate } from '../ui/format';

type Reason = ReviewerCandidate['for'][number];

/** Why somebody is, or is not, the one: in words. */
export const wordReviewerReason = ({ code, params }: Reason): string =>
  i18next.t(`reason.${code}`, {
    ns: 'monitoring',
    load: params.load ?? '',
    next: params.next ?? '',
    region: params.region ?? '',
    age: params.age ?? '',
    until: params.until ? formatCalendarDate(String(params.until)) : '',
  });

/** What only places a candidate lower: nobody has to justify it. */
const WEIGHED = new Set<Reason['code']>(['not_competent', 'heavier_load', 'other_region']);

/** What a coordinator who chooses this candidate passes over. */
export const overruled = ({ against }: ReviewerCandidate): Reason[] =>
  against.filter(({ code }) => !WEIGHED.has(code));
