import { Tooltip } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatDate, formatDateTime } from './format';
import { Mark } from './StatusBadge';
import { workingDaysBetween } from './working-days';

interface DueProps {
  dueAt: string | null;
  overdue: boolean;
  /** Shows only the mark, when late. */
  onlyLate?: boolean;
}

/** When it is due, and the red mark beside the status when that has passed. */
export function Due({ dueAt, overdue, onlyLate = false }: DueProps) {
  const { t } = useTranslation('ui');
  if (dueAt === null) return null;
  const due = new Date(dueAt);
  if (overdue) {
    const days = workingDaysBetween(due, new Date());
    const words = days > 0 ? t('due.late', { count: days }) : t('due.lateToday');
    return (
      <Tooltip label={t('due.on', { date: formatDateTime(due) })}>
        <span>
          <Mark look={[IconClock, 'red']} words={words} testId="overdue" />
        </span>
      </Tooltip>
    );
  }
  if (onlyLate) return null;
  const days = workingDaysBetween(new Date(), due);
  return (
    <Tooltip label={days > 0 ? t('due.left', { count: days }) : t('due.today')}>
      <time dateTime={dueAt}>{formatDate(due)}</time>
    </Tooltip>
  );
}
