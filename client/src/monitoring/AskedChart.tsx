import { BarChart } from '@mantine/charts';
import { type Board, SMALLEST_GROUP } from '@relecture/shared/monitoring/schema.js';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../ui/format';
import { ChartFrame } from './ChartFrame';
import { FigureLink } from './FigureLink';
import { monthDays, wordMonth } from './months';

/** How often readers had to ask the sender for more: of the readings signed in a month. */
export function AskedChart({ perMonth }: Pick<Board, 'perMonth'>) {
  const { t } = useTranslation('monitoring');
  const shareOf = ({ asked, signed }: Board['perMonth'][number]) =>
    signed < SMALLEST_GROUP ? null : (asked / signed) * 100;
  const drawable = perMonth.some((month) => shareOf(month) !== null);
  return (
    <ChartFrame
      title={t('charts.asked.title')}
      about={t('charts.asked.about')}
      empty={drawable ? null : t('charts.asked.empty', { smallest: SMALLEST_GROUP })}
      head={[t('charts.month'), t('charts.volume.signed'), t('charts.asked.share')]}
      rows={perMonth.map((month) => {
        const share = shareOf(month);
        const name = wordMonth(month.month);
        return {
          key: month.month,
          cells: [
            name,
            share === null ? t('charts.few') : formatNumber(month.signed),
            share === null ? (
              t('charts.few')
            ) : month.asked === 0 ? (
              formatNumber(0)
            ) : (
              <FigureLink
                key="asked"
                facts={{ status: 'signed', asked: 'true', ...monthDays('signed', month.month) }}
                label={t('groups.lead', { name, what: t('charts.asked.share'), count: month.asked })}
              >
                {t('charts.discordance.share', { share: formatNumber(share), count: month.asked })}
              </FigureLink>
            ),
          ],
        };
      })}
    >
      <BarChart
        h={200}
        data={perMonth.map((month) => ({ month: wordMonth(month.month, 'short'), share: shareOf(month) }))}
        dataKey="month"
        unit=" %"
        barChartProps={{ accessibilityLayer: false }}
        valueFormatter={(value) => formatNumber(value)}
        series={[{ name: 'share', label: t('charts.asked.share'), color: 'accent.6' }]}
      />
    </ChartFrame>
  );
}
