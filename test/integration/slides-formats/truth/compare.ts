import { convertToPyramid } from '@relecture/server/slides/formats/convert.js';
import { identifyFile } from '@relecture/server/slides/formats/identify.js';
import { openSlide } from '@relecture/server/slides/formats/open-slide.js';
import type { IdentifiedFile, Slide, SlideLevel } from '@relecture/server/slides/formats/slide.js';
import { expect } from 'chai';
import sharp from 'sharp';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGB, interleaved. */
  readonly data: Buffer;
}

/** The slide as ingest makes it readable; `reading` says whether it had to be converted. */
export async function readable(
  path: string,
  target: string,
): Promise<{ slide: Slide; reading: IdentifiedFile['reading'] }> {
  const { reading } = await identifyFile(path);
  if (reading === 'direct') return { slide: await openSlide(path), reading };
  await convertToPyramid(path, target);
  return { slide: await openSlide(target), reading };
}

/**
 * Every level of the slide against another decoder's: tile by tile, and shifted by a pixel each way. `smaller`: what
 * the levels under full resolution may differ by, where neither the scanner nor the decoder made them.
 */
export async function expectTruth(slide: Slide, truth: readonly Pixels[], smaller = 1): Promise<void> {
  expect(slide.levels.map(({ width, height }) => [width, height])).to.deep.equal(
    truth.map(({ width, height }) => [width, height]),
  );
  for (const [number, level] of slide.levels.entries()) {
    await expectLevel(slide, number, level, truth[number] as Pixels, number === 0 ? 1 : smaller);
  }
}

async function expectLevel(
  slide: Slide,
  number: number,
  level: SlideLevel,
  truth: Pixels,
  limit: number,
): Promise<void> {
  const { columns, rows } = slide.grid(number);
  const seen = Buffer.alloc(truth.data.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const left = column * level.tileWidth;
      const top = row * level.tileHeight;
      const tile = await decode(await slide.readTile(number, column, row));
      const place = `level ${number}, tile ${column}/${row}`;
      expect([tile.width, tile.height], place).to.deep.equal([
        Math.min(level.tileWidth, level.width - left),
        Math.min(level.tileHeight, level.height - top),
      ]);
      const expected = cut(truth, left, top, tile.width, tile.height);
      for (const difference of channelDifferences(tile.data, expected))
        expect(difference, place).to.be.below(limit);
      paste(seen, truth.width, tile, left, top);
    }
  }
  expectNoShift({ ...truth, data: seen }, truth, `level ${number}`);
}

/** What was seen lies on the truth better than on the truth moved by one pixel; a flat image has no such proof. */
function expectNoShift(seen: Pixels, truth: Pixels, place: string): void {
  const width = truth.width - 2;
  const height = truth.height - 2;
  const middle = cut(seen, 1, 1, width, height);
  const at = (x: number, y: number) =>
    Math.max(...channelDifferences(middle, cut(truth, 1 + x, 1 + y, width, height)));
  const unshifted = at(0, 0);
  for (const [x, y] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    expect(at(x, y), `${place} moved by ${x}, ${y}`).to.be.greaterThan(unshifted);
  }
}

export async function decode(image: Buffer | string, page = 0): Promise<Pixels> {
  const { data, info } = await sharp(image, { page, limitInputPixels: false })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

export function cut(from: Pixels, left: number, top: number, width: number, height: number): Buffer {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const at = ((top + y) * from.width + left) * 3;
    from.data.copy(data, y * width * 3, at, at + width * 3);
  }
  return data;
}

function paste(canvas: Buffer, canvasWidth: number, tile: Pixels, left: number, top: number): void {
  for (let y = 0; y < tile.height; y += 1) {
    const from = y * tile.width * 3;
    tile.data.copy(canvas, ((top + y) * canvasWidth + left) * 3, from, from + tile.width * 3);
  }
}

function channelDifferences(a: Buffer, b: Buffer): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let at = 0; at < a.length; at += 3) {
    for (const n of [0, 1, 2] as const) sums[n] += Math.abs((a[at + n] ?? 0) - (b[at + n] ?? 0));
  }
  const count = a.length / 3;
  return [sums[0] / count, sums[1] / count, sums[2] / count];
}

/** A whole tile; pixels beyond the right and bottom edge repeat the last ones, as encoders do. */
export function padded(image: Pixels, left: number, top: number, side: number): Buffer {
  const tile = Buffer.alloc(side * side * 3);
  for (let y = 0; y < side; y += 1) {
    const row = cut(image, left, Math.min(top + y, image.height - 1), Math.min(side, image.width - left), 1);
    row.copy(tile, y * side * 3);
    for (let x = row.length; x < side * 3; x += 3) row.copy(tile, y * side * 3 + x, row.length - 3);
  }
  return tile;
}

/** Tissue for tests: smooth, of every hue that stains have, and nowhere the same twice. */
export function tissue(width: number, height: number, phase = 0): Pixels {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 3;
      const a = Math.sin((x + phase) / 9 + y / 31);
      const b = Math.cos((y + phase) / 7 - x / 43);
      data[at] = 175 + 40 * a + 15 * b;
      data[at + 1] = 120 + 30 * b + 20 * Math.sin((x * y) / 9000);
      data[at + 2] = 160 + 30 * Math.sin((x + y) / 13);
    }
  }
  return { data, width, height };
}

/** Half as wide and high, each pixel the mean of four: how libvips makes the next level. */
export function halved({ width, height, data }: Pixels): Pixels {
  const [w, h] = [Math.floor(width / 2), Math.floor(height / 2)];
  const half = Buffer.alloc(w * h * 3);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      for (let n = 0; n < 3; n += 1) {
        const at = (2 * y * width + 2 * x) * 3 + n;
        const below = at + width * 3;
        half[(y * w + x) * 3 + n] =
          ((data[at] ?? 0) + (data[at + 3] ?? 0) + (data[below] ?? 0) + (data[below + 3] ?? 0) + 2) >> 2;
      }
    }
  }
  return { data: half, width: w, height: h };
}
