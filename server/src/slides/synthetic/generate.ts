import sharp from 'sharp';
import { PHOTOMETRIC, TAG } from '../formats/tiff-tags.js';
import { type TiffField, TiffWriter, TYPE } from '../formats/tiff-writer.js';
import { imageFields, long, tiledFields } from '../formats/tiled-fields.js';
import { type EncodedImage, encode, type FakeLabel, labelImage, macroImage } from './label.js';
import { BLOCK, PyramidEncoder, TILE } from './pyramid.js';
import { GLASS, stainTable } from './stain.js';
import type { Field } from './stamp.js';
import { createTissue, type SyntheticKind, type Tissue } from './tissue.js';

export interface SyntheticSlideOptions {
  readonly path: string;
  readonly kind: SyntheticKind;
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  readonly label: FakeLabel;
  /** Micrometres per pixel; 0.25 is a 40x scan. */
  readonly mpp?: number;
  /** `svs`: Aperio's layout, with label and macro. `tiff`: a plain pyramid with resolution tags. */
  readonly layout?: 'svs' | 'tiff';
  readonly bigTiff?: boolean;
  readonly quality?: number;
  /** Share of the slide drawn, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Draws a slide that never was on a microscope: the demonstration's and the tests' own material. The same
 * options always give the same bytes. Memory follows the width of the slide, not its surface.
 */
export async function generateSyntheticSlide(options: SyntheticSlideOptions): Promise<void> {
  const { path, width, height, seed, layout = 'svs', bigTiff = true, quality = 80 } = options;
  const mpp = options.mpp ?? 0.25;
  const tissue = createTissue({ kind: options.kind, width, height, pixelsPerUm: 1 / mpp, seed });
  await TiffWriter.write(path, bigTiff, async (writer) => {
    const pyramid = new PyramidEncoder(writer, width, height, quality);
    const overview = new Overview(width, height);
    await drawAll(tissue, pyramid, overview, options);
    const directories = pyramid.levels.map((level, number) =>
      tiledFields({ ...level, ...TILES, tables: pyramid.tables }, number, mpp, { big: bigTiff }),
    );
    if (layout === 'svs') await addAperio(directories, writer, overview, options, mpp, quality);
    return directories;
  });
}

async function drawAll(
  tissue: Tissue,
  pyramid: PyramidEncoder,
  overview: Overview,
  options: SyntheticSlideOptions,
): Promise<void> {
  const table = stainTable(tissue.stains);
  const columns = Math.ceil(options.width / BLOCK);
  const rows = Math.ceil(options.height / BLOCK);
  const first = new Uint8Array(BLOCK * BLOCK);
  const second = new Uint8Array(BLOCK * BLOCK);
  const rgb = Buffer.alloc(BLOCK * BLOCK * 3);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const field: Field = { left: column * BLOCK, top: row * BLOCK, size: BLOCK, first, second };
      const drawn = tissue.paint(field);
      if (drawn) {
        colour(field, table, rgb);
        overview.add(rgb, column, row);
      }
      await pyramid.addBlock(column, row, drawn ? rgb : null);
      options.onProgress?.((row * columns + column + 1) / (rows * columns));
    }
    await pyramid.endRow(row === rows - 1);
  }
}

function colour(field: Field, table: Uint8Array, rgb: Buffer): void {
  const { first, second } = field;
  for (let i = 0, at = 0; i < first.length; i += 1, at += 3) {
    const from = (((first[i] ?? 0) >> 1) * 128 + ((second[i] ?? 0) >> 1)) * 3;
    rgb[at] = table[from] ?? 0;
    rgb[at + 1] = table[from + 1] ?? 0;
    rgb[at + 2] = table[from + 2] ?? 0;
  }
}

/** A small picture of the whole, one pixel per SCALE x SCALE, for the thumbnail and the macro image. */
class Overview {
  readonly width: number;
  readonly height: number;
  readonly #scale: number;
  readonly #rgb: Buffer;

  constructor(width: number, height: number) {
    // A power of two, so that squares of level 0 divide evenly.
    this.#scale = Math.max(1, 2 ** Math.ceil(Math.log2(Math.max(width, height) / 1024)));
    this.width = Math.floor(width / this.#scale);
    this.height = Math.floor(height / this.#scale);
    this.#rgb = Buffer.alloc(this.width * this.height * 3);
    this.#rgb.fill(Buffer.from(GLASS));
  }

  add(block: Buffer, column: number, row: number): void {
    const side = BLOCK / this.#scale;
    const step = Math.max(1, this.#scale >> 2);
    for (let j = 0; j < side; j += 1) {
      for (let i = 0; i < side; i += 1) {
        const x = column * side + i;
        const y = row * side + j;
        if (x >= this.width || y >= this.height) continue;
        const sum = [0, 0, 0];
        let count = 0;
        for (let v = 0; v < this.#scale; v += step) {
          for (let u = 0; u < this.#scale; u += step) {
            const from = ((j * this.#scale + v) * BLOCK + i * this.#scale + u) * 3;
            for (let c = 0; c < 3; c += 1) sum[c] = (sum[c] ?? 0) + (block[from + c] ?? 0);
            count += 1;
          }
        }
        for (let c = 0; c < 3; c += 1) this.#rgb[(y * this.width + x) * 3 + c] = (sum[c] ?? 0) / count;
      }
    }
  }

  async png(): Promise<Buffer> {
    const raw = { width: this.width, height: this.height, channels: 3 } as const;
    return await sharp(this.#rgb, { raw }).png().toBuffer();
  }
}

async function addAperio(
  directories: TiffField[][],
  writer: TiffWriter,
  overview: Overview,
  options: SyntheticSlideOptions,
  mpp: number,
  quality: number,
): Promise<void> {
  const { width, height, label } = options;
  const heading = 'Aperio Image Library v12.0.16 \r\n';
  const objective = Math.round(10 / mpp);
  const scan = `${width}x${height} [0,0 ${width}x${height}] (${TILE}x${TILE}) JPEG/YCC Q=${quality}`;
  // Scanners write the exam number into the file; de-identification must find it there.
  const facts = `|AppMag = ${objective}|StripeWidth = 2032|ScanScope ID = SSDEMO|Filename = ${label.examNumber}|Barcode = ${label.examNumber}-${label.block}|Date = 01/02/26|Time = 10:11:12|Left = 25.69|Top = 23.44|MPP = ${mpp}|OriginalWidth = ${width}|OriginalHeight = ${height}`;
  directories[0]?.push(text(`${heading}${scan}${facts}`));
  const png = await overview.png();
  const thumbnail = await encode(png, overview);
  directories.splice(
    1,
    0,
    await stripDirectory(
      writer,
      thumbnail,
      0,
      `${heading}${width}x${height} -> ${overview.width}x${overview.height} - `,
    ),
  );
  const sticker = await labelImage(label, options.seed);
  const macro = await macroImage(sticker, png);
  directories.push(
    await stripDirectory(writer, sticker, 1, `${heading}label ${sticker.width}x${sticker.height}`),
    await stripDirectory(writer, macro, 9, `${heading}macro ${macro.width}x${macro.height}`),
  );
}

const COLOURS = { samples: 3, photometric: PHOTOMETRIC.ycbcr } as const;
const TILES = { ...COLOURS, tileWidth: TILE, tileHeight: TILE } as const;

const text = (value: string): TiffField => ({
  tag: TAG.imageDescription,
  type: TYPE.ascii,
  values: Buffer.from(`${value}\0`, 'latin1'),
});

async function stripDirectory(
  writer: TiffWriter,
  image: EncodedImage,
  subfileType: number,
  description: string,
): Promise<TiffField[]> {
  const offset = await writer.append(image.jpeg);
  return [
    ...imageFields({ ...image, ...COLOURS }, subfileType),
    text(description),
    long(TAG.rowsPerStrip, image.height),
    long(TAG.stripOffsets, offset),
    long(TAG.stripByteCounts, image.jpeg.length),
  ];
}
