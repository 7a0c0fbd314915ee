import { BarChart } from '@mantine/charts';
import type { Board } from '@relecture/shared/monitoring/schema.js';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../ui/format';
import { ChartFrame } from './ChartFrame';
import { FigureLink } from './FigureLink';
import { monthDays, wordMonth } from './months';

export function VolumeChart({ perMonth }: Pick<Board, 'perMonth'>) {
  const { t } = useTranslation('monitoring');
  const led = (kind: 'opened' | 'signed', { month, ...counts }: Board['perMonth'][number]) =>
    counts[kind] === 0 ? (
      formatNumber(0)
    ) : (
      <FigureLink
        key={kind}
        facts={{ ...(kind === 'signed' ? { status: 'signed' } : {}), ...monthDays(kind, month) }}
        label={t('groups.lead', {
          name: wordMonth(month),
          what: t(`charts.volume.${kind}`),
          count: counts[kind],
        })}
      >
        {formatNumber(counts[kind])}
      </FigureLink>
    );
  return (
    <ChartFrame
      title={t('charts.volume.title')}
      about={t('charts.volume.about')}
      head={[t('charts.month'), t('charts.volume.opened'), t('charts.volume.signed')]}
      rows={perMonth.map((month) => ({
        key: month.month,
        cells: [wordMonth(month.month), led('opened', month), led('signed', month)],
      }))}
    >
      <BarChart
        h={200}
        data={perMonth.map((month) => ({ ...month, month: wordMonth(month.month, 'short') }))}
        dataKey="month"
        withLegend
        legendProps={{ itemSorter: null }}
        barChartProps={{ accessibilityLayer: false }}
        yAxisProps={{ allowDecimals: false }}
        series={[
          { name: 'opened', label: t('charts.volume.opened'), color: 'gray.4' },
          { name: 'signed', label: t('charts.volume.signed'), color: 'accent.8' },
        ]}
      />
    </ChartFrame>
  );
}
