import { Button, FileButton, Group, Text } from '@mantine/core';
import { IconFolder, IconMicroscope, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { listReadableFormats } from '../api/slides';
import { tellProblem } from '../ui/tell';
import { chosenFiles, filesOfFolder, readDrop } from './dropped-files';
import { type Dropped, gatherSlides } from './gather-slides';
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
  const [gathering, setGathering] = useState(0);
  const formats = useQuery({ queryKey: keys.slideFormats, queryFn: listReadableFormats });

  /** A folder of a slide is read through once, for the checksums of its archive: gigabytes take some seconds. */
  const gather = (dropped: Dropped[] | Promise<Dropped[]>) => {
    setGathering((count) => count + 1);
    Promise.resolve(dropped)
      .then(gatherSlides)
      .then(({ files, leftAside }) => onFiles(files, leftAside), tellProblem)
      .finally(() => setGathering((count) => count - 1));
  };

  const drop = (event: DragEvent<HTMLElement>) => {
    event.preventDefault();
    setOver(false);
    gather(readDrop(event.dataTransfer));
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
        <Text size="sm" role="status">
          {gathering > 0 ? t('slides.gathering') : ''}
        </Text>
      </div>
      <Group gap="xs" ml="auto">
        <FileButton
          multiple
          onChange={(files) => gather(chosenFiles(files))}
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
          onChange={(files) => gather(filesOfFolder(files))}
          inputProps={{
            'aria-label': t('slides.chooseFolder'),
            ...{ 'data-testid': 'slide-folder-input' },
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
