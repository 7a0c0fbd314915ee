import '@mantine/charts/styles.css';
import { Text, Title } from '@mantine/core';
import type { Board } from '@relecture/shared/monitoring/schema.js';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../ui/format';
import { AgeingChart } from './AgeingChart';
import { AskedChart } from './AskedChart';
import { DelayChart } from './DelayChart';
import { DiscordanceChart } from './DiscordanceChart';
import { GroupChart } from './GroupChart';
import classes from './monitoring.module.css';
import { VolumeChart } from './VolumeChart';

/** Figures over time. Each chart has its table: nothing is told by the drawing alone. */
export default function Charts({ board, networkId }: { board: Board; networkId: string | null }) {
  const { t } = useTranslation('monitoring');
  const { count, medianDays, p90Days } = board.turnaround;
  const days = (value: number) => t('charts.days', { formatted: formatNumber(value, 1) });
  return (
    <section aria-labelledby="charts" className={classes.charts}>
      <Title order={2} id="charts">
        {t('charts.title')}
      </Title>
      <Text c="dimmed" mb="sm">
        {medianDays === null || p90Days === null
          ? t('charts.turnaroundFew')
          : t('charts.turnaround', { median: days(medianDays), p90: days(p90Days), count })}
      </Text>
      <div className={classes.chartGrid}>
        <DelayChart perMonth={board.perMonth} />
        <VolumeChart perMonth={board.perMonth} />
        <AgeingChart ageing={board.ageing} />
        <DiscordanceChart discordance={board.discordance} perMonth={board.perMonth} />
        <AskedChart perMonth={board.perMonth} />
      </div>
      <GroupChart networkId={networkId} />
    </section>
  );
}
