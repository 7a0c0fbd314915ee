import { Button, Drawer, Group, Text, Title, UnstyledButton } from '@mantine/core';
import type { Organisation } from '@relecture/shared/users/schema.js';
import { IconAlertTriangle, IconBuildingHospital } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listSlideUsage } from '../api/admin';
import { keys } from '../api/keys';
import { listOrganisations } from '../api/users';
import { ErrorState } from '../ui/ErrorState';
import { ListSkeleton } from '../ui/Skeletons';
import { Mark } from '../ui/StatusBadge';
import classes from './admin.module.css';
import { OrganisationForm } from './OrganisationForm';
import { SlideRules } from './SlideRules';

/** The houses: what they are called, where they are, where their parcels go. */
export function Organisations() {
  const { t } = useTranslation('admin');
  const { t: ui } = useTranslation('ui');
  const [changing, setChanging] = useState<{ organisation: Organisation | null; times: number } | null>(null);
  const [opened, setOpened] = useState(false);
  const change = (organisation: Organisation | null) => {
    // Each time anew: what was typed and given up is not offered again.
    setChanging((before) => ({ organisation, times: (before?.times ?? 0) + 1 }));
    setOpened(true);
  };
  const query = useQuery({ queryKey: keys.admin.organisations, queryFn: listOrganisations });
  const usage = useQuery({ queryKey: keys.admin.slideUsage, queryFn: listSlideUsage });
  const usedBy = new Map(usage.data?.items.map(({ organisationId, bytes }) => [organisationId, bytes]));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const items = query.data.items.toSorted((a, b) => a.name.localeCompare(b.name, 'fr'));
  return (
    <section className="sheet" aria-labelledby="organisations">
      <Group p="sm" gap="sm" justify="space-between">
        <Group gap="sm" align="baseline">
          <Title order={2} id="organisations">
            {t('organisations.title')}
          </Title>
          <Text size="sm" c="dimmed" role="status">
            {t('organisations.count', { count: items.length })}
          </Text>
        </Group>
        <Button leftSection={<IconBuildingHospital size={18} aria-hidden />} onClick={() => change(null)}>
          {t('organisations.new')}
        </Button>
      </Group>
      <table className={classes.table}>
        <caption className="heard-only">{t('organisations.title')}</caption>
        <thead>
          <tr>
            {(['name', 'city', 'address', 'slides'] as const).map((column) => (
              <th key={column} scope="col" className={classes[column]}>
                {t(`organisations.columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((organisation) => (
            <tr key={organisation.id} data-testid="organisation-row">
              <td>
                <UnstyledButton
                  className={classes.open}
                  aria-label={t('organisations.change', { name: organisation.name })}
                  onClick={() => change(organisation)}
                >
                  {organisation.name}
                </UnstyledButton>
                <span className={classes.secondary}>{t(`organisations.kinds.${organisation.kind}`)}</span>
              </td>
              <td>
                <span className={classes.line}>{organisation.city}</span>
                <span className={classes.secondary}>{organisation.region}</span>
              </td>
              <td>
                <Address organisation={organisation} />
              </td>
              <td>
                <SlideRules organisation={organisation} usedBytes={usedBy.get(organisation.id) ?? 0} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        position="right"
        size={520}
        title={changing?.organisation?.name ?? t('organisations.new')}
        closeButtonProps={{ 'aria-label': ui('close') }}
      >
        {changing ? (
          <OrganisationForm
            key={changing.times}
            organisation={changing.organisation}
            onClose={() => setOpened(false)}
          />
        ) : null}
      </Drawer>
    </section>
  );
}

function Address({ organisation: { address } }: { organisation: Organisation }) {
  const { t } = useTranslation('admin');
  if (!address) return <Mark look={[IconAlertTriangle, 'amber']} words={t('organisations.noAddress')} />;
  const { service, street, postcode, town, phone } = address;
  return (
    <>
      <span className={classes.line}>{[service, street].filter(Boolean).join(', ')}</span>
      <span className={classes.line}>{`${postcode} ${town}`}</span>
      {phone ? <span className={classes.secondary}>{phone}</span> : null}
    </>
  );
}
