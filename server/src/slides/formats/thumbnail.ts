import sharp from 'sharp';
import { corrupt } from './refusal.js';
import { ReadCancelledError, type ReadOptions, type Slide } from './slide.js';
import { TILE_PIXEL_LIMIT } from './tile-reader.js';

/** The canvas that tiles are put on before the last resize: 4096 x 4096 x 3 bytes at most. */
const MAX_CANVAS_PIXELS = 4096 * 4096;
const SIDES = 16_384;

/** The whole slide in one JPEG, from the smallest level that is still large enough. */
export async function renderThumbnail(
  slide: Slide,
  maxSize: number,
  options: ReadOptions = {},
): Promise<Buffer> {
  const size = Math.max(1, Math.min(Math.floor(maxSize), SIDES));
  const number = chooseLevel(slide, size);
  const level = slide.levels[number];
  if (!level) throw corrupt('no level');
  const { columns, rows } = slide.grid(number);

  // A slide without a pyramid: each tile is shrunk while it is decoded, so the canvas stays small.
  let shrink = 1;
  while ((level.width / shrink) * (level.height / shrink) > MAX_CANVAS_PIXELS) shrink *= 2;
  const width = Math.ceil(level.width / shrink);
  const height = Math.ceil(level.height / shrink);
  const canvas = Buffer.alloc(width * height * 3, 0xff);

  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (options.isCancelled?.()) throw new ReadCancelledError();
      const left = Math.floor((column * level.tileWidth) / shrink);
      const top = Math.floor((row * level.tileHeight) / shrink);
      const right = Math.min(width, Math.ceil(((column + 1) * level.tileWidth) / shrink));
      const bottom = Math.min(height, Math.ceil(((row + 1) * level.tileHeight) / shrink));
      const tile = await slide.readTile(number, column, row, options);
      const pixels = await decodeTile(tile, shrink === 1 ? null : [right - left, bottom - top]);
      paste(canvas, width, pixels.data, pixels.info.width, { left, top, right, bottom });
    }
  }
  return await sharp(canvas, { raw: { width, height, channels: 3 } })
    .resize(size, size, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 85 })
    .toBuffer();
}

export async function decodeTile(tile: Buffer, size: readonly [number, number] | null = null) {
  const image = sharp(tile, { limitInputPixels: TILE_PIXEL_LIMIT });
  if (size) image.resize(size[0], size[1], { fit: 'fill' });
  return await image
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => {
      throw corrupt('a tile cannot be decoded');
    });
}

function chooseLevel(slide: Slide, size: number): number {
  for (let number = slide.levels.length - 1; number > 0; number -= 1) {
    const level = slide.levels[number];
    if (level && Math.max(level.width, level.height) >= size) return number;
  }
  return 0;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function paste(canvas: Buffer, canvasWidth: number, pixels: Buffer, pixelsWidth: number, box: Box): void {
  const bytes = Math.min(box.right - box.left, pixelsWidth) * 3;
  const lines = Math.min(box.bottom - box.top, pixels.length / (pixelsWidth * 3));
  for (let line = 0; line < lines; line += 1) {
    const from = line * pixelsWidth * 3;
    pixels.copy(canvas, ((box.top + line) * canvasWidth + box.left) * 3, from, from + bytes);
  }
}
