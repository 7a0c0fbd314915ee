import { BarChart } from '@mantine/charts';
import { type Board, SMALLEST_GROUP } from '@relecture/shared/monitoring/schema.js';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../ui/format';
import { ChartFrame } from './ChartFrame';
import { FigureLink } from './FigureLink';

export function DiscordanceChart({ discordance, perMonth }: Pick<Board, 'discordance' | 'perMonth'>) {
  const { t } = useTranslation('monitoring');
  const { t: ui } = useTranslation('ui');
  const groups = discordance.filter(({ signed }) => signed >= SMALLEST_GROUP);
  const few = discordance
    .filter(({ signed }) => signed < SMALLEST_GROUP)
    .map(({ intent }) => t('charts.discordance.few', { intent: ui(`intent.${intent}`) }))
    .join(' ');
  const since = perMonth[0] ? `${perMonth[0].month}-01` : null;
  const share = (row: Board['discordance'][number], agreement: 'partial' | 'discordant') => {
    const count = row[agreement];
    if (row.signed < SMALLEST_GROUP) return t('charts.few');
    const words = t('charts.discordance.share', {
      share: formatNumber((count / row.signed) * 100),
      count,
    });
    if (count === 0) return words;
    return (
      <FigureLink
        key={agreement}
        facts={{ status: 'signed', intent: row.intent, agreement, signedFrom: since }}
        label={t('groups.lead', {
          name: ui(`intent.${row.intent}`),
          what: t(`charts.discordance.${agreement}`),
          count,
        })}
      >
        {words}
      </FigureLink>
    );
  };
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
          share(row, 'partial'),
          share(row, 'discordant'),
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
