import { Button, Group, Select, Stack, Text, Textarea, TextInput, UnstyledButton } from '@mantine/core';
import { measureOf } from '@relecture/shared/annotations/geometry.js';
import { ANNOTATION_LIMITS } from '@relecture/shared/annotations/schema.js';
import { IconHistory, IconTrash } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { formatShortDateTime } from '../../ui/format';
import { CATEGORIES, type ShownAnnotation } from '../annotate/content';
import { CATEGORY_COLOURS } from '../annotate/paint';
import classes from '../ReadingRoom.module.css';
import type { AnnotationDesk } from '../use-annotation-desk';
import { wordAnnotation, wordMeasure } from '../words';
import { AnnotationTrouble } from './AnnotationTrouble';
import { useSlowField } from './use-slow-field';

interface AnnotationItemProps {
  number: number;
  annotation: ShownAnnotation;
  mpp: number | null;
  selected: boolean;
  editable: boolean;
  desk: AnnotationDesk;
  onShow: () => void;
  onHistory: () => void;
}

export function AnnotationItem(props: AnnotationItemProps) {
  const { t } = useTranslation('viewer');
  const { annotation, selected } = props;
  const measure = measureOf(annotation.shape, props.mpp);
  const words = wordAnnotation(annotation);
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (selected) item.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <li
      ref={item}
      className={classes.annotation}
      data-testid="annotation-item"
      data-state={annotation.state}
      data-selected={selected}
    >
      <UnstyledButton className={classes.annotationHead} aria-expanded={selected} onClick={props.onShow}>
        <span className={classes.swatch} style={{ background: CATEGORY_COLOURS[annotation.category] }} />
        <span style={{ flex: 1, minWidth: 0 }}>
          <Text span fw={600} truncate display="block">
            {props.number}. {words.name}
          </Text>
          <Text span size="xs" c="dimmed" display="block">
            {[
              words.shape,
              measure && wordMeasure(measure),
              annotation.authorName,
              formatShortDateTime(annotation.createdAt),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </span>
        {annotation.state === 'saved' ? null : (
          <Text span size="xs" c="var(--tone-amber)">
            {annotation.deleting ? t('annotations.deleting') : t(`saved.${annotation.state}`)}
          </Text>
        )}
      </UnstyledButton>
      {selected || annotation.state === 'conflict' || annotation.state === 'rejected' ? (
        <div className={classes.annotationBody}>
          <AnnotationTrouble annotation={annotation} mpp={props.mpp} desk={props.desk} />
          {selected && props.editable ? <Editor {...props} /> : null}
          {selected && !props.editable && annotation.note ? (
            <Text className={classes.prose}>{annotation.note}</Text>
          ) : null}
          {selected && annotation.version > 0 ? (
            <Group mt="xs" gap="xs">
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<IconHistory size={16} aria-hidden />}
                onClick={props.onHistory}
              >
                {t('annotations.history')}
              </Button>
              {props.editable ? (
                <Button
                  variant="default"
                  size="compact-sm"
                  leftSection={<IconTrash size={16} aria-hidden />}
                  onClick={() => props.desk.remove(annotation)}
                >
                  {t('annotations.remove')}
                </Button>
              ) : null}
            </Group>
          ) : null}
        </div>
      ) : null}
    </li>
  );
}

function Editor({ annotation, desk }: AnnotationItemProps) {
  const { t } = useTranslation('viewer');
  const label = useSlowField(annotation.label, (text) => desk.edit(annotation, { label: text }));
  const note = useSlowField(annotation.note, (text) => desk.edit(annotation, { note: text }));
  return (
    <Stack gap={6}>
      <TextInput
        label={t('annotations.label')}
        maxLength={ANNOTATION_LIMITS.label}
        value={label.value}
        onChange={(event) => label.onChange(event.currentTarget.value)}
        onBlur={label.commit}
      />
      <Select
        label={t('annotations.category')}
        allowDeselect={false}
        data={CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))}
        value={annotation.category}
        onChange={(value) => {
          const category = CATEGORIES.find((each) => each === value);
          if (category) desk.edit(annotation, { category });
        }}
      />
      <Textarea
        label={t('annotations.note')}
        autosize
        minRows={1}
        maxRows={8}
        maxLength={ANNOTATION_LIMITS.note}
        value={note.value}
        onChange={(event) => note.onChange(event.currentTarget.value)}
        onBlur={note.commit}
      />
    </Stack>
  );
}
