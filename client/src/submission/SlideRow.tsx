import { ActionIcon, Button, FileButton, Group, Progress, Text, TextInput } from '@mantine/core';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { IconMicroscope, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fileNameOf, isSameFile } from '../api/file-names';
import { thumbnailAddress, updateSlide } from '../api/slides';
import { ConfirmAction } from '../ui/ConfirmAction';
import { formatBytes } from '../ui/format';
import { Notice } from '../ui/Notice';
import { ScaleField } from '../ui/ScaleField';
import { SlideWarnings } from '../ui/SlideWarnings';
import { SlideStatusBadge } from '../ui/StatusBadge';
import { tellProblem } from '../ui/tell';
import { RefusalWords } from './RefusalWords';
import { SlideLog } from './SlideLog';
import classes from './Slides.module.css';
import { StainField } from './StainField';
import { uploads } from './upload-queue';

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
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => uploads.removeSlide(slide.id),
    onSettled: onChanged,
  });
  const [other, setOther] = useState<File | null>(null);
  const choose = async (file: File) => {
    const same = await isSameFile(slide, file);
    setOther(same ? null : file);
    if (same) onFile(file);
  };
  const fileName = fileNameOf(slide.id);
  const name = fileName ?? ([slide.stain, slide.block].filter(Boolean).join(', ') || t('slides.unnamed'));
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
        {fileName ? (
          <Text truncate fw={500} title={fileName} data-testid="slide-file-name">
            {fileName}
          </Text>
        ) : slide.state === 'rejected' && name !== t('slides.unnamed') ? (
          // Its fields are gone and its file too: which one it was must still be told.
          <Text truncate fw={500}>
            {name}
          </Text>
        ) : null}
        <Group gap="sm">
          <SlideStatusBadge status={slide.state} />
          <Text size="sm" c="dimmed">
            {formatBytes(slide.bytes)}
            {slide.objective ? ` · ${t('slides.objective', { power: slide.objective })}` : ''}
          </Text>
        </Group>
        {slide.state === 'rejected' ? <RefusalWords refusal={slide.refusal} /> : null}
        <SlideWarnings slide={slide} />
        <SlideLog slide={slide} mayCompare maySeeLabel onChanged={onChanged} />
        <ScaleField slide={slide} onChanged={onChanged} />
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
              {t(fileName ? 'slides.interruptedNamed' : 'slides.interrupted', {
                name: fileName ?? '',
                sent: formatBytes(slide.receivedBytes),
                total: formatBytes(slide.bytes),
              })}
            </Text>
            <FileButton
              onChange={(file) => {
                if (file) choose(file).catch(tellProblem);
              }}
            >
              {(props) => (
                <Button {...props} size="xs" mt={4} variant="default">
                  {t('slides.resumeFile')}
                </Button>
              )}
            </FileButton>
            {other ? (
              <Notice tone="amber" role="alert" title={t('slides.notSame')} testId="not-same-file">
                <Text size="sm" mb={6}>
                  {t('slides.notSameAbout', {
                    name: other.name,
                    size: formatBytes(other.size),
                    expected: [fileName, formatBytes(slide.bytes)].filter(Boolean).join(', '),
                  })}
                </Text>
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => {
                    setOther(null);
                    onFile(other);
                  }}
                >
                  {t('slides.addAsNew')}
                </Button>
              </Notice>
            ) : null}
          </>
        ) : null}
        {slide.state === 'rejected' ? null : (
          <div className={classes.words}>
            <StainField
              label={t('slides.stain')}
              value={stain}
              onChange={setStain}
              onSettle={(settled) => {
                const sent = save.isError ? undefined : save.variables?.stain;
                if (settled.trim() !== slide.stain && settled !== sent) save.mutate({ stain: settled });
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
        onClick={() =>
          slide.state === 'rejected' ? remove.mutate(undefined, { onError: tellProblem }) : setAsking(true)
        }
      >
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
      <ConfirmAction
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('slides.removeTitle')}
        verb={t('slides.removeVerb')}
        danger
        onConfirm={() => remove.mutateAsync()}
      >
        {t('slides.removeAbout', { name, size: formatBytes(slide.receivedBytes || slide.bytes) })}
      </ConfirmAction>
    </div>
  );
}
