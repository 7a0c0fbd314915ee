import { readAssociatedImages } from '../formats/associated.js';
import { convertToPyramid } from '../formats/convert.js';
import { readDicomFacts } from '../formats/dicom/facts.js';
import { type FocusFindings, measureFocus } from '../formats/focus.js';
import { identifyFile } from '../formats/identify.js';
import { inspectFile, refuseUnreadable } from '../formats/inspect.js';
import { openSlide, readSlideColours } from '../formats/open-slide.js';
import { sampleTiles, type TileSample } from '../formats/quality.js';
import { readBarcodes } from '../formats/read-barcode.js';
import { readCodes } from '../formats/read-codes.js';
import { scrubSlide } from '../formats/scrub.js';
import type { Slide, SlideMetadata } from '../formats/slide.js';
import type { SlideFile } from '../formats/slide-file.js';
import { cutTile } from '../formats/tile-reader.js';

/**
 * All that is ever done with the bytes that a sender made: each is a function of a decoding process, called by
 * name from the server (decoders.ts), which reads none of it itself.
 */
export const DECODING = {
  identify: identifyFile,
  dicomFacts: readDicomFacts,
  barcodes: readBarcodes,
  inspect: inspectFile,
  associated: readAssociatedImages,
  colours: readSlideColours,
  convert: convertToPyramid,
  scrub: scrubSlide,
  describe: (path: string): Promise<SlideMetadata> => withSlide(path, async (slide) => describe(slide)),
  /** @throws {SlideRefusal} parts of the tissue nobody could read */
  quality: (path: string): Promise<TileSample> =>
    withSlide(path, async (slide) => {
      const quality = await sampleTiles(slide);
      refuseUnreadable(quality);
      return quality;
    }),
  focus: (file: SlideFile): Promise<FocusFindings> => withSlide(file, (slide) => measureFocus(slide)),
  /** Of the photograph of a label. */
  codes: (jpeg: Buffer): Promise<string[]> => readCodes(jpeg),
  thumbnail: (file: SlideFile, size: number): Promise<Buffer> =>
    withSlide(file, (slide) => slide.readThumbnail(size)),
  cut: cutTile,
} as const;

export type DecodingJobs = typeof DECODING;
export type DecodingJob = keyof DecodingJobs;

async function withSlide<T>(file: SlideFile, read: (slide: Slide) => Promise<T>): Promise<T> {
  const slide = await openSlide(file);
  try {
    return await read(slide);
  } finally {
    await slide.close();
  }
}

/** The facts alone: what crosses to the server is copied. */
function describe(slide: Slide): SlideMetadata {
  const { format, width, height, mpp, mppSource, objective, levels, associated } = slide;
  return { format, width, height, mpp, mppSource, objective, levels, associated };
}
