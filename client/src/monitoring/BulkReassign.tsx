import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { BULK_MAX, type BulkChoice, type BulkPreviewBody } from '@relecture/shared/assignments/schema.js';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { assignInBulk, previewBulk } from '../api/reviews';
import { ErrorState } from '../ui/ErrorState';
import { FormError } from '../ui/FormError';
import { ListSkeleton } from '../ui/Skeletons';
import { tellDone } from '../ui/tell';
import { BulkTable } from './BulkTable';

interface BulkReassignProps {
  asked: BulkPreviewBody | null;
  onClose: () => void;
}

/** First what would happen to each reading, and why; then one reason, and what became of each. */
export function BulkReassign({ asked, onClose }: BulkReassignProps) {
  const { t } = useTranslation('monitoring');
  const { t: ui } = useTranslation('ui');
  const preview = useQuery({
    queryKey: keys.bulk(asked),
    queryFn: () => previewBulk(asked ?? { reviewIds: [] }),
    enabled: asked !== null,
    // What is agreed to is what was shown: asked anew each time, and never behind the coordinator's back.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return (
    <Modal
      opened={asked !== null}
      onClose={onClose}
      title={t('bulk.title')}
      size={960}
      closeButtonProps={{ 'aria-label': ui('close') }}
    >
      {preview.isFetching ? <ListSkeleton rows={4} /> : null}
      {preview.isError ? <ErrorState error={preview.error} onRetry={() => void preview.refetch()} /> : null}
      {preview.data && !preview.isFetching && asked ? (
        <Proposal
          items={preview.data.items}
          more={preview.data.more}
          absence={'reviewerId' in asked}
          onAgain={() => void preview.refetch()}
          onDone={onClose}
        />
      ) : null}
    </Modal>
  );
}

interface ProposalProps {
  items: BulkChoice[];
  more: boolean;
  absence: boolean;
  onAgain: () => void;
  onDone: () => void;
}

function Proposal({ items, more, absence, onAgain, onDone }: ProposalProps) {
  const { t } = useTranslation(['monitoring', 'ui']);
  const client = useQueryClient();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState(() => t(`bulk.reasons.${absence ? 'absence' : 'balance'}`));
  const moves = items.flatMap(({ reviewId, version, to }) =>
    to && !left.has(reviewId) ? [{ reviewId, version, reviewerId: to.reviewer.id }] : [],
  );
  const carryOut = useMutation({
    mutationFn: () => assignInBulk({ reason: reason.trim(), items: moves }),
    onSuccess: (result) => {
      const moved = result.items.filter(({ outcome }) => outcome === 'moved').length;
      if (moved > 0) tellDone(t('bulk.done', { count: moved }));
      if (moved === result.items.length) onDone();
    },
    // Also after a refusal half-way: what is shown beside is read again.
    onSettled: () => client.invalidateQueries({ queryKey: keys.reviews.all }),
  });
  const kept = carryOut.data?.items.filter(({ outcome }) => outcome !== 'moved') ?? [];
  if (items.length === 0) return <Text>{t('bulk.nothing')}</Text>;
  if (carryOut.isSuccess) {
    const numberOf = new Map(items.map(({ reviewId, caseNumber }) => [reviewId, caseNumber]));
    return (
      <Stack gap="sm">
        <Text role="alert">{t('bulk.kept', { count: kept.length })}</Text>
        <ul>
          {kept.map(({ reviewId, outcome }) => (
            <li key={reviewId}>
              {numberOf.get(reviewId)} : {outcome === 'moved' ? '' : t(`bulk.outcome.${outcome}`)}
            </li>
          ))}
        </ul>
        <Group>
          <Button onClick={onAgain}>{t('bulk.again')}</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('bulk.about')}
      </Text>
      {more ? <Text size="sm">{t('bulk.more', { count: BULK_MAX })}</Text> : null}
      <BulkTable
        items={items}
        left={left}
        onToggle={(reviewId, moves) =>
          setLeft((before) => {
            const after = new Set(before);
            if (moves) after.delete(reviewId);
            else after.add(reviewId);
            return after;
          })
        }
      />
      <Textarea
        label={t('bulk.reason')}
        description={t('ui:noName.reason')}
        autosize
        minRows={1}
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <FormError error={carryOut.error} />
      <Group>
        <Button
          disabled={moves.length === 0 || reason.trim().length < 3}
          loading={carryOut.isPending}
          onClick={() => carryOut.mutate()}
        >
          {t('bulk.confirm', { count: moves.length })}
        </Button>
      </Group>
    </Stack>
  );
}
