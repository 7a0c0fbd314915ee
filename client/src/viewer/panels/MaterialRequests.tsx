import { Button, Group, Stack, Text } from '@mantine/core';
import type { Point } from '@relecture/shared/annotations/geometry.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../../api/keys';
import { cancelMaterial } from '../../api/materials';
import { ConfirmAction } from '../../ui/ConfirmAction';
import { formatDateTime } from '../../ui/format';
import classes from '../ReadingRoom.module.css';
import type { SlideView } from '../slide/slide-view';

interface MaterialRequestsProps {
  caseRecord: CasePage;
  review: Review;
  mine: boolean;
  slide: Slide | null;
  view: SlideView | null;
  onOpenSlide: (slideId: string, at?: Point) => void;
}

/** What was asked from the sender in this review, and what came of it. */
export function MaterialRequests(props: MaterialRequestsProps) {
  const { t } = useTranslation(['viewer', 'case']);
  const client = useQueryClient();
  const [cancelling, setCancelling] = useState<string | null>(null);
  const { caseRecord, review, view, slide } = props;
  const requests = caseRecord.materialRequests.filter((request) => request.reviewId === review.id);
  if (requests.length === 0) return <Text c="dimmed">{t('material.none')}</Text>;
  return (
    <Stack gap="xs" mb="xs">
      {requests.map((request) => (
        <div key={request.id} className={classes.version}>
          <Text fw={600}>{t(`material.status.${request.status}`)}</Text>
          <Text size="xs" c="dimmed">
            {formatDateTime(request.askedAt)}
          </Text>
          <ul>
            {request.items.map((item) => (
              <li key={`${item.kind} ${item.detail}`}>
                {item.detail
                  ? t('pair', { name: t(`material.kind.${item.kind}`), value: item.detail })
                  : t(`material.kind.${item.kind}`)}
              </li>
            ))}
          </ul>
          <Text className={classes.prose}>{request.reason ?? t('case:timeline.reasonWithheld')}</Text>
          {request.answer ? (
            <Text className={classes.prose} mt={4}>
              {request.answer.unavailable ? `${t('material.unavailable')} ` : ''}
              {request.answer.comment}
            </Text>
          ) : null}
          <Group gap="xs" mt={4}>
            {request.pin ? (
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => {
                  const pin = request.pin;
                  if (!pin) return;
                  if (pin.slideId === slide?.id) view?.showField(pin.at);
                  else props.onOpenSlide(pin.slideId, pin.at);
                }}
              >
                {t('material.showPin')}
              </Button>
            ) : null}
            {props.mine && request.status === 'open' ? (
              <Button size="compact-sm" variant="default" onClick={() => setCancelling(request.id)}>
                {t('material.cancel')}
              </Button>
            ) : null}
          </Group>
        </div>
      ))}
      <ConfirmAction
        opened={cancelling !== null}
        onClose={() => setCancelling(null)}
        title={t('material.cancelTitle')}
        verb={t('material.cancel')}
        onConfirm={async () => {
          if (cancelling) await cancelMaterial(cancelling);
          await client.invalidateQueries({ queryKey: keys.cases.one(caseRecord.id) });
          await client.invalidateQueries({ queryKey: keys.reviews.one(review.id) });
        }}
      >
        <Text>{t('material.cancelExplain')}</Text>
      </ConfirmAction>
    </Stack>
  );
}
