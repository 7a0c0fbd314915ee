import { ActionIcon, Button, Group, Text, Tooltip } from '@mantine/core';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../ui/ErrorState';
import { formatNumber } from '../../ui/format';
import { ListSkeleton } from '../../ui/Skeletons';
import type { ShownAnnotation } from '../annotate/content';
import classes from '../ReadingRoom.module.css';
import type { AnnotationDesk } from '../use-annotation-desk';
import { AnnotationHistory } from './AnnotationHistory';
import { AnnotationItem } from './AnnotationItem';

interface AnnotationsPanelProps {
  desk: AnnotationDesk;
  slide: Slide | null;
  editable: boolean;
  onShow: (annotation: ShownAnnotation) => void;
}

/** A list of thousands would be slower to lay out than to draw: it is shown by portions. */
const PORTION = 150;

export function AnnotationsPanel({ desk, slide, editable, onShow }: AnnotationsPanelProps) {
  const { t } = useTranslation('viewer');
  const [portions, setPortions] = useState(1);
  const [historyOf, setHistoryOf] = useState<string | null>(null);
  const { annotations, selectedId } = desk;
  if (!slide) return <Text c="dimmed">{t('stage.nothing')}</Text>;
  if (desk.list.isPending && annotations.length === 0) return <ListSkeleton rows={4} />;

  const at = annotations.findIndex((each) => each.id === selectedId);
  const shown = annotations.slice(0, Math.max(portions * PORTION, at + 1));
  const step = (by: 1 | -1) => {
    const next = annotations[at < 0 && by < 0 ? annotations.length - 1 : at + by];
    if (next) onShow(next);
  };
  return (
    <>
      {desk.list.isError ? (
        <ErrorState error={desk.list.error} onRetry={() => void desk.list.refetch()} />
      ) : null}
      <Group justify="space-between" mb="xs">
        <Text c="dimmed" size="sm">
          {t('annotations.count', { count: annotations.length, shown: formatNumber(annotations.length) })}
        </Text>
        <Group gap={4}>
          <Step
            label={t('annotations.previous')}
            disabled={annotations.length === 0}
            onClick={() => step(-1)}
          >
            <IconChevronUp size={18} aria-hidden />
          </Step>
          <Step label={t('annotations.next')} disabled={annotations.length === 0} onClick={() => step(1)}>
            <IconChevronDown size={18} aria-hidden />
          </Step>
        </Group>
      </Group>
      {annotations.length === 0 ? (
        <Text c="dimmed">{editable ? t('annotations.empty') : t('annotations.emptyReadOnly')}</Text>
      ) : (
        <ol className={classes.annotationList}>
          {shown.map((annotation, index) => (
            <AnnotationItem
              key={annotation.id}
              number={index + 1}
              annotation={annotation}
              mpp={slide.mpp}
              selected={annotation.id === selectedId}
              editable={editable}
              desk={desk}
              onShow={() => onShow(annotation)}
              onHistory={() => setHistoryOf(annotation.id)}
            />
          ))}
        </ol>
      )}
      {shown.length < annotations.length ? (
        <Button variant="default" fullWidth mt="sm" onClick={() => setPortions(portions + 1)}>
          {t('annotations.more', { count: Math.min(PORTION, annotations.length - shown.length) })}
        </Button>
      ) : null}
      {historyOf ? (
        <AnnotationHistory
          slide={slide}
          annotationId={historyOf}
          onClose={() => setHistoryOf(null)}
          onRestore={editable ? (content) => desk.restore(historyOf, content) : null}
        />
      ) : null}
    </>
  );
}

function Step(props: { label: string; disabled: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon color="gray.3" aria-label={props.label} disabled={props.disabled} onClick={props.onClick}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}
