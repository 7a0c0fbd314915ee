import { Alert } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { ReportGap } from '@relecture/shared/reports/schema.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { IconCircleCheck, IconListCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './report.module.css';

/** Readable slides that the reader has not had in front of them. */
export const countUnread = (caseRecord: CasePage, review: Review) =>
  caseRecord.slides.filter((slide) => slide.state === 'ready' && !review.readSlideIds.includes(slide.id))
    .length;

export function Gaps({ gaps, unread }: { gaps: readonly ReportGap[]; unread: number }) {
  const { t } = useTranslation('report');
  if (gaps.length === 0)
    return (
      <Alert color="green" variant="light" p="xs" icon={<IconCircleCheck aria-hidden />}>
        {t('gaps.none')}
      </Alert>
    );
  return (
    <Alert
      color="yellow"
      variant="light"
      p="xs"
      icon={<IconListCheck aria-hidden />}
      title={t('gaps.title')}
      data-testid="report-gaps"
    >
      <ul className={classes.gaps}>
        {gaps.map((gap) => (
          <li key={gap}>{t(`gaps.${gap}`, { count: unread })}</li>
        ))}
      </ul>
    </Alert>
  );
}
