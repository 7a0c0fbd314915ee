import { Button, Group, Text } from '@mantine/core';
import { measureOf } from '@relecture/shared/annotations/geometry.js';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../api/problem';
import { Note } from '../../report/Note';
import { wordProblem } from '../../ui/problem-words';
import type { AnnotationContent, ShownAnnotation } from '../annotate/content';
import classes from '../ReadingRoom.module.css';
import type { AnnotationDesk } from '../use-annotation-desk';
import { wordAnnotation, wordMeasure } from '../words';

interface AnnotationTroubleProps {
  annotation: ShownAnnotation;
  mpp: number | null;
  desk: AnnotationDesk;
}

/** Two versions, or a refusal: what each says, and a choice that loses nothing (the other one stays in the history). */
export function AnnotationTrouble({ annotation, mpp, desk }: AnnotationTroubleProps) {
  const { t } = useTranslation('viewer');
  if (annotation.state === 'rejected') {
    const words = wordProblem(new ApiProblem({ status: 422, code: annotation.problemCode ?? 'UNEXPECTED' }));
    return (
      <Note tone="red" icon={<IconAlertTriangle size={20} />} title={words.title} role="alert">
        <Text size="sm">{t('trouble.rejected')}</Text>
        <Group gap="xs" mt="xs">
          <Button size="compact-sm" onClick={() => desk.resolve(annotation, 'mine')}>
            {t('trouble.again')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => desk.resolve(annotation, 'theirs')}>
            {t('trouble.giveUp')}
          </Button>
        </Group>
      </Note>
    );
  }
  if (annotation.state !== 'conflict' || annotation.theirs === undefined) return null;
  return (
    <Note tone="red" icon={<IconAlertTriangle size={20} />} title={t('trouble.conflict')} role="alert">
      <div className={classes.versions}>
        <Version title={t('trouble.mine')} content={annotation.deleting ? null : annotation} mpp={mpp} />
        <Version title={t('trouble.theirs')} content={annotation.theirs} mpp={mpp} />
      </div>
      <Group gap="xs" mt="xs">
        <Button size="compact-sm" onClick={() => desk.resolve(annotation, 'mine')}>
          {t('trouble.keepMine')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => desk.resolve(annotation, 'theirs')}>
          {t('trouble.keepTheirs')}
        </Button>
        {annotation.deleting || annotation.theirs === null ? null : (
          <Button size="compact-sm" variant="default" onClick={() => desk.resolve(annotation, 'both')}>
            {t('trouble.keepBoth')}
          </Button>
        )}
      </Group>
    </Note>
  );
}

function Version(props: { title: string; content: AnnotationContent | null; mpp: number | null }) {
  const { t } = useTranslation('viewer');
  const { content } = props;
  const measure = content && measureOf(content.shape, props.mpp);
  return (
    <div className={classes.version}>
      <Text size="sm" fw={600}>
        {props.title}
      </Text>
      <Text size="sm">
        {content
          ? [wordAnnotation(content).name, measure && wordMeasure(measure)].filter(Boolean).join(' · ')
          : t('trouble.deleted')}
      </Text>
      {content?.note ? (
        <Text size="xs" className={classes.prose}>
          {content.note}
        </Text>
      ) : null}
    </div>
  );
}
