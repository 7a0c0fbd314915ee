import type { CasePage } from '@relecture/shared/cases/page.js';
import type { ReportGap } from '@relecture/shared/reports/schema.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { IconCircleCheck, IconListCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Note } from './Note';
import classes from './report.module.css';

/** Readable slides that the reader has not had in front of them. */
export const countUnread = (caseRecord: CasePage, review: Review) =>
  caseRecord.slides.filter((slide) => slide.state === 'ready' && !review.readSlideIds.includes(slide.id))
    .length;

export function Gaps({ gaps, unread }: { gaps: readonly ReportGap[]; unread: number }) {
  const { t } = useTranslation('report');
  if (gaps.length === 0)
    return (
      <Note tone="green" icon={<IconCircleCheck size={20} />}>
        {t('gaps.none')}
      </Note>
    );
  return (
    <Note tone="amber" icon={<IconListCheck size={20} />} title={t('gaps.title')} testId="report-gaps">
      <ul className={classes.gaps}>
        {gaps.map((gap) => (
          <li key={gap}>{t(`gaps.${gap}`, { count: unread })}</li>
        ))}
      </ul>
    </Note>
  );
}
