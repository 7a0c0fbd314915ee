import { Text } from '@mantine/core';
import { measureOf } from '@relecture/shared/annotations/geometry.js';
import type { Shape } from '@relecture/shared/annotations/schema.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listAnnotations } from '../api/annotations';
import { keys } from '../api/keys';
import { wordAnnotation, wordMeasure } from '../viewer/words';
import classes from './report.module.css';

/** More than this is counted, not listed. */
const NAMED = 12;

const sizeOf = (shape: Shape, mpp: number | null): string => {
  const measure = measureOf(shape, mpp);
  return measure ? wordMeasure(measure) : '';
};

/** What the signature will fix for good: each slide's bytes, and each annotation in its present version. */
export function SealedList({ caseRecord, review }: { caseRecord: CasePage; review: Review }) {
  const { t } = useTranslation(['report', 'viewer']);
  const slides = caseRecord.slides.filter((slide) => slide.state === 'ready');
  const lists = useQueries({
    queries: slides.map((slide) => ({
      queryKey: [...keys.slides.annotations(slide.id, review.id), 'sealed'],
      queryFn: () => listAnnotations(slide.id, review.id),
      staleTime: 0,
    })),
  });
  if (slides.length === 0) return <Text>{t('signature.noSlides')}</Text>;
  return (
    <ul className={classes.gaps}>
      {slides.map((slide, index) => {
        const annotations = (lists[index]?.data?.items ?? [])
          .filter((each) => !each.deleted)
          // Numbered as in the reading room's list.
          .sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
        return (
          <li key={slide.id}>
            {slide.stain || t('viewer:tray.noStain')}
            {slide.block ? ` · ${t('viewer:tray.block', { block: slide.block })}` : ''}
            {annotations.length > 0 ? (
              <ul className={classes.gaps}>
                {annotations.slice(0, NAMED).map((annotation, at) => {
                  const { name, shape } = wordAnnotation(annotation);
                  const facts = [shape, sizeOf(annotation.shape, slide.mpp)].filter(Boolean).join(', ');
                  return (
                    <li key={annotation.id}>
                      {at + 1}. {name}
                      {facts ? ` (${facts})` : ''}, {t('signature.version', { version: annotation.version })}
                    </li>
                  );
                })}
                {annotations.length > NAMED ? (
                  <li>{t('signature.more', { count: annotations.length - NAMED })}</li>
                ) : null}
              </ul>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
