import { Select, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readArrivalSettings } from '../api/arrivals';
import { keys } from '../api/keys';
import { listOrganisations } from '../api/users';
import { ErrorState } from '../ui/ErrorState';
import { ListSkeleton } from '../ui/Skeletons';
import { ArrivalSettingsForm } from './ArrivalSettingsForm';
import { DicomTokens } from './DicomTokens';

/** Where the slides of each organisation come from, beside what people drop. */
export function Arrivals() {
  const { t } = useTranslation('arrivals');
  const [chosen, setChosen] = useState<string | null>(null);
  const organisations = useQuery({ queryKey: keys.admin.organisations, queryFn: listOrganisations });
  const items = (organisations.data?.items ?? []).toSorted((a, b) => a.name.localeCompare(b.name, 'fr'));
  const organisationId = chosen ?? items[0]?.id ?? '';
  const settings = useQuery({
    queryKey: keys.arrivals.settings(organisationId),
    queryFn: () => readArrivalSettings(organisationId),
    enabled: organisationId !== '',
  });
  if (organisations.isPending) return <ListSkeleton />;
  const error = organisations.error ?? settings.error;
  return (
    <section className="sheet" aria-labelledby="arrivals">
      <Stack p="sm" gap="md" maw={720}>
        <Title order={2} id="arrivals">
          {t('settings.title')}
        </Title>
        <Select
          label={t('settings.organisation')}
          searchable
          allowDeselect={false}
          data={items.map(({ id, name }) => ({ value: id, label: name }))}
          value={organisationId}
          onChange={setChosen}
        />
        {error ? <ErrorState error={error} onRetry={() => void settings.refetch()} /> : null}
        {settings.data ? (
          <ArrivalSettingsForm
            key={organisationId}
            organisationId={organisationId}
            settings={settings.data}
          />
        ) : null}
        {organisationId ? (
          <DicomTokens key={`tokens ${organisationId}`} organisationId={organisationId} />
        ) : null}
      </Stack>
    </section>
  );
}
