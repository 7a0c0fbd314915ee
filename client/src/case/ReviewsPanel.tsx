import { Button, Group, Text, Title } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { IconMicroscope } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useUser } from '../app/session';
import { Due } from '../ui/Due';
import { formatDate } from '../ui/format';
import { NetworkName } from '../ui/NetworkName';
import { ReviewStatusBadge } from '../ui/StatusBadge';
import { Admission } from './Admission';
import classes from './CaseScreen.module.css';
import { Panel } from './Panel';
import { TurnaroundBar } from './TurnaroundBar';

/** A ladder of one step needs no words. */
const WORTH_SAYING = new Set(['locked', 'not_locked', 'asked', 'unclassifiable', 'third_done']);

/** The readings of the case, side by side: each with its network, reader and clock. */
export function ReviewsPanel({ page }: { page: CasePage }) {
  const { t } = useTranslation('case');
  const { t: ui } = useTranslation('ui');
  const { t: words } = useTranslation('report');
  const user = useUser();
  if (page.reviews.length === 0) {
    if (page.status === 'draft') return null;
    return (
      <Panel title={t('reviews.title')}>
        <Text c="dimmed">{t(`reviews.none.${noneReason(page)}`)}</Text>
      </Panel>
    );
  }
  return (
    <Panel title={t('reviews.title')}>
      <div className={classes.reviews}>
        {page.reviews.map((review, index) => {
          const mine = review.assignment?.reviewer.id === user.id;
          return (
            <article key={review.id} className={classes.review} data-testid="review-card">
              <Title order={3}>
                <NetworkName networkId={review.networkId} />
              </Title>
              <Text size="sm" c="dimmed">
                {ui(review.level === 3 ? 'level.third' : 'level.second')} · {ui(`intent.${review.intent}`)}
              </Text>
              <Group gap="sm" mt={6}>
                <ReviewStatusBadge status={review.status} party={review.party} />
                <Due dueAt={review.dueAt} overdue={review.overdue} onlyLate />
              </Group>
              <Text mt={6}>
                {review.assignment
                  ? t('reviews.reader', {
                      name: review.assignment.reviewer.displayName,
                      organisation: review.assignment.reviewer.organisation,
                    })
                  : review.centre
                    ? t('reviews.centre', { name: review.centre })
                    : t('reviews.noReader')}
              </Text>
              <Admission page={page} review={review} />
              <WhyReviewer review={review} />
              {review.assignment && review.assignment.acceptedAt === null && review.status === 'assigned' ? (
                <Text size="sm" c="dimmed">
                  {t('reviews.notAccepted')}
                </Text>
              ) : null}
              {review.dueAt && review.status !== 'signed' && !review.overdue ? (
                <Text size="sm" c="dimmed">
                  {ui('due.on', { date: formatDate(review.dueAt) })}
                </Text>
              ) : null}
              {review.duePaused && !['signed', 'cancelled'].includes(review.status) ? (
                <Text size="sm" c="dimmed">
                  {ui('due.pausedWhy')}
                </Text>
              ) : null}
              {review.ladder && WORTH_SAYING.has(review.ladder.why) ? (
                <Text size="sm" mt={6}>
                  {words(`ladder.why.${review.ladder.why}`, { markers: review.ladder.markers.join(', ') })}
                </Text>
              ) : null}
              {review.ladder?.session ? <Text size="sm">{words('ladder.session')}</Text> : null}
              {page.turnarounds[index] ? <TurnaroundBar turnaround={page.turnarounds[index]} /> : null}
              {mine && !['cancelled', 'routed'].includes(review.status) ? (
                <Button
                  component={Link}
                  to={`/reviews/${review.id}/read`}
                  mt="sm"
                  leftSection={<IconMicroscope size={16} aria-hidden />}
                >
                  {t(
                    review.status === 'assigned' && review.assignment?.acceptedAt === null
                      ? 'reviews.answer'
                      : 'reviews.open',
                  )}
                </Button>
              ) : null}
            </article>
          );
        })}
      </div>
    </Panel>
  );
}

const SAID = ['wished', 'competent', 'same_region', 'continuity', 'knows_sender', 'lighter_load'] as const;

/** Why this expert: what the choice was made on is kept with the timeline. */
function WhyReviewer({ review }: { review: CasePage['reviews'][number] }) {
  const { t } = useTranslation('case');
  const given = review.timeline.findLast(
    ({ event }) => event === 'review.assigned' || event === 'review.reassigned',
  );
  if (!review.assignment || !given) return null;
  const { how, reason, reasons, load, next } = given.params;
  const codes = SAID.filter((code) => Array.isArray(reasons) && reasons.includes(code));
  const words =
    how === 'coordinator'
      ? typeof reason === 'string' && reason !== ''
        ? t('reviews.why.coordinator', { reason })
        : t('reviews.why.coordinatorOnly')
      : how === 'self'
        ? t('reviews.why.self')
        : codes.length > 0
          ? t('reviews.why.engine', {
              reasons: codes
                .map((code) =>
                  // Assignments kept from before have no figures.
                  code === 'lighter_load' && typeof load === 'number' && typeof next === 'number'
                    ? t('reviews.why.load', { load, next })
                    : t(`reviews.why.codes.${code}`),
                )
                .join(', '),
            })
          : t('reviews.why.available');
  return (
    <Text size="sm" c="dimmed" data-testid="why-reviewer">
      {words}
    </Text>
  );
}

function noneReason(page: CasePage): 'outside' | 'pathway' | 'dispatch' | 'withdrawn' | 'soon' | 'correct' {
  if (page.status === 'clinical_pathway') return page.networks.length > 0 ? 'pathway' : 'outside';
  if (page.status === 'to_dispatch') return 'dispatch';
  if (page.status === 'to_correct') return 'correct';
  return page.status === 'withdrawn' ? 'withdrawn' : 'soon';
}
