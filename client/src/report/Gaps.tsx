import type { CasePage } from '@relecture/shared/cases/page.js';
import { findReportDoubt } from '@relecture/shared/reports/completeness.js';
import type { ReportContent, ReportGap } from '@relecture/shared/reports/schema.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { IconAlertTriangle, IconCircleCheck, IconListCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Note } from './Note';
import classes from './report.module.css';

/** Readable slides that the reader has not had in front of them. */
export const countUnread = (caseRecord: CasePage, review: Review) =>
  caseRecord.slides.filter((slide) => slide.state === 'ready' && !review.readSlideIds.includes(slide.id))
    .length;

interface GapsProps {
  gaps: readonly ReportGap[];
  unread: number;
  content: ReportContent;
  caseRecord: CasePage;
}

/** What is missing before one can sign, and what contradicts the first diagnosis. */
export function Gaps({ gaps, unread, content, caseRecord }: GapsProps) {
  const { t } = useTranslation('report');
  const first = caseRecord.content.firstDiagnosis;
  const doubt = findReportDoubt(content, first?.formal ? first.morphology : null);
  return (
    <>
      {doubt ? (
        <Note
          tone="red"
          icon={<IconAlertTriangle size={20} />}
          title={t('doubt.title')}
          testId="report-doubt"
        >
          {t(`doubt.${doubt}`, { first: first?.morphology, own: content.morphology })}
        </Note>
      ) : null}
      {gaps.length > 0 ? (
        <Note tone="amber" icon={<IconListCheck size={20} />} title={t('gaps.title')} testId="report-gaps">
          <ul className={classes.gaps}>
            {gaps.map((gap) => (
              <li key={gap}>{t(`gaps.${gap}`, { count: unread })}</li>
            ))}
          </ul>
        </Note>
      ) : doubt ? null : (
        <Note tone="green" icon={<IconCircleCheck size={20} />}>
          {t('gaps.none')}
        </Note>
      )}
    </>
  );
}
