import { Button, Group, Text, TextInput } from '@mantine/core';
import type { CompareLabelBody } from '@relecture/shared/slides/checks.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { compareLabel, labelAddress, macroAddress, readLabelCheck } from '../api/slides';
import { formatDate, formatDateTime, formatList } from '../ui/format';
import { tellProblem } from '../ui/tell';
import classes from './SlideLog.module.css';

interface SlideLabelCheckProps {
  slide: Slide;
  mayCompare: boolean;
  onChanged: () => void;
}

/** The photograph of the label, what its code says, and the comparison by eye where there is none. */
export function SlideLabelCheck({ slide, mayCompare, onChanged }: SlideLabelCheckProps) {
  const { t } = useTranslation('ui');
  const client = useQueryClient();
  const [says, setSays] = useState('');
  const queryKey = [...keys.slides.label(slide.id), slide.version];
  const { data: label } = useQuery({ queryKey, queryFn: () => readLabelCheck(slide.id) });
  const compare = useMutation({
    mutationFn: (body: CompareLabelBody) => compareLabel(slide.id, body),
    onSuccess: (answer) => {
      client.setQueryData(queryKey, answer);
      setSays('');
      onChanged();
    },
    onError: tellProblem,
  });
  const image = slide.hasLabel
    ? { src: labelAddress(slide.id), alt: t('slideLog.labelAlt') }
    : slide.hasMacro
      ? { src: macroAddress(slide.id), alt: t('slideLog.macroAlt') }
      : null;
  return (
    <div data-testid="slide-label">
      {image ? (
        <div className={`${classes.picture} ${classes.label}`}>
          <img src={image.src} alt={image.alt} />
        </div>
      ) : (
        <Text size="sm" c="dimmed">
          {slide.labelsDestroyedAt
            ? t('slideLog.labelDestroyed', { date: formatDate(slide.labelsDestroyedAt) })
            : t('slideLog.noLabel')}
        </Text>
      )}
      <Text size="sm" mt={6}>
        {slide.block ? t('slideLog.typed', { block: slide.block }) : t('slideLog.noBlock')}
      </Text>
      {label && label.codes.length > 0 ? (
        <Text size="sm">{t('slideLog.codes', { codes: formatList(label.codes) })}</Text>
      ) : null}
      {label?.comparedBy && label.at ? (
        <Text size="sm" c="dimmed">
          {t('slideLog.compared', { name: label.comparedBy, date: formatDateTime(label.at) })}
        </Text>
      ) : null}
      {mayCompare && label?.codes.length === 0 ? (
        <>
          <Group gap="xs" mt="sm">
            <Button
              size="xs"
              variant="default"
              disabled={slide.block === ''}
              loading={compare.isPending}
              onClick={() => compare.mutate({ agrees: true })}
            >
              {t('slideLog.agrees')}
            </Button>
            <Button
              size="xs"
              variant="default"
              loading={compare.isPending}
              onClick={() => compare.mutate({ agrees: false })}
            >
              {t('slideLog.differs')}
            </Button>
          </Group>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (says.trim() !== '') compare.mutate({ says: says.trim() });
            }}
          >
            <Group gap="xs" mt="sm" align="end">
              <TextInput
                size="xs"
                label={t('slideLog.says')}
                description={t('slideLog.saysAbout')}
                maxLength={120}
                value={says}
                onChange={(event) => setSays(event.currentTarget.value)}
              />
              <Button
                size="xs"
                type="submit"
                variant="default"
                disabled={says.trim() === ''}
                loading={compare.isPending}
              >
                {t('slideLog.compare')}
              </Button>
            </Group>
          </form>
        </>
      ) : null}
    </div>
  );
}
