import { Text } from '@mantine/core';
import type { Turnaround } from '@relecture/shared/reviews/schema.js';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../ui/format';
import classes from './TurnaroundBar.module.css';

/** Shorter stretches are left out of the words: nobody was waited for. */
const SHOWN_DAYS = 0.05;

/** How long the reading took and who held it: a bar to see it, and the same in words. */
export function TurnaroundBar({ turnaround }: { turnaround: Turnaround }) {
  const { t } = useTranslation('case');
  const { t: ui } = useTranslation('ui');
  const parts = turnaround.parts.filter(({ workingDays }) => workingDays >= SHOWN_DAYS);
  if (parts.length === 0) return null;
  const days = (count: number) => formatNumber(count, 1);
  return (
    <section
      className={classes.turnaround}
      data-testid="turnaround"
      aria-label={t('reviews.turnaround.title')}
    >
      <Text size="sm">{t('reviews.turnaround.total', { days: days(turnaround.workingDays) })}</Text>
      <div className={classes.bar} aria-hidden>
        {parts.map(({ party, workingDays }) => (
          <span key={party} data-party={party} style={{ flexGrow: workingDays }} />
        ))}
      </div>
      <ul className={classes.parts}>
        {parts.map(({ party, workingDays }) => (
          <li key={party}>
            <span className={classes.key} data-party={party} aria-hidden />
            {ui(`party.${party}`)} : {t('reviews.turnaround.part', { days: days(workingDays) })}
          </li>
        ))}
      </ul>
    </section>
  );
}
