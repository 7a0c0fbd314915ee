import sharp from 'sharp';
import { bytesOf, FileSource } from './byte-source.js';
import { isTiff } from './identify.js';
import { corrupt } from './refusal.js';
import type { AssociatedImageName } from './slide.js';
import { TiffFile } from './tiff-file.js';
import { readTiffLayout, type TiffLayout } from './tiff-layout.js';

// libvips keeps opened images to use them again; one that was read line by line cannot be, and a file deleted
// meanwhile stays open.
sharp.cache(false);

/** Label and macro are photographs of a glass slide, never larger than this. */
const PIXEL_LIMIT = 100_000_000;

/** A JPEG of one of the images that lie beside the slide in its file; null when there is none of this name. */
export async function readAssociated(
  path: string,
  { associated, inText, description }: TiffLayout,
  name: AssociatedImageName,
): Promise<Buffer | null> {
  const image = associated.get(name);
  const range = inText.get(name);
  if (!image && !range) return null;
  // Buffer passes over line breaks and whatever else is no base64.
  const inBase64 = range ? Buffer.from(description.slice(range.at, range.at + range.length), 'base64') : null;
  return await sharp(inBase64 ?? path, { page: image?.directory.index ?? 0, limitInputPixels: PIXEL_LIMIT })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 90 })
    .toBuffer()
    .catch(() => {
      throw corrupt(`${name} image cannot be decoded`);
    });
}

/**
 * Label, macro and thumbnail of a file that must be converted: `openSlide` does not open it, and the
 * conversion keeps tissue only. Empty for files that hold one image and nothing else.
 */
export async function readAssociatedImages(path: string): Promise<Map<AssociatedImageName, Buffer>> {
  const found = new Map<AssociatedImageName, Buffer>();
  const source = await FileSource.open(path);
  try {
    if (!isTiff(await bytesOf(source, 0, Math.min(4, source.size)))) return found;
    const layout = await readTiffLayout(await TiffFile.open(source));
    for (const name of [...layout.associated.keys(), ...layout.inText.keys()]) {
      const jpeg = await readAssociated(path, layout, name);
      if (jpeg) found.set(name, jpeg);
    }
    return found;
  } finally {
    await source.close();
  }
}
