import { BarChart } from '@mantine/charts';
import { type Board, FIGURE_MAX } from '@relecture/shared/monitoring/schema.js';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../ui/format';
import { ChartFrame } from './ChartFrame';
import { FigureLink } from './FigureLink';

const AGES = ['under3', 'under7', 'under14', 'over14'] as const;
const DAYS = {
  under3: { ageTo: 3 },
  under7: { ageFrom: 3, ageTo: 7 },
  under14: { ageFrom: 7, ageTo: 14 },
  over14: { ageFrom: 14 },
} as const;
/** Darker with age. */
const COLORS = { under3: 'accent.2', under7: 'accent.4', under14: 'accent.7', over14: 'accent.9' } as const;

export function AgeingChart({ ageing }: Pick<Board, 'ageing'>) {
  const { t } = useTranslation('monitoring');
  const { t: ui } = useTranslation('ui');
  return (
    <ChartFrame
      title={t('charts.ageing.title')}
      about={t('charts.ageing.about')}
      head={[t('charts.ageing.status'), ...AGES.map((age) => t(`charts.ageing.${age}`))]}
      rows={ageing.map((row) => ({
        key: row.status,
        cells: [
          ui(`review.${row.status}`),
          ...AGES.map((age) =>
            row[age] === 0 ? (
              formatCount(0, FIGURE_MAX)
            ) : (
              <FigureLink
                key={age}
                facts={{ status: row.status, ...DAYS[age] }}
                label={t('groups.lead', {
                  name: ui(`review.${row.status}`),
                  what: t(`charts.ageing.${age}`),
                  count: row[age],
                })}
              >
                {formatCount(row[age], FIGURE_MAX)}
              </FigureLink>
            ),
          ),
        ],
      }))}
    >
      <BarChart
        h={290}
        type="stacked"
        orientation="vertical"
        data={ageing.map((row) => ({ ...row, status: ui(`review.${row.status}`) }))}
        dataKey="status"
        withLegend
        legendProps={{ itemSorter: null }}
        barChartProps={{ accessibilityLayer: false }}
        xAxisProps={{ allowDecimals: false }}
        yAxisProps={{ width: 150 }}
        series={AGES.map((age) => ({ name: age, label: t(`charts.ageing.${age}`), color: COLORS[age] }))}
      />
    </ChartFrame>
  );
}
