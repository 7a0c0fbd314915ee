import { Anchor, Button, Group, Select, Text, TextInput, Title } from '@mantine/core';
import { type Network, networkSchema } from '@relecture/shared/networks/schema.js';
import { IconSearch, IconSearchOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { hasRole, useUser } from '../app/session';
import { currentLanguage } from '../i18n';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { useNetworks } from '../ui/networks';
import { ListSkeleton } from '../ui/Skeletons';
import { useTitle } from '../ui/use-title';
import classes from './admin.module.css';
import { NetworkArticle } from './NetworkArticle';
import { plain } from './plain';

const KINDS = networkSchema.shape.kind.options;

/** The reference networks, to be read: perimeter, admission, delays. */
export default function Networks() {
  const { t } = useTranslation('admin');
  useTitle(t('networks.title'));
  const user = useUser();
  const networks = useNetworks();
  const [address, setAddress] = useSearchParams();
  const kind = networkSchema.shape.kind.safeParse(address.get('kind')).data;
  const text = address.get('q') ?? '';
  const language = currentLanguage();
  const change = (name: string, value: string | null) =>
    setAddress(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  const matches = (network: Network) =>
    (!kind || network.kind === kind) &&
    plain(
      [network.id, network.names[language], network.perimeter[language], network.coordinatingCentre].join(
        ' ',
      ),
    ).includes(plain(text));
  const shown = networks.data?.items.filter(matches) ?? [];

  return (
    <div className={classes.page}>
      <Group justify="space-between" align="flex-end" mb="md">
        <div>
          <Title order={1}>{t('networks.title')}</Title>
          <Text c="dimmed">{t('networks.about')}</Text>
          {hasRole(user, 'coordinator', 'admin') ? (
            <Anchor component={Link} to="/rules">
              {t('rules.open')}
            </Anchor>
          ) : null}
        </div>
        <Group gap="sm">
          <Text size="sm" c="dimmed" role="status">
            {networks.isSuccess ? t('networks.count', { count: shown.length }) : ''}
          </Text>
          <Select
            aria-label={t('networks.kind')}
            placeholder={t('networks.kind')}
            clearable
            w={250}
            data={KINDS.map((value) => ({ value, label: t(`networks.kinds.${value}`) }))}
            value={kind ?? null}
            onChange={(value) => change('kind', value)}
          />
          <TextInput
            aria-label={t('networks.search')}
            placeholder={t('networks.search')}
            w={320}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={text}
            onChange={(event) => change('q', event.currentTarget.value)}
          />
        </Group>
      </Group>
      {networks.isPending ? <ListSkeleton /> : null}
      {networks.isError ? (
        <ErrorState error={networks.error} onRetry={() => void networks.refetch()} />
      ) : null}
      {networks.isSuccess && shown.length === 0 ? (
        <EmptyState
          icon={<IconSearchOff />}
          title={t('networks.empty')}
          action={
            <Button variant="default" onClick={() => setAddress({}, { replace: true })}>
              {t('networks.showAll')}
            </Button>
          }
        />
      ) : null}
      <div className={classes.networks}>
        {shown.map((network) => (
          <NetworkArticle key={network.id} network={network} />
        ))}
      </div>
    </div>
  );
}
