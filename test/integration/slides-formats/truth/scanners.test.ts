import { hasOpenSlide } from '@relecture/server/slides/formats/openslide.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { buildInstance, type Element, SYNTAX, sequence, ul } from '../dicom-builder.js';
import { realSlide, useFolder } from '../fixtures.js';
import { ascii, TiffBuilder } from '../tiff-builder.js';
import { decode, expectTruth, halved, type Pixels, padded, readable, tissue } from './compare.js';
import { hasOpenJpeg, hasPythonOpenSlide, openJpegEncode, openSlideTruth } from './other-decoders.js';
import { rgbJpeg, tiledDirectory } from './tiled-files.js';

const SIDE = 240;

/** Y, Cb and Cr one after the other; the last two at half the width when asked. */
function ycbcrPlanes(rgb: Buffer, side: number, subsampled: boolean): Buffer[] {
  const [y, cb, cr] = [0, 1, 2].map(() => Buffer.alloc(side * side)) as [Buffer, Buffer, Buffer];
  for (let n = 0; n < side * side; n += 1) {
    const [r = 0, g = 0, b = 0] = rgb.subarray(n * 3, n * 3 + 3);
    y[n] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    cb[n] = Math.round(128 - 0.168736 * r - 0.331264 * g + 0.5 * b);
    cr[n] = Math.round(128 + 0.5 * r - 0.418688 * g - 0.081312 * b);
  }
  const every = (plane: Buffer, step: number) => Buffer.from(plane.filter((_, n) => n % step === 0));
  return [y, every(cb, subsampled ? 2 : 1), every(cr, subsampled ? 2 : 1)];
}

const rgbPlanes = (rgb: Buffer): Buffer[] =>
  [0, 1, 2].map((n) => Buffer.from(rgb.filter((_, at) => at % 3 === n)));

describe('truth: scanners’ files against OpenSlide and OpenJPEG', () => {
  const folder = useFolder();

  for (const [name, compression, subsampled] of [
    ['33003, YCbCr', 33_003, false],
    ['33003, YCbCr with half the colours, as the scanner writes it', 33_003, true],
    ['33005, RGB', 33_005, false],
  ] as const) {
    it(`Aperio in JPEG 2000 ${name}`, async function () {
      if (!(await hasOpenJpeg()) || !(await hasPythonOpenSlide())) this.skip();
      const description = 'Aperio Image Library v11\r\n701x523 (240x240) J2K|AppMag = 20|MPP = 0.5';
      const builder = new TiffBuilder();
      const coding = {
        compression,
        photometric: 2,
        encode: (rgb: Buffer, side: number) =>
          openJpegEncode(
            compression === 33_005 ? rgbPlanes(rgb) : ycbcrPlanes(rgb, side, subsampled),
            side,
            subsampled,
          ),
      };
      const directory = await tiledDirectory(builder, tissue(701, 523), SIDE, coding, [
        ascii(270, description),
      ]);
      const path = await folder.write('j2k.svs', builder.build([directory]));
      const { slide, reading } = await readable(path, `${path}.converted`);
      expect(reading).to.equal('convert');
      expect(slide.format).to.equal('tiled-tiff');
      await expectTruth(slide, (await openSlideTruth(path)).levels);
      await slide.close();
    });
  }

  const image = tissue(701, 523);
  const frames = (encode: (rgb: Buffer) => Promise<Buffer>) => {
    const made: Array<Promise<Buffer>> = [];
    for (let top = 0; top < image.height; top += SIDE)
      for (let left = 0; left < image.width; left += SIDE) made.push(encode(padded(image, left, top, SIDE)));
    return Promise.all(made);
  };
  const jpeg = (rgb: Buffer) =>
    sharp(rgb, { raw: { width: SIDE, height: SIDE, channels: 3 } })
      .jpeg({ quality: 90 })
      .toBuffer();

  for (const [name, syntax, photometric, encode] of [
    ['uncompressed', SYNTAX.explicit, 'RGB', async (rgb: Buffer) => rgb],
    ['JPEG', SYNTAX.jpeg, 'YBR_FULL_422', jpeg],
    [
      'JPEG of red, green and blue',
      SYNTAX.jpeg,
      'RGB',
      async (rgb: Buffer) => (await rgbJpeg()).encode(rgb, SIDE),
    ],
    ['JPEG 2000', SYNTAX.jpeg2000, 'RGB', (rgb: Buffer) => openJpegEncode(rgbPlanes(rgb), SIDE)],
  ] as const) {
    for (const sparse of [false, true]) {
      it(`DICOM, ${name}, ${sparse ? 'sparse' : 'full'}`, async function () {
        if (name === 'JPEG 2000' && !(await hasOpenJpeg())) this.skip();
        const stored = await frames(encode);
        const columns = Math.ceil(image.width / SIDE);
        const places = stored.map((_, n) => n);
        // Not in the order of the rows, and the third tile is glass without a frame.
        if (sparse) places.reverse().splice(6, 1);
        const extra = sparse ? [sequence(0x52009230, ...places.map((n) => position(n, columns)))] : [];
        const file = buildInstance({
          ...{ width: image.width, height: image.height, tile: SIDE, syntax, photometric, extra },
          frames: places.map((n) => stored[n] as Buffer),
        });
        const path = await folder.write('slide.dcm', file);
        const { slide } = await readable(path, `${path}.tiff`);
        await expectTruth(slide, [await assembled(places, stored, columns, name)]);
        await slide.close();
      });
    }
  }

  const position = (n: number, columns: number): Element[] => [
    sequence(0x0048021a, [
      ul(0x0048021e, (n % columns) * SIDE + 1, 'SL'),
      ul(0x0048021f, Math.floor(n / columns) * SIDE + 1, 'SL'),
    ]),
  ];

  async function assembled(
    places: number[],
    stored: Buffer[],
    columns: number,
    name: string,
  ): Promise<Pixels> {
    const truth: Pixels = { ...image, data: Buffer.alloc(image.data.length, 0xff) };
    for (const n of places) {
      const tile =
        name === 'JPEG'
          ? (await decode(stored[n] as Buffer)).data
          : padded(image, (n % columns) * SIDE, Math.floor(n / columns) * SIDE, SIDE);
      const [left, top] = [(n % columns) * SIDE, Math.floor(n / columns) * SIDE];
      for (let y = 0; y < Math.min(SIDE, image.height - top); y += 1) {
        const width = Math.min(SIDE, image.width - left);
        tile.copy(truth.data, ((top + y) * image.width + left) * 3, y * SIDE * 3, (y * SIDE + width) * 3);
      }
    }
    return truth;
  }

  for (const name of ['CMU-1-Small-Region.svs', 'ospy-boxes.tiff', 'test3-DAPI-2-387.ndpi']) {
    it(`real file ${name}`, async function () {
      const path = realSlide(name);
      if (path === null || !(await hasPythonOpenSlide()) || !(await hasOpenSlide())) return this.skip();
      const { slide, reading } = await readable(path, folder.path(`${name}.tiff`));
      const { levels } = await openSlideTruth(path);
      if (reading === 'convert') {
        // Ours are halves of level 0, made by the mean; a scanner's own smaller levels are made otherwise. The noise
        // of fluorescence in them is what JPEG keeps worst.
        levels.length = 1;
        while (levels.length < slide.levels.length) levels.push(halved(levels.at(-1) as Pixels));
      }
      await expectTruth(slide, levels, reading === 'convert' ? 4 : 1);
      await slide.close();
    });
  }
});
