import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { measureOf } from '@relecture/shared/annotations/geometry.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { readAnnotationHistory } from '../../api/annotations';
import { keys } from '../../api/keys';
import { ErrorState } from '../../ui/ErrorState';
import { formatDateTime } from '../../ui/format';
import { PersonName } from '../../ui/PersonName';
import { ListSkeleton } from '../../ui/Skeletons';
import type { AnnotationContent } from '../annotate/content';
import classes from '../ReadingRoom.module.css';
import { wordAnnotation, wordMeasure } from '../words';

interface AnnotationHistoryProps {
  slide: Slide;
  annotationId: string;
  onClose: () => void;
  onRestore: ((content: AnnotationContent) => void) | null;
}

/** Every version ever saved, newest first; any of them can be put back, as a new one. */
export function AnnotationHistory({ slide, annotationId, onClose, onRestore }: AnnotationHistoryProps) {
  const { t } = useTranslation(['viewer', 'ui']);
  const history = useQuery({
    queryKey: keys.slides.history(slide.id, annotationId),
    queryFn: () => readAnnotationHistory(slide.id, annotationId),
    staleTime: 0,
  });
  const versions = [...(history.data?.items ?? [])].sort((a, b) => b.version - a.version);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('history.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      {history.isError ? <ErrorState error={history.error} onRetry={() => void history.refetch()} /> : null}
      {history.isPending ? <ListSkeleton rows={3} /> : null}
      <Stack component="ol" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
        {versions.map((version, index) => {
          const measure = measureOf(version.shape, slide.mpp);
          const words = wordAnnotation(version);
          return (
            <li key={version.version} className={classes.version}>
              <Group justify="space-between" wrap="nowrap">
                <div>
                  <Text fw={600}>
                    {t('history.version', { version: version.version })} · {t(`history.${version.action}`)}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {formatDateTime(version.at)} · <PersonName person={version.by} />
                  </Text>
                  <Text size="sm">
                    {[words.name, words.shape, measure && wordMeasure(measure)].filter(Boolean).join(' · ')}
                  </Text>
                  {version.note ? (
                    <Text size="sm" className={classes.prose}>
                      {version.note}
                    </Text>
                  ) : null}
                </div>
                {onRestore && index > 0 && version.action !== 'deleted' ? (
                  <Button
                    variant="default"
                    onClick={() => {
                      onRestore(version);
                      onClose();
                    }}
                  >
                    {t('history.restore')}
                  </Button>
                ) : null}
              </Group>
            </li>
          );
        })}
      </Stack>
    </Modal>
  );
}
