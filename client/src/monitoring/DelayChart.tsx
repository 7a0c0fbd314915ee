import { LineChart } from '@mantine/charts';
import type { Board } from '@relecture/shared/monitoring/schema.js';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../ui/format';
import { ChartFrame } from './ChartFrame';
import { FigureLink } from './FigureLink';
import { monthDays, wordMonth } from './months';

/** Median and 90th percentile by month; a month with too few signatures has no point, and says so in the table. */
export function DelayChart({ perMonth }: Pick<Board, 'perMonth'>) {
  const { t } = useTranslation('monitoring');
  const drawable = perMonth.some(({ medianDays }) => medianDays !== null);
  const days = (value: number | null) =>
    value === null ? t('charts.few') : t('charts.days', { formatted: formatNumber(value, 1) });
  return (
    <ChartFrame
      title={t('charts.delay.title')}
      about={t('charts.delay.about')}
      empty={drawable ? null : t('charts.delay.empty')}
      head={[t('charts.month'), t('charts.delay.median'), t('charts.delay.p90')]}
      rows={perMonth.map((month) => ({
        key: month.month,
        cells: [
          wordMonth(month.month),
          month.medianDays === null ? (
            days(null)
          ) : (
            <FigureLink
              key="median"
              facts={{ status: 'signed', ...monthDays('signed', month.month) }}
              label={t('groups.lead', {
                name: wordMonth(month.month),
                what: t('charts.volume.signed'),
                count: month.signed,
              })}
            >
              {days(month.medianDays)}
            </FigureLink>
          ),
          days(month.p90Days),
        ],
      }))}
    >
      <LineChart
        h={200}
        data={perMonth.map((month) => ({
          month: wordMonth(month.month, 'short'),
          median: month.medianDays,
          p90: month.p90Days,
        }))}
        dataKey="month"
        withLegend
        legendProps={{ itemSorter: null }}
        curveType="linear"
        valueFormatter={(value) => formatNumber(value, 1)}
        lineChartProps={{ accessibilityLayer: false }}
        series={[
          { name: 'median', label: t('charts.delay.median'), color: 'accent.8' },
          { name: 'p90', label: t('charts.delay.p90'), color: 'gray.6', strokeDasharray: '5 4' },
        ]}
      />
    </ChartFrame>
  );
}
