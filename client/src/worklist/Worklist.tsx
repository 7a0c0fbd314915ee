import { Group, SegmentedControl, Select, Text, Title } from '@mantine/core';
import { room } from '@relecture/shared/events/sockets.js';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { hasRole, useUser } from '../app/session';
import { useRooms } from '../realtime/rooms';
import { useNetworkName } from '../ui/networks';
import { useTitle } from '../ui/use-title';
import { FreeReviews } from './FreeReviews';
import { MyReviews } from './MyReviews';
import { readShow, SHOWS } from './shows';
import { useRowKeys } from './use-row-keys';
import classes from './Worklist.module.css';

/** The reviewer's home: mine, then what my networks have free, sorted by what is due. */
export default function Worklist() {
  const { t } = useTranslation('worklist');
  useTitle(t('title'));
  const user = useUser();
  const networkName = useNetworkName();
  /** A preparer sees the readings of the experts of the house, and answers none of them. */
  const prepares = !hasRole(user, 'reviewer');
  const [address, setAddress] = useSearchParams();
  const show = readShow(address.get('show'));
  const networkIds = [
    ...new Set(user.networks.filter(({ as }) => as === 'reviewer').map((network) => network.networkId)),
  ];
  const asked = address.get('network');
  const networkId = asked !== null && networkIds.includes(asked) ? asked : undefined;
  useRooms(networkIds.map(room.network));
  useRowKeys();

  const change = (name: string, value: string | null) =>
    setAddress(
      (before) => {
        if (value === null) before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );

  return (
    <div className={classes.page}>
      <Group justify="space-between" align="flex-end" mb="md">
        <div>
          <Title order={1}>{t('title')}</Title>
          <Text c="dimmed">
            {prepares ? t('house.about', { organisation: user.organisation.name }) : t('about')}
          </Text>
          <Text c="dimmed" size="sm" className={classes.keys}>
            {t('keys')}
          </Text>
        </div>
        <Group gap="sm">
          <SegmentedControl
            aria-label={t('show.label')}
            value={show}
            onChange={(value) => change('show', value === 'open' ? null : value)}
            data={SHOWS.map((value) => ({ value, label: t(`show.${value}`) }))}
          />
          {networkIds.length > 1 ? (
            <Select
              aria-label={t('filter.network')}
              placeholder={t('filter.network')}
              clearable
              w={200}
              data={networkIds.map((value) => ({ value, label: networkName(value) }))}
              value={networkId ?? null}
              onChange={(value) => change('network', value)}
            />
          ) : null}
        </Group>
      </Group>
      <MyReviews show={show} networkId={networkId} prepares={prepares} />
      {show === 'open' && !prepares ? <FreeReviews networkId={networkId} /> : null}
    </div>
  );
}
