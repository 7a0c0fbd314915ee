import { BarChart } from '@mantine/charts';
import type { Board } from '@relecture/shared/monitoring/schema.js';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../ui/format';
import { ChartFrame } from './ChartFrame';

/** Below this many a share says more about chance, and could point at a person. */
const SMALLEST_GROUP = 3;

export function DiscordanceChart({ discordance }: Pick<Board, 'discordance'>) {
  const { t } = useTranslation('monitoring');
  const { t: ui } = useTranslation('ui');
  const groups = discordance.filter(({ signed }) => signed >= SMALLEST_GROUP);
  const few = discordance
    .filter(({ signed }) => signed < SMALLEST_GROUP)
    .map(({ intent }) => t('charts.discordance.few', { intent: ui(`intent.${intent}`) }))
    .join(' ');
  const share = (count: number, signed: number) =>
    signed < SMALLEST_GROUP
      ? t('charts.few')
      : t('charts.discordance.share', { share: formatNumber((count / signed) * 100), count });
  return (
    <ChartFrame
      title={t('charts.discordance.title')}
      about={
        groups.length === 0 || few === ''
          ? t('charts.discordance.about')
          : `${t('charts.discordance.about')} ${few}`
      }
      empty={groups.length === 0 ? few : null}
      head={[
        t('charts.discordance.intent'),
        t('charts.discordance.signed'),
        t('charts.discordance.partial'),
        t('charts.discordance.discordant'),
      ]}
      rows={discordance.map((row) => ({
        key: row.intent,
        cells: [
          ui(`intent.${row.intent}`),
          row.signed < SMALLEST_GROUP ? t('charts.few') : formatNumber(row.signed),
          share(row.partial, row.signed),
          share(row.discordant, row.signed),
        ],
      }))}
    >
      <BarChart
        h={230}
        type="percent"
        orientation="vertical"
        data={groups.map((row) => ({
          intent: ui(`intent.${row.intent}`),
          concordant: row.signed - row.partial - row.discordant,
          partial: row.partial,
          discordant: row.discordant,
        }))}
        dataKey="intent"
        withLegend
        legendProps={{ itemSorter: null }}
        barChartProps={{ accessibilityLayer: false }}
        yAxisProps={{ width: 150 }}
        series={[
          { name: 'concordant', label: t('charts.discordance.concordant'), color: 'gray.4' },
          { name: 'partial', label: t('charts.discordance.partial'), color: 'accent.5' },
          { name: 'discordant', label: t('charts.discordance.discordant'), color: 'accent.9' },
        ]}
      />
    </ChartFrame>
  );
}
