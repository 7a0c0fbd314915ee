import { Button, Stack, Text, Textarea, Title } from '@mantine/core';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { markDiscussed } from '../api/reviews';
import { DateField } from '../ui/DateField';
import { FormError } from '../ui/FormError';
import { formatCalendarDate } from '../ui/format';
import { tellDone } from '../ui/tell';
import { today } from '../ui/typed-date';

/** What the network's collegial session has to discuss, or has: on which day, and what it concluded. */
export function Session({ review }: { review: Review }) {
  const { t } = useTranslation(['monitoring', 'ui']);
  const client = useQueryClient();
  const [on, setOn] = useState<string | null>(today);
  const [reason, setReason] = useState('');
  const mark = useMutation({
    mutationFn: (day: string) => markDiscussed(review.id, day, reason.trim()),
    onSuccess: async () => {
      tellDone(t('session.done', { number: review.caseNumber }));
      await client.invalidateQueries({ queryKey: keys.reviews.one(review.id) });
      await client.invalidateQueries({ queryKey: keys.reviews.all });
    },
  });
  if (!review.ladder?.session) return null;
  return (
    <section aria-labelledby="session" data-testid="session">
      <Title order={3} id="session" mb={6}>
        {t('session.title')}
      </Title>
      {review.discussed ? (
        <Text>
          {t('session.was', {
            date: formatCalendarDate(review.discussed.on),
            name: review.discussed.by.displayName,
          })}
        </Text>
      ) : (
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('session.listed')}
          </Text>
          <DateField label={t('session.on')} value={on} onChange={setOn} pastOnly />
          <Textarea
            label={t('session.conclusion')}
            description={t('ui:noName.reason')}
            autosize
            minRows={2}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <FormError error={mark.error} />
          <Button
            disabled={on === null || reason.trim().length < 3}
            loading={mark.isPending}
            onClick={() => on && mark.mutate(on)}
          >
            {t('session.verb')}
          </Button>
        </Stack>
      )}
    </section>
  );
}
