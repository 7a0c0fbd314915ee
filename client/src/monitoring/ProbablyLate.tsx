import { Text, Tooltip } from '@mantine/core';
import type { Forecast } from '@relecture/shared/reviews/schema.js';
import { IconClockExclamation } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../ui/format';
import { Mark } from '../ui/StatusBadge';
import classes from './monitoring.module.css';

/** Why a reading will probably be late: what past ones did, and what its reader has before it. */
function useForecastWords({ chance, beyond, ahead, queueDays, left }: Forecast): string {
  const { t } = useTranslation('monitoring');
  const days = (value: number) => formatNumber(value, 1);
  return [
    t('forecast.left', { left: days(left) }),
    chance !== null ? t('forecast.history', { share: formatNumber(chance * 100) }) : null,
    beyond ? t('forecast.beyond') : null,
    queueDays !== null && queueDays > left
      ? t('forecast.load', { count: ahead, days: days(queueDays) })
      : null,
  ]
    .filter(Boolean)
    .join(' ');
}

/** The amber mark beside the status, before the red one; its reason for those who point, and for those who listen. */
export function ProbablyLate({ forecast }: { forecast: Forecast }) {
  const { t } = useTranslation('monitoring');
  const words = useForecastWords(forecast);
  return (
    <Tooltip label={words} multiline w={320}>
      {/* The whole row opens: what is pointed at lies above it. */}
      <span className={classes.above}>
        <Mark look={[IconClockExclamation, 'amber']} words={t('forecast.late')} testId="probably-late" />
        <span className="heard-only"> {words}</span>
      </span>
    </Tooltip>
  );
}

/** With its reason in full, where there is room for it. */
export function ProbablyLateNote({ forecast }: { forecast: Forecast }) {
  const { t } = useTranslation('monitoring');
  return (
    <div>
      <Mark look={[IconClockExclamation, 'amber']} words={t('forecast.late')} />
      <Text size="sm">{useForecastWords(forecast)}</Text>
    </div>
  );
}
