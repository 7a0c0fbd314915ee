import { Button, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { room } from '@relecture/shared/events/sockets.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { IconFolder } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { keys } from '../api/keys';
import { readReview } from '../api/reviews';
import { wordedAs } from '../case/timeline-words';
import { useRoom } from '../realtime/hooks';
import { Due } from '../ui/Due';
import { ErrorState } from '../ui/ErrorState';
import { formatDateTime } from '../ui/format';
import { Lacks } from '../ui/Lacks';
import { NetworkName } from '../ui/NetworkName';
import { useNetworkName } from '../ui/networks';
import { ListSkeleton } from '../ui/Skeletons';
import { ReviewStatusBadge } from '../ui/StatusBadge';
import classes from './monitoring.module.css';
import { ProbablyLateNote } from './ProbablyLate';
import { Reassign } from './Reassign';
import { Session } from './Session';

const REASSIGNABLE = new Set<Review['status']>([
  'admitted',
  'assigned',
  'in_review',
  'on_hold',
  'preliminary',
]);

interface ReviewPanelProps {
  reviewId: string | null;
  onClose: () => void;
}

/** Beside the board: where the review stands, who may read it, what happened. */
export function ReviewPanel({ reviewId, onClose }: ReviewPanelProps) {
  const { t } = useTranslation('monitoring');
  const { t: ui } = useTranslation('ui');
  const review = useQuery({
    queryKey: keys.reviews.one(reviewId ?? ''),
    queryFn: () => readReview(reviewId ?? ''),
    enabled: reviewId !== null,
  });
  useRoom(review.data && reviewId ? room.case(review.data.caseId) : null);
  return (
    <Drawer
      opened={reviewId !== null}
      onClose={onClose}
      position="right"
      size={480}
      title={review.data ? t('panel.title', { number: review.data.caseNumber }) : t('list.title')}
      closeButtonProps={{ 'aria-label': ui('close') }}
      overlayProps={{ backgroundOpacity: 0.15 }}
    >
      {review.isPending ? <ListSkeleton /> : null}
      {review.isError ? <ErrorState error={review.error} onRetry={() => void review.refetch()} /> : null}
      {review.data ? <Content key={review.data.id} review={review.data} onDone={onClose} /> : null}
    </Drawer>
  );
}

function Content({ review, onDone }: { review: Review; onDone: () => void }) {
  const { t } = useTranslation('monitoring');
  const { t: ui } = useTranslation('ui');
  const { t: caseWords } = useTranslation('case');
  return (
    <Stack gap="md">
      <div>
        <Group justify="space-between" align="flex-start">
          <div>
            <Text fw={600}>
              <NetworkName networkId={review.networkId} />
            </Text>
            <Text size="sm" c="dimmed">
              {ui(review.level === 3 ? 'level.third' : 'level.second')} · {ui(`intent.${review.intent}`)}
              {review.urgency === 'urgent' ? ` · ${ui('urgency.urgent')}` : ''}
            </Text>
          </div>
          <Button
            component={Link}
            to={`/cases/${review.caseId}`}
            variant="default"
            size="xs"
            leftSection={<IconFolder size={16} aria-hidden />}
          >
            {t('panel.seeCase')}
          </Button>
        </Group>
        <Group gap="md" mt={8}>
          <ReviewStatusBadge status={review.status} party={review.party} />
          <Due dueAt={review.dueAt} overdue={review.overdue} onlyLate />
          {review.dueAt && !review.overdue && review.status !== 'signed' ? (
            <Text size="sm">{ui('due.on', { date: formatDateTime(review.dueAt) })}</Text>
          ) : null}
          {review.duePaused && !['signed', 'cancelled'].includes(review.status) ? (
            <Text size="sm">{ui('due.pausedWhy')}</Text>
          ) : null}
        </Group>
        {review.forecast ? <ProbablyLateNote forecast={review.forecast} /> : null}
        <Lacks lacks={review.lacks} />
        {review.assignment ? (
          <Text mt={8}>
            {t('panel.current', {
              name: review.assignment.reviewer.displayName,
              organisation: review.assignment.reviewer.organisation,
            })}
          </Text>
        ) : review.centre ? (
          <Text mt={8}>{caseWords('reviews.centre', { name: review.centre })}</Text>
        ) : null}
      </div>
      {REASSIGNABLE.has(review.status) ? <Reassign review={review} onDone={onDone} /> : null}
      <Session review={review} />
      <Timeline review={review} />
    </Stack>
  );
}

function Timeline({ review }: { review: Review }) {
  const { t } = useTranslation('monitoring');
  const { t: words } = useTranslation('case');
  const networkName = useNetworkName();
  return (
    <section aria-labelledby="review-timeline">
      <Title order={3} id="review-timeline" mb={6}>
        {t('panel.timeline')}
      </Title>
      <ol className={classes.timeline}>
        {review.timeline.toReversed().map((entry) => {
          const text = (name: string) => {
            const value = entry.params[name];
            return typeof value === 'string' ? value : '';
          };
          return (
            <li key={entry.id}>
              <Text size="sm" c="dimmed">
                <time dateTime={entry.at}>{formatDateTime(entry.at)}</time>
                {entry.by ? ` · ${entry.by.displayName}` : ''}
              </Text>
              <Text>
                {words(`timeline.${wordedAs(entry)}`, {
                  reviewer: text('reviewer'),
                  centre: text('centre'),
                  former: text('formerReviewer'),
                  network: networkName(review.networkId),
                  stain: '',
                })}
              </Text>
              {text('reason') ? (
                <Text size="sm" c="dimmed">
                  {words('timeline.reason', { reason: text('reason') })}
                </Text>
              ) : entry.params.reasonWithheld === true ? (
                <Text size="sm" c="dimmed">
                  {words('timeline.reasonWithheld')}
                </Text>
              ) : null}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
