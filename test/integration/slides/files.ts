import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import sharp from 'sharp';

/** Pixels with structure, so that no tile is like its neighbour. */
function pixels(width: number, height: number, seed: number): Buffer {
  const data = Buffer.alloc(width * height * 3);
  for (let at = 0; at < data.length; at += 3) {
    const x = (at / 3) % width;
    const y = Math.floor(at / 3 / width);
    data[at] = (x + seed) % 256;
    data[at + 1] = (y * 2 + seed) % 256;
    data[at + 2] = (x ^ y) % 256;
  }
  return data;
}

/** A pyramidal TIFF in JPEG tiles, as scanners export them: read where it lies. */
export async function pyramid({ width = 900, height = 700, seed = 0 } = {}): Promise<Buffer> {
  return await sharp(pixels(width, height, seed), { raw: { width, height, channels: 3 } })
    .tiff({ compression: 'jpeg', quality: 90, tile: true, tileWidth: 256, tileHeight: 256, pyramid: true })
    .toBuffer();
}

/** A photograph with a name in its EXIF data: becomes a pyramid. */
export async function photograph(name: string): Promise<Buffer> {
  const width = 1500;
  const height = 1100;
  return await sharp(pixels(width, height, 3), { raw: { width, height, channels: 3 } })
    .withExif({ IFD0: { Artist: name, ImageDescription: name } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

const SAMPLES = resolve(process.env.RELECTURE_SAMPLES ?? '../shared/slides');

/** A real slide, when the samples stand beside the product; null otherwise. */
export function sample(name: string): string | null {
  const path = resolve(SAMPLES, name);
  return existsSync(path) ? path : null;
}
