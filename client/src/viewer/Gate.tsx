import { Button, Group, Stack, Text, Title } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { keys } from '../api/keys';
import { acceptReview, declineReview } from '../api/reviews';
import { ConfirmAction } from '../ui/ConfirmAction';
import { Due } from '../ui/Due';
import { IcdoName } from '../ui/IcdoName';
import { tellProblem } from '../ui/tell';
import classes from './ReadingRoom.module.css';

/** Assigned, not yet accepted: what is asked, and the two answers. */
export function Gate({ caseRecord, review }: { caseRecord: CasePage; review: Review }) {
  const { t } = useTranslation(['viewer', 'ui']);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [declining, setDeclining] = useState(false);
  const accept = useMutation({
    mutationFn: () => acceptReview(review.id),
    onSuccess: (accepted) => client.setQueryData(keys.reviews.one(review.id), accepted),
    onError: tellProblem,
  });
  const { content } = caseRecord;
  const slides = caseRecord.slides.filter(({ state }) => state !== 'rejected' && state !== 'removed');
  return (
    <main className={`sheet ${classes.gate}`}>
      <Stack>
        <Title order={1}>{t('gate.title', { number: caseRecord.number })}</Title>
        <dl className={classes.facts}>
          <dt>{t('gate.from')}</dt>
          <dd>
            {caseRecord.organisation.name}, {caseRecord.organisation.city}
          </dd>
          {content.primarySite ? (
            <>
              <dt>{t('context.primarySite')}</dt>
              <dd>
                <IcdoName code={content.primarySite} />
              </dd>
            </>
          ) : null}
          <dt>{t('context.question')}</dt>
          <dd className={classes.prose}>{content.question || t('context.none')}</dd>
          <dt>{t('gate.slides')}</dt>
          <dd>{slides.length}</dd>
          {review.dueAt ? (
            <>
              <dt>{t('gate.due')}</dt>
              <dd>
                <Due dueAt={review.dueAt} overdue={review.overdue} />
              </dd>
            </>
          ) : null}
        </dl>
        <Text c="dimmed">{t('gate.explain')}</Text>
        <Group>
          <Button loading={accept.isPending} onClick={() => accept.mutate()} data-autofocus>
            {t('gate.accept')}
          </Button>
          <Button variant="default" onClick={() => setDeclining(true)}>
            {t('gate.decline')}
          </Button>
          <Button variant="subtle" component={Link} to="/worklist">
            {t('gate.later')}
          </Button>
        </Group>
      </Stack>
      <ConfirmAction
        opened={declining}
        onClose={() => setDeclining(false)}
        title={t('gate.declineTitle')}
        verb={t('gate.decline')}
        danger
        reasonLabel={t('gate.reason')}
        reasonHint={t('ui:noName.reason')}
        onConfirm={async (reason) => {
          await declineReview(review.id, reason);
          await client.invalidateQueries({ queryKey: keys.reviews.all });
          await navigate('/worklist');
        }}
      >
        <Text>{t('gate.declineExplain')}</Text>
      </ConfirmAction>
    </main>
  );
}
