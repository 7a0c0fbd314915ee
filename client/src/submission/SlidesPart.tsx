import { Button, Stack, Text } from '@mantine/core';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { addAttachment } from '../api/cases';
import { keys } from '../api/keys';
import { updateSlide } from '../api/slides';
import { tellDone, tellProblem } from '../ui/tell';
import { FromPacs } from './FromPacs';
import { SlideDrop } from './SlideDrop';
import { SlideRow } from './SlideRow';
import classes from './Slides.module.css';
import { tallySlides, wordTally } from './tally';
import { UploadRowView } from './UploadRowView';
import { uploads } from './upload-queue';

interface SlidesPartProps {
  /** The case to add to; makes the draft when there is none yet. */
  getCaseId: () => Promise<string>;
  caseId: string | null;
  slides: Slide[];
  /** On the case page the readable ones are shown elsewhere. */
  onlyUnready?: boolean;
  /** What these slides were asked as; a name that tells otherwise wins. */
  stain?: string;
}

/** The drop zone and one row per slide: first what is on its way from here, then what the server has. */
export function SlidesPart({ getCaseId, caseId, slides, onlyUnready = false, stain = '' }: SlidesPartProps) {
  const { t } = useTranslation('submission');
  const client = useQueryClient();
  const rows = useSyncExternalStore(uploads.subscribe, uploads.read).filter((row) => row.caseId === caseId);
  const [leftAside, setLeftAside] = useState(0);
  const local = new Set(rows.map((row) => row.slideId));
  const shown = slides.filter(
    (slide) =>
      slide.state !== 'removed' &&
      !local.has(slide.id) &&
      !uploads.isRemoved(slide.id) &&
      !(onlyUnready && slide.state === 'ready'),
  );
  const bare = [...rows, ...shown].filter(
    (item) => item.stain === '' && !('refusal' in item && item.refusal),
  );
  const refresh = () => {
    if (caseId) void client.invalidateQueries({ queryKey: keys.cases.one(caseId) });
  };

  // The server has judged the file: a readable slide gets its own row with a thumbnail; a refused one is told where
  // the file was dropped, while the file is still at hand.
  useEffect(() => {
    for (const row of rows) {
      const slide = slides.find((item) => item.id === row.slideId);
      if (row.state !== 'sent' || !slide) continue;
      if (slide.state === 'rejected') uploads.refuse(row.key, slide.refusal);
      if (slide.state === 'ready') uploads.forget(row.key);
    }
  }, [rows, slides]);
  const sent = rows.filter((row) => row.state === 'sent').length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each finished upload is a reason to read the case again
  useEffect(refresh, [sent]);

  const add = async (files: File[], aside: number) => {
    setLeftAside(aside);
    if (files.length === 0) return;
    try {
      await uploads.add(await getCaseId(), files, stain);
    } catch (error) {
      tellProblem(error);
    }
  };

  const attach = async (key: string, file: File) => {
    try {
      await addAttachment(await getCaseId(), file, 'local_report');
      await uploads.cancel(key);
      refresh();
      tellDone(t('slides.attached'));
    } catch (error) {
      tellProblem(error);
    }
  };

  const stainAll = async () => {
    for (const row of rows.filter((item) => item.stain === '')) {
      uploads.describe(row.key, { stain: 'HES' });
      void uploads.saveWords(row.key).catch(tellProblem);
    }
    try {
      await Promise.all(
        shown.filter((slide) => slide.stain === '').map((slide) => updateSlide(slide.id, { stain: 'HES' })),
      );
    } catch (error) {
      tellProblem(error);
    }
    refresh();
  };

  return (
    <Stack gap="sm" className={classes.part}>
      <SlideDrop onFiles={(files, aside) => void add(files, aside)} />
      {caseId ? <FromPacs caseId={caseId} stain={stain} onChanged={refresh} /> : null}
      {leftAside > 0 ? (
        <Text size="sm" c="dimmed" role="status">
          {t('slides.leftAside', { count: leftAside })}
        </Text>
      ) : null}
      {rows.length + shown.length > 0 ? (
        <Text size="sm" c="dimmed">
          {wordTally(tallySlides(slides, rows), t)}
          {bare.length > 1 ? (
            <Button variant="subtle" size="compact-sm" ml={8} onClick={() => void stainAll()}>
              {t('slides.stainAll', { count: bare.length })}
            </Button>
          ) : null}
        </Text>
      ) : null}
      {rows.map((row) => (
        <UploadRowView
          key={row.key}
          row={row}
          onAttach={() => void attach(row.key, row.file)}
          onChanged={refresh}
        />
      ))}
      {shown.map((slide) => (
        <SlideRow key={slide.id} slide={slide} onChanged={refresh} onFile={(file) => void add([file], 0)} />
      ))}
    </Stack>
  );
}
