import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import { pixelText } from './pixel-text.js';
import { hashCell } from './random.js';

/** What the sticker on the glass says. Invented, always. */
export interface FakeLabel {
  readonly examNumber: string;
  readonly block: string;
  readonly stain: string;
  readonly laboratory: string;
  /** What its DataMatrix says; without it the label carries dots that say nothing. */
  readonly code?: string;
}

export interface EncodedImage {
  readonly width: number;
  readonly height: number;
  readonly jpeg: Buffer;
}

const LABEL = { width: 420, height: 480 };
const MACRO = { width: 1280, height: 431 };

export async function labelImage(label: FakeLabel, seed: number): Promise<EncodedImage> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${LABEL.width}" height="${LABEL.height}">
<rect width="100%" height="100%" fill="#2a2c30"/>
<rect x="14" y="18" width="392" height="448" rx="10" fill="#f6f3e8"/>
${label.code === undefined ? dotCode(seed, 150, 40, 8) : ''}
${pixelText(label.examNumber, 40, 200, 5)}
${pixelText(`BLOC ${label.block}`, 40, 262, 5)}
${pixelText(label.stain, 40, 324, 5)}
${pixelText(label.laboratory.slice(0, 18), 40, 396, 3)}
${pixelText('DEMONSTRATION', 40, 430, 2)}
</svg>`;
  const plain = sharp(Buffer.from(svg)).png();
  if (label.code !== undefined)
    plain.composite([{ input: await dataMatrix(label.code), left: 140, top: 36 }]);
  return await encode(await plain.toBuffer(), LABEL);
}

async function dataMatrix(text: string): Promise<Buffer> {
  // By itself the library would fetch its program from the network; it lies in its package.
  const program = await readFile(
    createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm'),
  );
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(program).buffer } });
  const { image, error } = await writeBarcode(text, { format: 'DataMatrix', scale: 6 });
  if (!image) throw new Error(`no DataMatrix: ${error}`);
  return await sharp(Buffer.from(await image.arrayBuffer()))
    .resize(148, 148, { fit: 'inside', kernel: 'nearest' })
    .png()
    .toBuffer();
}

/** The whole glass as the scanner's overview camera sees it: label on the left, tissue on the right. */
export async function macroImage(label: EncodedImage, tissue: Buffer): Promise<EncodedImage> {
  const glass = `<svg xmlns="http://www.w3.org/2000/svg" width="${MACRO.width}" height="${MACRO.height}">
<rect width="100%" height="100%" fill="#d9dcdd"/>
<rect x="10" y="14" width="1260" height="403" rx="6" fill="#eef0f0" stroke="#b4b8ba" stroke-width="3"/>
<rect x="430" y="40" width="760" height="350" fill="#f3f3f4" stroke="#c9cccd" stroke-width="2"/>
</svg>`;
  const sticker = await sharp(label.jpeg).resize(330, 377, { fit: 'fill' }).toBuffer();
  const scan = await sharp(tissue).resize(700, 320, { fit: 'inside' }).toBuffer({ resolveWithObject: true });
  const left = Math.round(810 - scan.info.width / 2);
  const top = Math.round(215 - scan.info.height / 2);
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${MACRO.width}" height="${MACRO.height}">
<rect x="${left}" y="${top}" width="${scan.info.width}" height="${scan.info.height}" fill="none" stroke="#27c24c" stroke-width="3"/></svg>`;
  const image = await sharp(Buffer.from(glass))
    .composite([
      { input: sticker, left: 28, top: 27 },
      { input: scan.data, left, top },
      { input: Buffer.from(frame), left: 0, top: 0 },
    ])
    .png()
    .toBuffer();
  return await encode(image, MACRO);
}

export async function encode(image: Buffer, size: { width: number; height: number }): Promise<EncodedImage> {
  const jpeg = await sharp(image)
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 85, chromaSubsampling: '4:2:0', optimiseCoding: false })
    .toBuffer();
  return { ...size, jpeg };
}

/** Looks like a DataMatrix code and says nothing. */
function dotCode(seed: number, left: number, top: number, pixel: number): string {
  const cells = 16;
  let path = '';
  for (let y = 0; y < cells; y += 1) {
    for (let x = 0; x < cells; x += 1) {
      const border =
        x === 0 || y === cells - 1 || (y === 0 && x % 2 === 0) || (x === cells - 1 && y % 2 === 1);
      if (border || (hashCell(seed + 77, x, y) & 1) === 1) {
        path += `M${left + x * pixel} ${top + y * pixel}h${pixel}v${pixel}h-${pixel}z`;
      }
    }
  }
  return `<path fill="#111" d="${path}"/>`;
}
