import { hasOpenSlide, readOpenSlideFacts } from './openslide.js';
import { SlideRefusal } from './refusal.js';
import type { IdentifiedFile, OpenSlideFormat } from './slide.js';

export const MIN_SIDE = 64;
/** 25 mm by 30 mm of tissue at 0.25 µm; libvips converts it in some minutes. */
const MAX_PIXELS = 1.2e10;

const VENDOR_NAMES: Record<OpenSlideFormat, string> = {
  'hamamatsu-ndpi': 'Hamamatsu NDPI',
  'hamamatsu-vms': 'Hamamatsu VMS',
  'leica-scn': 'Leica SCN',
  mirax: '3DHISTECH MRXS',
  trestle: 'Trestle',
  'ventana-bif': 'Ventana BIF',
};

/** What an administrator installs so that these formats are read. */
export const OPENSLIDE_PACKAGE = 'libvips-tools';

/** @throws {SlideRefusal} SLIDE_UNSUPPORTED_FORMAT with the vendor, and with what to install */
export async function requireOpenSlide(format: OpenSlideFormat): Promise<void> {
  if (await hasOpenSlide()) return;
  throw new SlideRefusal('SLIDE_UNSUPPORTED_FORMAT', {
    vendor: VENDOR_NAMES[format],
    install: OPENSLIDE_PACKAGE,
  });
}

export async function identifyWithOpenSlide(path: string, format: OpenSlideFormat): Promise<IdentifiedFile> {
  await requireOpenSlide(format);
  const { width, height } = await readOpenSlideFacts(path);
  if (Math.min(width, height) < MIN_SIDE) {
    throw new SlideRefusal('SLIDE_TOO_SMALL', { width, height, minimum: MIN_SIDE });
  }
  if (width * height > MAX_PIXELS) throw new SlideRefusal('SLIDE_TOO_LARGE', { width, height });
  return { format, reading: 'convert', width, height };
}
