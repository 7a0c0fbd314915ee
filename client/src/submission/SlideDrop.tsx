import { Button, FileButton, Group, Text } from '@mantine/core';
import { IconFolder, IconMicroscope, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { listReadableFormats } from '../api/slides';
import { tellProblem } from '../ui/tell';
import { keepSlides, readDrop } from './dropped-files';
import classes from './Slides.module.css';

interface SlideDropProps {
  onFiles: (files: File[], leftAside: number) => void;
}

/** Long words on a narrow phone go on in a second line. */
const WRAPPING = {
  variant: 'default',
  h: 'auto',
  mih: 36,
  maw: '100%',
  styles: { label: { whiteSpace: 'normal' } },
} as const;

/** Where slides are dropped, files and folders; both can be chosen by keyboard too. */
export function SlideDrop({ onFiles }: SlideDropProps) {
  const { t } = useTranslation('submission');
  const [over, setOver] = useState(false);
  const formats = useQuery({ queryKey: keys.slideFormats, queryFn: listReadableFormats });

  const drop = (event: DragEvent<HTMLElement>) => {
    event.preventDefault();
    setOver(false);
    readDrop(event.dataTransfer).then(({ files, leftAside }) => onFiles(files, leftAside), tellProblem);
  };

  return (
    <section
      className={classes.drop}
      data-over={over}
      data-testid="slide-drop"
      aria-label={t('slides.drop')}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconMicroscope size={28} stroke={1.4} aria-hidden />
      <div>
        <Text fw={500}>{t('slides.drop')}</Text>
        <Text size="sm" c="dimmed">
          {formats.data
            ? `${t('slides.formats', { files: formats.data.files.join(', '), folders: formats.data.folders.join(', ') })} `
            : null}
          {t('slides.resumes')}
        </Text>
      </div>
      <Group gap="xs" ml="auto">
        <FileButton
          multiple
          onChange={(files) => onFiles(files, 0)}
          inputProps={{ 'aria-label': t('slides.choose'), ...{ 'data-testid': 'slide-file-input' } }}
        >
          {(props) => (
            <Button {...props} {...WRAPPING} leftSection={<IconUpload size={16} aria-hidden />}>
              {t('slides.choose')}
            </Button>
          )}
        </FileButton>
        <FileButton
          multiple
          onChange={(files) => {
            const kept = keepSlides(files);
            onFiles(kept.files, kept.leftAside);
          }}
          inputProps={{
            'aria-label': t('slides.chooseFolder'),
            ref: (input) => input?.setAttribute('webkitdirectory', ''),
          }}
        >
          {(props) => (
            <Button {...props} {...WRAPPING} leftSection={<IconFolder size={16} aria-hidden />}>
              {t('slides.chooseFolder')}
            </Button>
          )}
        </FileButton>
      </Group>
    </section>
  );
}
