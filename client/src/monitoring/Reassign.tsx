import { Button, Progress, Radio, Stack, Text, Textarea, Title } from '@mantine/core';
import { mayBeChosen } from '@relecture/shared/assignments/choose-reviewer.js';
import type { ReviewerCandidate } from '@relecture/shared/assignments/schema.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { assignReview, listCandidates } from '../api/reviews';
import { ErrorState } from '../ui/ErrorState';
import { FormError } from '../ui/FormError';
import { formatNumber } from '../ui/format';
import { PersonName } from '../ui/PersonName';
import { ListSkeleton } from '../ui/Skeletons';
import { tellDone } from '../ui/tell';
import { AssignCentre } from './AssignCentre';
import classes from './monitoring.module.css';
import { overruled, wordReviewerReason } from './reviewer-reasons';

/** Two clicks: the expert, then the verb. The reason is proposed, and may be written anew. */
export function Reassign({ review, onDone }: { review: Review; onDone: () => void }) {
  const { t } = useTranslation(['monitoring', 'ui']);
  const client = useQueryClient();
  const usual = review.assignment === null ? 'none' : review.overdue ? 'late' : 'balance';
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [reason, setReason] = useState(() => t(`panel.reasons.${usual}`));
  const candidates = useQuery({
    queryKey: keys.reviews.candidates(review.id),
    queryFn: () => listCandidates(review.id),
  });
  const chosen = candidates.data?.candidates.find(({ reviewer }) => reviewer.id === chosenId);
  const assign = useMutation({
    mutationFn: (reviewerId: string) => assignReview(review.id, reviewerId, reason.trim()),
    onSuccess: async (_, reviewerId) => {
      const name = candidates.data?.candidates.find(({ reviewer }) => reviewer.id === reviewerId);
      tellDone(t('panel.done', { number: review.caseNumber, name: name?.reviewer.displayName ?? '' }));
      await client.invalidateQueries({ queryKey: keys.reviews.all });
      onDone();
    },
    // Somebody else may have moved it: what is shown is read again.
    onError: () => client.invalidateQueries({ queryKey: keys.reviews.one(review.id) }),
  });
  const currentId = review.assignment?.reviewer.id;
  const others = candidates.data?.candidates.filter(({ reviewer }) => reviewer.id !== currentId) ?? [];

  return (
    <section aria-labelledby="reassign">
      <Title order={3} id="reassign">
        {t(review.assignment ? 'panel.reassign' : 'panel.assign')}
      </Title>
      <Text size="sm" c="dimmed" mb={6}>
        {t('panel.assignAbout')}
      </Text>
      {candidates.isPending ? <ListSkeleton rows={3} /> : null}
      {candidates.isError ? (
        <ErrorState error={candidates.error} onRetry={() => void candidates.refetch()} />
      ) : null}
      {candidates.isSuccess && others.length === 0 ? <Text>{t('panel.noCandidates')}</Text> : null}
      {others.length > 0 ? (
        <Stack gap="sm">
          <Radio.Group value={chosenId} onChange={setChosenId} aria-labelledby="reassign">
            <div className={classes.candidates}>
              {others.map((candidate) => (
                <Candidate key={candidate.reviewer.id} candidate={candidate} />
              ))}
            </div>
          </Radio.Group>
          <Textarea
            label={t('panel.reason')}
            description={t('ui:noName.reason')}
            autosize
            minRows={1}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {chosen && overruled(chosen).length > 0 ? (
            <Text size="sm" c="var(--tone-amber)" role="status">
              {t('panel.warning', { against: overruled(chosen).map(wordReviewerReason).join(', ') })}
            </Text>
          ) : null}
          <FormError error={assign.error} />
          <Button
            disabled={!chosen || reason.trim().length < 3}
            loading={assign.isPending}
            onClick={() => chosen && assign.mutate(chosen.reviewer.id)}
          >
            {chosen ? t('panel.verb', { name: chosen.reviewer.displayName }) : t('panel.choose')}
          </Button>
          <AssignCentre
            review={review}
            centres={candidates.data?.centres ?? []}
            reason={reason}
            onDone={onDone}
          />
        </Stack>
      ) : null}
    </section>
  );
}

function Candidate({ candidate }: { candidate: ReviewerCandidate }) {
  const { t } = useTranslation(['monitoring', 'ui']);
  const { reviewer, load, capacity } = candidate;
  const full = capacity > 0 ? Math.min(100, (load / capacity) * 100) : 100;
  const words = t('panel.load', { load: formatNumber(load), capacity: formatNumber(capacity) });
  return (
    <Radio.Card
      value={reviewer.id}
      disabled={!mayBeChosen(candidate)}
      className={classes.candidate}
      data-testid="candidate"
    >
      <Radio.Indicator mt={3} />
      <span className={classes.candidateWords}>
        <span className={classes.candidateHead}>
          <span>
            <PersonName person={reviewer} withOrganisation />
          </span>
          <span className={classes.load}>{words}</span>
        </span>
        <Progress value={full} size={4} aria-label={words} component="span" />
        <span className={classes.reasons}>
          {candidate.for.map((reason) => (
            <span key={reason.code} data-side="for">
              <IconPlus size={14} aria-hidden /> {wordReviewerReason(reason)}
            </span>
          ))}
          {candidate.against.map((reason) => (
            <span key={reason.code} data-side="against">
              <IconMinus size={14} aria-hidden /> {wordReviewerReason(reason)}
            </span>
          ))}
        </span>
      </span>
    </Radio.Card>
  );
}
