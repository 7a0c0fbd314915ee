import { readAssociatedImages } from './associated.js';
import { bytesOf, FileSource } from './byte-source.js';
import { isTiff } from './identify.js';
import { readCodes } from './read-codes.js';
import { SlideRefusal } from './refusal.js';
import { TiffFile } from './tiff-file.js';
import { readDescription } from './tiff-layout.js';

/** Aperio: `|Barcode = 26H04512 A1|`. Philips: the text in base64. */
const APERIO = /\|\s*(?:Barcode|Slide ?ID)\s*=\s*([^|]+)/i;
const PHILIPS = /PIM_DP_UFS_BARCODE"[^>]*>([A-Za-z0-9+/=\s]+)</;

/** What stands in the codes of a slide's label, as its scanner read them or as its photograph shows; before they leave the file. */
export async function readBarcodes(path: string): Promise<string[]> {
  try {
    const found = [await barcodeInText(path)];
    const images = await readAssociatedImages(path);
    for (const name of ['label', 'macro'] as const) {
      const jpeg = images.get(name);
      if (jpeg) found.push(...(await readCodes(jpeg)));
    }
    return [...new Set(found.map(printable))].filter(Boolean);
  } catch (error) {
    // What is wrong with the file is said when it is prepared; here it only has no barcode.
    if (error instanceof SlideRefusal) return [];
    throw error;
  }
}

async function barcodeInText(path: string): Promise<string> {
  const source = await FileSource.open(path);
  try {
    if (!isTiff(await bytesOf(source, 0, Math.min(8, source.size)))) return '';
    const tiff = await TiffFile.open(source);
    const [first] = tiff.directories;
    if (!first) return '';
    const description = await readDescription(tiff, first);
    const philips = PHILIPS.exec(description)?.[1];
    return philips
      ? Buffer.from(philips, 'base64').toString('latin1')
      : (APERIO.exec(description)?.[1] ?? '');
  } finally {
    await source.close();
  }
}

const printable = (text: string): string =>
  text
    .replace(/[^\x20-\x7e\u00a0-\u00ff]/g, ' ')
    .trim()
    .slice(0, 200);
