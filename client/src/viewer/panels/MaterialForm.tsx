import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Modal,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { materialItem } from '@relecture/shared/materials/schema.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../../api/keys';
import { askMaterial } from '../../api/materials';
import { FormError } from '../../ui/FormError';
import { tellDone } from '../../ui/tell';
import type { SlideView } from '../slide/slide-view';

const KINDS = materialItem.shape.kind.options;

interface MaterialFormProps {
  review: Review;
  slide: Slide | null;
  view: SlideView | null;
  onClose: () => void;
}

/** Asks the sender for a stain, a block, a deeper level …; the review then waits, and the clock is the sender's. */
export function MaterialForm({ review, slide, view, onClose }: MaterialFormProps) {
  const { t } = useTranslation(['viewer', 'ui']);
  const client = useQueryClient();
  const [items, setItems] = useState([{ id: 0, kind: KINDS[0] as (typeof KINDS)[number], detail: '' }]);
  const [reason, setReason] = useState('');
  const [pinned, setPinned] = useState(slide !== null);
  // The field that was in view when the form opened, whatever is panned behind it.
  const [at] = useState(() => (view?.open ? view.centre() : null));
  const ask = useMutation({
    mutationFn: () =>
      askMaterial(review.id, {
        items: items.map(({ kind, detail }) => ({ kind, detail })),
        reason: reason.trim(),
        pin: pinned && slide && at ? { slideId: slide.id, at: [at[0], at[1]] } : null,
      }),
    onSuccess: () => {
      tellDone(t('material.asked'));
      void client.invalidateQueries({ queryKey: keys.reviews.one(review.id) });
      void client.invalidateQueries({ queryKey: keys.cases.one(review.caseId) });
      onClose();
    },
  });
  const change = (id: number, part: Partial<(typeof items)[number]>) =>
    setItems(items.map((item) => (item.id === id ? { ...item, ...part } : item)));
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('material.ask')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack>
        <Text c="dimmed">{t('material.explain')}</Text>
        {items.map((item, index) => (
          <Group key={item.id} align="flex-end" wrap="nowrap">
            <Select
              label={index === 0 ? t('material.what') : undefined}
              aria-label={t('material.what')}
              allowDeselect={false}
              data={KINDS.map((value) => ({ value, label: t(`material.kind.${value}`) }))}
              value={item.kind}
              onChange={(value) => {
                const kind = KINDS.find((each) => each === value);
                if (kind) change(item.id, { kind });
              }}
            />
            <TextInput
              style={{ flex: 1 }}
              label={index === 0 ? t('material.detail') : undefined}
              aria-label={t('material.detail')}
              placeholder={t(`material.example.${item.kind}`)}
              value={item.detail}
              onChange={(event) => change(item.id, { detail: event.currentTarget.value })}
            />
            {items.length > 1 ? (
              <ActionIcon
                size="lg"
                aria-label={t('material.removeLine')}
                onClick={() => setItems(items.filter((each) => each.id !== item.id))}
              >
                <IconX size={18} aria-hidden />
              </ActionIcon>
            ) : null}
          </Group>
        ))}
        <Button
          variant="subtle"
          style={{ alignSelf: 'flex-start' }}
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() =>
            setItems([
              ...items,
              { id: Math.max(...items.map((each) => each.id)) + 1, kind: 'stain', detail: '' },
            ])
          }
        >
          {t('material.addLine')}
        </Button>
        <Textarea
          label={t('material.reason')}
          required
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {slide && at ? (
          <Checkbox
            label={t('material.pin', { slide: slide.stain || t('tray.noStain') })}
            checked={pinned}
            onChange={(event) => setPinned(event.currentTarget.checked)}
          />
        ) : null}
        <FormError error={ask.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('ui:cancel')}
          </Button>
          <Button disabled={reason.trim().length < 3} loading={ask.isPending} onClick={() => ask.mutate()}>
            {t('material.send')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
