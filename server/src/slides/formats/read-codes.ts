import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

/** Large enough for the smallest codes laboratories print, small enough to be read in a tenth of a second. */
const LONGEST_SIDE = 1600;
const PIXEL_LIMIT = 100_000_000;
/** A label carries one code, sometimes the laboratory's own beside it. */
const MOST_CODES = 4;
const LONGEST_CODE = 120;

let prepared: Promise<unknown> | null = null;

/** The reader's program lies in its package; by itself the library would fetch it from the network. */
async function prepare(): Promise<void> {
  prepared ??= readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')).then(
    (program) =>
      prepareZXingModule({
        overrides: { wasmBinary: new Uint8Array(program).buffer },
        fireImmediately: true,
      }),
  );
  await prepared;
}

/** What the 1-D and 2-D codes on a photograph of a label say; empty when there is none that can be read. */
export async function readCodes(photograph: Buffer): Promise<string[]> {
  await prepare();
  const { data, info } = await sharp(photograph, { limitInputPixels: PIXEL_LIMIT })
    .rotate()
    .resize(LONGEST_SIDE, LONGEST_SIDE, { fit: 'inside', withoutEnlargement: true })
    .ensureAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const picture = {
    data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.length),
    width: info.width,
    height: info.height,
    colorSpace: 'srgb',
  } as unknown as Parameters<typeof readBarcodes>[0];
  const found = await readBarcodes(picture, { tryHarder: true, maxNumberOfSymbols: MOST_CODES });
  const texts = found.filter(({ isValid }) => isValid).map(({ text }) => text.trim().slice(0, LONGEST_CODE));
  return [...new Set(texts)].filter((text) => text !== '');
}
