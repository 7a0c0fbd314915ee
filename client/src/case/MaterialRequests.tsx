import { Button, Checkbox, Stack, Text, Textarea } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { MaterialRequest } from '@relecture/shared/materials/schema.js';
import { stainAsked } from '@relecture/shared/materials/stain-asked.js';
import { IconMicroscope } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { keys } from '../api/keys';
import { answerMaterial } from '../api/materials';
import { ShipmentForm } from '../submission/ShipmentForm';
import { SlidesPart } from '../submission/SlidesPart';
import { FormError } from '../ui/FormError';
import { formatDateTime } from '../ui/format';
import { readAddress } from '../viewer/use-asked-field';
import classes from './CaseScreen.module.css';
import { Panel } from './Panel';

/** What the expert asked for: while one is open, the reading waits for the sender; the others are history. */
export function MaterialRequests({ page, open }: { page: CasePage; open: boolean }) {
  const { t } = useTranslation(['case', 'viewer']);
  const requests = page.materialRequests
    .filter(({ status }) => (status === 'open') === open)
    .toSorted((a, b) => (a.askedAt < b.askedAt ? 1 : -1));
  if (requests.length === 0) return null;
  return (
    <Panel
      title={t(open ? 'material.title' : 'material.past')}
      className={open ? classes.urgent : undefined}
      testId={open ? 'material-requests' : 'past-material-requests'}
    >
      <Stack gap="md">
        {requests.map((request) => (
          <article key={request.id} className={classes.review}>
            <Text size="sm" c="dimmed">
              {t('material.asked', {
                name: request.askedBy.displayName,
                date: formatDateTime(request.askedAt),
              })}
            </Text>
            <ul style={{ margin: '4px 0', paddingLeft: 18 }}>
              {request.items.map((item) => (
                <li key={`${item.kind} ${item.detail}`}>
                  {item.detail
                    ? t('viewer:pair', { name: t(`viewer:material.kind.${item.kind}`), value: item.detail })
                    : t(`viewer:material.kind.${item.kind}`)}
                </li>
              ))}
            </ul>
            {request.reason === null ? (
              <Text c="dimmed">{t('timeline.reasonWithheld')}</Text>
            ) : (
              <Text style={{ whiteSpace: 'pre-line' }}>{request.reason}</Text>
            )}
            <FieldAsked request={request} page={page} />
            <Answered request={request} page={page} />
            {request.status === 'open' && page.permissions.includes('answer_material') ? (
              <Answer request={request} page={page} />
            ) : null}
          </article>
        ))}
      </Stack>
    </Panel>
  );
}

/** The field the expert had before the eyes: the same slide, at the same place. */
function FieldAsked({ request, page }: { request: MaterialRequest; page: CasePage }) {
  const { t } = useTranslation('case');
  const { pin } = request;
  const slide = page.slides.find(({ id, state }) => id === pin?.slideId && state === 'ready');
  if (!pin || !slide) return null;
  return (
    <Button
      component={Link}
      to={readAddress(request.reviewId, slide.id, pin.at)}
      variant="default"
      size="compact-sm"
      mt={6}
      leftSection={<IconMicroscope size={16} aria-hidden />}
    >
      {t('material.field', { slide: slide.stain || t('slides.noStain') })}
    </Button>
  );
}

function Answered({ request, page }: { request: MaterialRequest; page: CasePage }) {
  const { t } = useTranslation('case');
  if (request.status === 'open')
    return (
      <Text size="sm" c="var(--tone-amber)" fw={500} mt={6}>
        {t('material.waiting', { organisation: page.organisation.name })}
      </Text>
    );
  if (request.status === 'cancelled')
    return (
      <Text size="sm" c="dimmed" mt={6}>
        {t('material.cancelled')}
      </Text>
    );
  const { answer } = request;
  return (
    <Text size="sm" mt={6}>
      {t('material.answered', {
        name: request.answeredBy?.displayName ?? '',
        date: request.answeredAt ? formatDateTime(request.answeredAt) : '',
      })}{' '}
      {answer?.unavailable ? t('material.wasUnavailable') : ''}
      {answer && answer.slideIds.length > 0
        ? t('material.gaveSlides', { count: answer.slideIds.length })
        : ''}
      {answer?.shipmentId ? ` ${t('material.gaveShipment')}` : ''} {answer?.comment}
    </Text>
  );
}

/** The answer: slides, a parcel, a word, or that it cannot be given. */
function Answer({ request, page }: { request: MaterialRequest; page: CasePage }) {
  const { t } = useTranslation('case');
  const client = useQueryClient();
  const [comment, setComment] = useState('');
  const [unavailable, setUnavailable] = useState(false);
  const [parcel, setParcel] = useState(false);
  const slides = page.slides.filter(
    (slide) => slide.addedAt > request.askedAt && !['rejected', 'removed'].includes(slide.state),
  );
  const shipment = page.shipments.find((item) => item.materialRequestId === request.id);
  const ready = unavailable || slides.length > 0 || shipment !== undefined || comment.trim() !== '';
  const answer = useMutation({
    mutationFn: () =>
      answerMaterial(request.id, {
        comment: comment.trim(),
        unavailable,
        slideIds: unavailable ? [] : slides.map((slide) => slide.id),
        shipmentId: unavailable ? null : (shipment?.id ?? null),
      }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.cases.one(page.id) }),
        client.invalidateQueries({ queryKey: keys.cases.all }),
      ]),
  });
  return (
    <Stack gap="sm" mt="sm">
      {unavailable ? null : (
        <>
          <SlidesPart
            getCaseId={async () => page.id}
            caseId={page.id}
            slides={slides}
            stain={stainAsked(request.items)}
          />
          {shipment ? (
            <Text size="sm">{t('material.shipmentDeclared')}</Text>
          ) : parcel ? (
            <ShipmentForm
              getCaseId={async () => page.id}
              block=""
              materialRequestId={request.id}
              mayLeave
              onDeclared={() => setParcel(false)}
              onCancel={() => setParcel(false)}
            />
          ) : (
            <Button
              variant="subtle"
              size="compact-sm"
              style={{ alignSelf: 'flex-start' }}
              onClick={() => setParcel(true)}
            >
              {t('material.byParcel')}
            </Button>
          )}
        </>
      )}
      <Textarea
        label={t('material.comment')}
        autosize
        minRows={2}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <Checkbox
        label={t('material.unavailable')}
        checked={unavailable}
        onChange={(event) => setUnavailable(event.currentTarget.checked)}
      />
      <FormError error={answer.error} />
      <Button
        style={{ alignSelf: 'flex-start' }}
        disabled={!ready}
        loading={answer.isPending}
        onClick={() => answer.mutate()}
      >
        {t('material.answer')}
      </Button>
    </Stack>
  );
}
