import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { splitTables } from '@relecture/server/slides/formats/jpeg-stream.js';
import { generateSyntheticSlide } from '@relecture/server/slides/synthetic/generate.js';
import type { SyntheticKind } from '@relecture/server/slides/synthetic/tissue.js';
import sharp from 'sharp';
import { type BuiltDirectory, TiffBuilder, tiledFields } from './tiff-builder.js';

/** A folder of its own for one suite, removed afterwards. */
export function useFolder(): {
  path: (name: string) => string;
  write: (name: string, bytes: Buffer) => Promise<string>;
} {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-test-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const path = (name: string) => join(folder, name);
  return {
    path,
    write: async (name, bytes) => {
      await writeFile(path(name), bytes);
      return path(name);
    },
  };
}

export const LABEL = { examNumber: '24B00123', block: 'A1', stain: 'HES', laboratory: 'Laboratoire fictif' };

export async function smallSlide(
  path: string,
  options: {
    kind?: SyntheticKind;
    width?: number;
    height?: number;
    layout?: 'svs' | 'tiff';
    seed?: number;
  } = {},
): Promise<string> {
  await generateSyntheticSlide({
    path,
    kind: options.kind ?? 'he-lymphoid',
    width: options.width ?? 1500,
    height: options.height ?? 1100,
    seed: options.seed ?? 5,
    mpp: 0.5,
    label: LABEL,
    layout: options.layout ?? 'svs',
  });
  return path;
}

/** Colours near grey: their stored RGB is also a possible YCbCr, which `rgbJpegTile` needs. */
export function softPixels(side: number, phase: number): Buffer {
  const rgb = Buffer.alloc(side * side * 3);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const at = (y * side + x) * 3;
      rgb[at] = 150 + 20 * Math.sin((x + phase) / 9);
      rgb[at + 1] = 120 + 10 * Math.cos((y + phase) / 7);
      rgb[at + 2] = 138 + 10 * Math.sin((x + y) / 11);
    }
  }
  return rgb;
}

/**
 * A JPEG whose components are R, G, B with no mark that says so, as Aperio writes them: encode pixels whose
 * YCbCr is the wanted RGB, then name the components 0, 1, 2 and take the JFIF mark away.
 */
async function rgbJpegTile(rgb: Buffer, side: number): Promise<Buffer> {
  const disguised = Buffer.alloc(rgb.length);
  for (let at = 0; at < rgb.length; at += 3) {
    const y = rgb[at] ?? 0;
    const cb = (rgb[at + 1] ?? 0) - 128;
    const cr = (rgb[at + 2] ?? 0) - 128;
    disguised[at] = Math.max(0, Math.min(255, Math.round(y + 1.402 * cr)));
    disguised[at + 1] = Math.max(0, Math.min(255, Math.round(y - 0.344136 * cb - 0.714136 * cr)));
    disguised[at + 2] = Math.max(0, Math.min(255, Math.round(y + 1.772 * cb)));
  }
  return await sharp(disguised, { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4', optimiseCoding: false })
    .toBuffer();
}

function nameComponents(jpeg: Buffer, ids: readonly [number, number, number]): Buffer {
  const named = Buffer.from(jpeg);
  const frame = named.indexOf(Buffer.from([0xff, 0xc0]));
  const scan = named.indexOf(Buffer.from([0xff, 0xda]));
  for (const [n, id] of ids.entries()) {
    named[frame + 10 + n * 3] = id;
    named[scan + 5 + n * 2] = id;
  }
  return named;
}

export async function ycbcrJpegTile(rgb: Buffer, side: number): Promise<Buffer> {
  return await sharp(rgb, { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4', optimiseCoding: false })
    .toBuffer();
}

/** A tiled pyramid of two levels in memory, in any byte order, with levels in the chain or in sub-directories. */
export async function builtPyramid(options: {
  big?: boolean;
  little?: boolean;
  rgb?: boolean;
  subIfds?: boolean;
}): Promise<{ file: Buffer; tiles: Buffer[] }> {
  const side = 64;
  const builder = new TiffBuilder({ big: options.big, little: options.little });
  const tiles = [0, 1, 2, 3].map((n) => softPixels(side, n * 13));
  const encoder = options.rgb ? rgbJpegTile : ycbcrJpegTile;
  const offsets: number[] = [];
  const lengths: number[] = [];
  let tables = Buffer.alloc(0);
  for (const pixels of [...tiles, softPixels(side, 99)]) {
    const split = splitTables(await encoder(pixels, side));
    const image = options.rgb ? nameComponents(split.image, [0, 1, 2]) : split.image;
    tables = Buffer.from(split.tables);
    offsets.push(builder.add(image));
    lengths.push(image.length);
  }
  const photometric = options.rgb ? 2 : 6;
  const extra = [{ tag: 347, type: 7, values: tables }];
  const reduced: BuiltDirectory = {
    fields: tiledFields({
      width: 50,
      height: 45,
      tile: side,
      offsets: offsets.slice(4),
      lengths: lengths.slice(4),
      photometric,
      extra,
    }),
  };
  const main = tiledFields({
    width: 100,
    height: 90,
    tile: side,
    offsets: offsets.slice(0, 4),
    lengths: lengths.slice(0, 4),
    photometric,
    extra,
  });
  const file = builder.build(
    options.subIfds ? [{ fields: main, sub: [reduced] }] : [{ fields: main }, reduced],
  );
  return { file, tiles };
}

/** Real slides beside the repository, when they are there (RELECTURE_SAMPLES). */
export function realSlide(name: string): string | null {
  const folder = process.env.RELECTURE_SAMPLES ?? resolve(process.cwd(), '../shared/slides');
  const path = join(folder, name);
  return existsSync(path) ? path : null;
}

export async function rawPixels(image: Buffer): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await sharp(image)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

export function meanDifference(a: Buffer, b: Buffer): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / a.length;
}

export function channelMeans(rgb: Buffer): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let at = 0; at < rgb.length; at += 3) {
    sums[0] += rgb[at] ?? 0;
    sums[1] += rgb[at + 1] ?? 0;
    sums[2] += rgb[at + 2] ?? 0;
  }
  const count = rgb.length / 3;
  return [sums[0] / count, sums[1] / count, sums[2] / count];
}
