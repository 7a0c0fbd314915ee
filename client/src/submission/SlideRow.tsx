import { ActionIcon, Button, FileButton, Group, Progress, Text, TextInput } from '@mantine/core';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { IconMicroscope, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { removeSlide, thumbnailAddress, updateSlide } from '../api/slides';
import { formatBytes } from '../ui/format';
import { SlideWarnings } from '../ui/SlideWarnings';
import { SlideStatusBadge } from '../ui/StatusBadge';
import { tellProblem } from '../ui/tell';
import { RefusalWords } from './RefusalWords';
import classes from './Slides.module.css';
import { StainField } from './StainField';

interface SlideRowProps {
  slide: Slide;
  onChanged: () => void;
  /** The same file again, to go on with an upload that a reload interrupted. */
  onFile: (file: File) => void;
}

/** A slide the server knows. */
export function SlideRow({ slide, onChanged, onFile }: SlideRowProps) {
  const { t } = useTranslation('submission');
  const [stain, setStain] = useState(slide.stain);
  const [block, setBlock] = useState(slide.block);
  // The server's words change when somebody else, or « HES » for all, has changed them.
  useEffect(() => setStain(slide.stain), [slide.stain]);
  useEffect(() => setBlock(slide.block), [slide.block]);
  const save = useMutation({
    mutationFn: (words: { stain?: string; block?: string }) => updateSlide(slide.id, words),
    onSuccess: onChanged,
    onError: tellProblem,
  });
  const remove = useMutation({
    mutationFn: () => removeSlide(slide.id),
    onSuccess: onChanged,
    onError: tellProblem,
  });
  const name = [slide.stain, slide.block].filter(Boolean).join(', ') || t('slides.unnamed');
  return (
    <div className={classes.row} data-testid="slide-row" data-state={slide.state}>
      <div className={classes.thumb}>
        {slide.state === 'ready' ? (
          <img src={thumbnailAddress(slide.id, 128)} alt={t('slides.thumbnail', { name })} loading="lazy" />
        ) : (
          <IconMicroscope size={22} stroke={1.4} aria-hidden />
        )}
      </div>
      <div style={{ minWidth: 0 }}>
        <Group gap="sm">
          <SlideStatusBadge status={slide.state} />
          <Text size="sm" c="dimmed">
            {formatBytes(slide.bytes)}
            {slide.objective ? ` · ${t('slides.objective', { power: slide.objective })}` : ''}
          </Text>
        </Group>
        {slide.state === 'rejected' ? <RefusalWords refusal={slide.refusal} /> : null}
        <SlideWarnings slide={slide} />
        {slide.state === 'receiving' ? (
          <>
            <Progress
              value={slide.bytes === 0 ? 0 : (100 * slide.receivedBytes) / slide.bytes}
              size="sm"
              my={4}
              color="gray.5"
              aria-label={t('slides.progressOf', { name })}
            />
            <Text size="sm">
              {t('slides.interrupted', {
                sent: formatBytes(slide.receivedBytes),
                total: formatBytes(slide.bytes),
              })}
            </Text>
            <FileButton
              onChange={(file) => {
                if (file) onFile(file);
              }}
            >
              {(props) => (
                <Button {...props} size="xs" mt={4} variant="default">
                  {t('slides.resumeFile')}
                </Button>
              )}
            </FileButton>
          </>
        ) : null}
        {slide.state === 'rejected' ? null : (
          <div className={classes.words}>
            <StainField
              label={t('slides.stain')}
              value={stain}
              onChange={setStain}
              onBlur={() => {
                if (stain.trim() !== slide.stain) save.mutate({ stain });
              }}
            />
            <TextInput
              aria-label={t('slides.block')}
              placeholder={t('slides.block')}
              maxLength={60}
              value={block}
              onChange={(event) => setBlock(event.currentTarget.value)}
              onBlur={() => {
                if (block.trim() !== slide.block) save.mutate({ block });
              }}
            />
          </div>
        )}
      </div>
      <ActionIcon
        size={36}
        loading={remove.isPending}
        aria-label={t('slides.remove', { name })}
        onClick={() => remove.mutate()}
      >
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </div>
  );
}
