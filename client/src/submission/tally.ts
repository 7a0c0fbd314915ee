import type { Slide } from '@relecture/shared/slides/schema.js';
import type { useTranslation } from 'react-i18next';
import { formatList } from '../ui/format';
import { type UploadRow, uploads } from './upload-queue';

export interface SlideTally {
  readable: number;
  /** Whole on the server, being checked. */
  checking: number;
  unfinished: number;
  refused: number;
  /** Of those that will be read, without a stain: admission looks for the stains that a network asks. */
  unnamed: number;
}

/** Every slide of the case once: as the server knows it, and as it is on its way from here. */
export function tallySlides(slides: readonly Slide[], rows: readonly UploadRow[]): SlideTally {
  const tally: SlideTally = { readable: 0, checking: 0, unfinished: 0, refused: 0, unnamed: 0 };
  const known = new Set(slides.map((slide) => slide.id));
  for (const slide of slides) {
    if (slide.state === 'removed' || uploads.isRemoved(slide.id)) continue;
    if (slide.state !== 'rejected' && slide.stain.trim() === '') tally.unnamed += 1;
    if (slide.state === 'ready') tally.readable += 1;
    else if (slide.state === 'rejected') tally.refused += 1;
    else if (slide.state === 'receiving') tally.unfinished += 1;
    else tally.checking += 1;
  }
  for (const row of rows) {
    if (row.slideId !== null && known.has(row.slideId)) continue;
    if (row.state !== 'refused' && row.stain.trim() === '') tally.unnamed += 1;
    if (row.state === 'refused') tally.refused += 1;
    else if (row.state === 'sent') tally.checking += 1;
    else tally.unfinished += 1;
  }
  return tally;
}

type Translate = ReturnType<typeof useTranslation<'submission'>>['t'];

/** « 1 lame lisible, 2 envois inachevés et 9 fichiers refusés » */
export const wordTally = (tally: SlideTally, t: Translate): string =>
  formatList(
    (['readable', 'checking', 'unfinished', 'refused'] as const)
      .filter((kind) => tally[kind] > 0)
      .map((kind) => t(`slides.tally.${kind}`, { count: tally[kind] })),
  );
