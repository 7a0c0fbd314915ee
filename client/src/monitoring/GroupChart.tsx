import { BarChart } from '@mantine/charts';
import { Group, SegmentedControl, Select, Text, Title } from '@mantine/core';
import {
  type BoardGroups,
  type GroupedBy,
  groupedBy,
  SMALLEST_GROUP,
} from '@relecture/shared/monitoring/schema.js';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { type GroupMonths, readGroups } from '../api/reviews';
import { useUser } from '../app/session';
import { ErrorState } from '../ui/ErrorState';
import { formatNumber } from '../ui/format';
import { useNetworkName } from '../ui/networks';
import { ListSkeleton } from '../ui/Skeletons';
import { type FigureFacts, FigureLink } from './FigureLink';
import classes from './monitoring.module.css';

const DRAWN = 12;
const MONTHS = ['3', '6', '12'] as const;
type OneGroup = BoardGroups['groups'][number];

/** Delay, volume, material asked and discordance by network, region, site or reviewer; each figure leads to its readings. */
export function GroupChart({ networkId }: { networkId: string | null }) {
  const { t } = useTranslation('monitoring');
  const user = useUser();
  const [by, setBy] = useState<GroupedBy>('region');
  const [months, setMonths] = useState<GroupMonths>('6');
  const groups = useQuery({
    queryKey: keys.boardGroups(networkId, by, months),
    queryFn: () => readGroups(networkId, by, months),
    placeholderData: keepPreviousData,
  });
  // Readers are told apart only for whoever coordinates their network.
  const mayTellReaders = user.networks.some(
    (network) => network.as === 'coordinator' && (networkId === null || network.networkId === networkId),
  );
  return (
    <section className={`sheet ${classes.chart}`} aria-labelledby="groups" data-testid="board-groups">
      <Group justify="space-between" gap="sm">
        <Title order={3} id="groups">
          {t('groups.title')}
        </Title>
        <Group gap="sm">
          <SegmentedControl
            aria-label={t('groups.by')}
            value={by}
            onChange={(value) => setBy(groupedBy.parse(value))}
            data={groupedBy.options.map((value) => ({
              value,
              label: t(`groups.${value}`),
              disabled: value === 'reviewer' && !mayTellReaders,
            }))}
          />
          <Select
            aria-label={t('groups.period')}
            w={160}
            allowDeselect={false}
            data={MONTHS.map((value) => ({ value, label: t('groups.months', { count: Number(value) }) }))}
            value={months}
            onChange={(value) => setMonths(MONTHS.find((each) => each === value) ?? '6')}
          />
        </Group>
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t('groups.about', { smallest: SMALLEST_GROUP })}
        {by === 'reviewer' ? ` ${t('groups.ownNetworks')}` : ''}
      </Text>
      {groups.isPending ? <ListSkeleton rows={4} /> : null}
      {groups.isError ? <ErrorState error={groups.error} onRetry={() => void groups.refetch()} /> : null}
      {groups.data ? <Groups answer={groups.data} /> : null}
    </section>
  );
}

function Groups({ answer }: { answer: BoardGroups }) {
  const { t } = useTranslation('monitoring');
  const networkName = useNetworkName();
  const { by, groups, few } = answer;
  const nameOf = ({ key, label }: OneGroup) =>
    by === 'network' ? networkName(key) : label || key || t('groups.unknown');
  const tooFew = few > 0 ? t('groups.few', { count: few, smallest: SMALLEST_GROUP }) : null;
  if (groups.length === 0) return <Text className={classes.chartEmpty}>{tooFew ?? t('groups.empty')}</Text>;
  const drawn = groups.slice(0, DRAWN);
  return (
    <>
      <div aria-hidden>
        <BarChart
          h={60 + drawn.length * 38}
          orientation="vertical"
          data={drawn.map((group) => ({
            name: nameOf(group),
            median: group.medianDays,
            p90: group.p90Days,
          }))}
          dataKey="name"
          withLegend
          legendProps={{ itemSorter: null }}
          barChartProps={{ accessibilityLayer: false }}
          yAxisProps={{ width: 190, interval: 0 }}
          valueFormatter={(value) => formatNumber(value, 1)}
          series={[
            { name: 'median', label: t('charts.delay.median'), color: 'accent.8' },
            { name: 'p90', label: t('charts.delay.p90'), color: 'gray.4' },
          ]}
        />
      </div>
      <div className={classes.scroll}>
        <table className={classes.chartTable}>
          <caption className="heard-only">{t('groups.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t(`groups.${by}`)}</th>
              <th scope="col">{t('charts.volume.signed')}</th>
              <th scope="col">{t('charts.delay.median')}</th>
              <th scope="col">{t('charts.delay.p90')}</th>
              <th scope="col">{t('groups.asked')}</th>
              <th scope="col">{t('groups.systematic')}</th>
              <th scope="col">{t('groups.advice')}</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <GroupRow key={group.key} group={group} name={nameOf(group)} answer={answer} />
            ))}
          </tbody>
        </table>
      </div>
      {tooFew ? (
        <Text size="sm" c="dimmed" mt={6}>
          {tooFew}
        </Text>
      ) : null}
    </>
  );
}

/** How the list above names the group; null where it has no name for it. */
function factsOf({ by, from, to }: BoardGroups, { key }: OneGroup): FigureFacts | null {
  if (key === '') return null;
  const signed = { status: 'signed', signedFrom: from, signedTo: to };
  return { ...signed, [by]: key };
}

function GroupRow({ group, name, answer }: { group: OneGroup; name: string; answer: BoardGroups }) {
  const { t } = useTranslation('monitoring');
  const facts = factsOf(answer, group);
  const days = (value: number) => t('charts.days', { formatted: formatNumber(value, 1) });
  const led = (count: number, more: FigureFacts, what: string, words = formatNumber(count)) =>
    facts && count > 0 ? (
      <FigureLink facts={{ ...facts, ...more }} label={t('groups.lead', { name, what, count })}>
        {words}
      </FigureLink>
    ) : (
      words
    );
  const discordant = (intent: 'systematic' | 'advice') => {
    const split = group[intent];
    if (split === null) return t('groups.tooFew', { smallest: SMALLEST_GROUP });
    const share = formatNumber((split.discordant / split.signed) * 100);
    return led(
      split.discordant,
      { intent, agreement: 'discordant' },
      t(`groups.${intent}`),
      t('charts.discordance.share', { share, count: split.discordant }),
    );
  };
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{led(group.signed, {}, t('charts.volume.signed'))}</td>
      <td>{days(group.medianDays)}</td>
      <td>{days(group.p90Days)}</td>
      <td>
        {led(
          group.asked,
          { asked: 'true' },
          t('groups.asked'),
          t('charts.discordance.share', {
            share: formatNumber((group.asked / group.signed) * 100),
            count: group.asked,
          }),
        )}
      </td>
      <td>{discordant('systematic')}</td>
      <td>{discordant('advice')}</td>
    </tr>
  );
}
