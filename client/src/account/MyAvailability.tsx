import { Button, Group, Stack, Text, Title } from '@mantine/core';
import type { ownAvailability } from '@relecture/shared/users/schema.js';
import { IconCalendarOff } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { keys } from '../api/keys';
import { readAvailability, saveAvailability } from '../api/users';
import { hasRole, useUser } from '../app/session';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { FormError } from '../ui/FormError';
import { ListSkeleton } from '../ui/Skeletons';
import { tellDone } from '../ui/tell';
import { today } from '../ui/typed-date';
import { AvailabilityFields } from './AvailabilityFields';
import { availabilityOf, typedOf } from './typed-availability';

/** When, how much and for whom a reviewer reads. */
export default function MyAvailability() {
  const { t } = useTranslation('account');
  const isReviewer = hasRole(useUser(), 'reviewer');
  const own = useQuery({
    queryKey: keys.availability,
    queryFn: readAvailability,
    enabled: isReviewer,
    // What is being typed must not be replaced by what comes back from another tab.
    refetchOnWindowFocus: false,
  });
  return (
    <div style={{ maxWidth: 820, margin: '0 auto', padding: 16 }}>
      <Title order={1}>{t('availability.title')}</Title>
      <Text c="dimmed" mb="md">
        {t('availability.about')}
      </Text>
      <div className="sheet" style={{ padding: 16 }}>
        {!isReviewer ? (
          <EmptyState icon={<IconCalendarOff />} title={t('availability.nobody')} />
        ) : own.isPending ? (
          <ListSkeleton />
        ) : own.isError ? (
          <ErrorState error={own.error} onRetry={() => void own.refetch()} />
        ) : (
          <AvailabilityForm own={own.data} />
        )}
      </div>
    </div>
  );
}

function AvailabilityForm({ own }: { own: z.infer<typeof ownAvailability> }) {
  const { t } = useTranslation('account');
  const client = useQueryClient();
  const [typed, setTyped] = useState(() => typedOf(own, today()));
  const whole = availabilityOf(typed);
  const save = useMutation({
    mutationFn: saveAvailability,
    onSuccess: (saved) => {
      client.setQueryData(keys.availability, saved);
      tellDone(t('availability.saved'));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) save.mutate(whole);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <AvailabilityFields
          value={typed}
          onChange={(part) => setTyped((before) => ({ ...before, ...part }))}
          organisations={own.organisations}
        />
        <FormError error={save.error} />
        <Group justify="flex-end">
          <Button type="submit" disabled={!whole} loading={save.isPending}>
            {t('availability.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
