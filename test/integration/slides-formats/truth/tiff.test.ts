import { expect } from 'chai';
import sharp, { type Sharp } from 'sharp';
import { useFolder } from '../fixtures.js';
import { ascii, type BuiltDirectory, long, TiffBuilder } from '../tiff-builder.js';
import { decode, expectTruth, halved, type Pixels, readable, tissue } from './compare.js';
import { hasPythonOpenSlide, openSlideTruth } from './other-decoders.js';
import { deflate, rgbJpeg, type TileCoding, tiledDirectory, ycbcrJpeg } from './tiled-files.js';

const APERIO = 'Aperio Image Library v11.2.1 \r\n701x523 (240x240) JPEG|AppMag = 20|MPP = 0.5';

describe('truth: tiled TIFF against OpenSlide and libtiff', () => {
  const folder = useFolder();

  async function built(
    name: string,
    coding: TileCoding,
    levels: ReadonlyArray<{ image: Pixels; side: number }>,
    options: { big?: boolean; little?: boolean; sub?: boolean; description?: string } = {},
  ): Promise<string> {
    const builder = new TiffBuilder(options);
    const directories: BuiltDirectory[] = [];
    for (const [number, { image, side }] of levels.entries()) {
      // OpenSlide knows the smaller levels of a plain TIFF by this mark.
      const extra = [long(254, number === 0 ? 0 : 1)];
      if (number === 0 && options.description) extra.push(ascii(270, options.description));
      directories.push(await tiledDirectory(builder, image, side, coding, extra));
    }
    const [main, ...others] = directories as [BuiltDirectory, ...BuiltDirectory[]];
    return await folder.write(name, builder.build(options.sub ? [{ ...main, sub: others }] : directories));
  }

  const scaled = (image: Pixels, width: number, height: number): Promise<Pixels> =>
    sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } })
      .resize(width, height, { fit: 'fill' })
      .raw()
      .toBuffer()
      .then((data) => ({ data, width, height }));

  const shapes: Array<[string, number, ReadonlyArray<readonly [number, number]>]> = [
    [
      '256 pixels, factor 2',
      256,
      [
        [350, 261],
        [175, 130],
      ],
    ],
    ['240 pixels, factor 4', 240, [[175, 131]]],
    ['512 pixels, factor 3.1', 512, [[226, 169]]],
    [
      'odd levels without factor',
      256,
      [
        [431, 322],
        [97, 72],
      ],
    ],
  ];
  for (const [name, side, smaller] of shapes) {
    for (const [coding, make, description] of [
      ['YCbCr 4:2:0 SVS', () => ycbcrJpeg('4:2:0'), APERIO],
      ['YCbCr 4:4:4', () => ycbcrJpeg('4:4:4'), ''],
      ['RGB SVS', rgbJpeg, APERIO],
    ] as const) {
      for (const [big, little] of [
        [false, true],
        [true, false],
      ]) {
        it(`${coding}, tiles of ${name}, ${big ? 'BigTIFF' : 'TIFF'} ${little ? 'II' : 'MM'}`, async function () {
          if (!(await hasPythonOpenSlide())) this.skip();
          const main = tissue(701, 523);
          const levels = [{ image: main, side }];
          for (const [width, height] of smaller)
            levels.push({ image: await scaled(main, width, height), side });
          const path = await built(`direct-${big}.tif`, await make(), levels, { big, little, description });
          const { slide, reading } = await readable(path, '');
          expect(reading).to.equal('direct');
          await expectTruth(slide, (await openSlideTruth(path)).levels);
          await slide.close();
        });
      }
    }
  }

  for (const [name, make] of [
    ['deflate', async () => deflate(1)],
    ['deflate with predictor 2', async () => deflate(2)],
  ] as Array<[string, () => Promise<TileCoding>]>) {
    for (const [big, little] of [
      [false, true],
      [true, false],
    ]) {
      it(`${name}, ${big ? 'BigTIFF' : 'TIFF'} ${little ? 'II' : 'MM'}`, async () => {
        const image = tissue(701, 523);
        const path = await built('deflate.tif', await make(), [{ image, side: 240 }], { big, little });
        await expectConverted(path, image);
        if (await hasPythonOpenSlide()) {
          const [level] = (await openSlideTruth(path)).levels;
          expect(level?.data.equals(image.data)).to.equal(true);
        }
      });
    }
  }

  /** Levels that we make are halves of the one before, as another program halves them. */
  async function expectConverted(path: string, truth: Pixels): Promise<void> {
    const { slide, reading } = await readable(path, `${path}.converted`);
    expect(reading).to.equal('convert');
    const levels = [truth];
    while (levels.length < slide.levels.length) levels.push(halved(levels.at(-1) as Pixels));
    await expectTruth(slide, levels);
    await slide.close();
  }

  for (const [name, write] of [
    ['LZW', (image) => image.tiff({ compression: 'lzw', tile: true, predictor: 'none' })],
    [
      'LZW with predictor 2',
      (image) => image.tiff({ compression: 'lzw', tile: true, predictor: 'horizontal' }),
    ],
    ['LZW in strips', (image) => image.tiff({ compression: 'lzw' })],
    ['uncompressed', (image) => image.tiff({ compression: 'none' })],
    ['packbits', (image) => image.tiff({ compression: 'packbits', tile: true })],
    ['transparency', (image) => image.ensureAlpha(0.5).tiff({ compression: 'deflate', tile: true })],
    ['grey, deflate', (image) => image.toColourspace('b-w').tiff({ compression: 'deflate', tile: true })],
    ['PNG', (image) => image.png()],
    ['PNG of a palette', (image) => image.toColourspace('b-w').png({ palette: true, dither: 0 })],
    ['JPEG', (image) => image.jpeg({ quality: 95 })],
    ['progressive JPEG 4:4:4', (image) => image.jpeg({ progressive: true, chromaSubsampling: '4:4:4' })],
    ['grey JPEG', (image) => image.toColourspace('b-w').jpeg({ quality: 95 })],
  ] as Array<[string, (image: Sharp) => Sharp]>) {
    it(name, async () => {
      const { data, width, height } = tissue(701, 523);
      const path = folder.path(`${name.replaceAll(' ', '-')}.bin`);
      await write(sharp(data, { raw: { width, height, channels: 3 } })).toFile(path);
      await expectConverted(path, await decode(path));
    });
  }

  it('grey JPEG tiles, sent as they are', async function () {
    if (!(await hasPythonOpenSlide())) this.skip();
    const { data, width, height } = tissue(701, 523);
    const path = folder.path('grey.tif');
    await sharp(data, { raw: { width, height, channels: 3 } })
      .toColourspace('b-w')
      .tiff({ compression: 'jpeg', quality: 80, tile: true, pyramid: true })
      .toFile(path);
    const { slide, reading } = await readable(path, '');
    expect(reading).to.equal('direct');
    await expectTruth(slide, (await openSlideTruth(path)).levels);
    await slide.close();
  });

  it('levels in sub-directories, as OME has them', async () => {
    const main = tissue(701, 523);
    const small = await scaled(main, 350, 261);
    const coding = await ycbcrJpeg('4:2:0');
    const levels = [main, small].map((image) => ({ image, side: 256 }));
    const path = await built('sub.ome.tif', coding, levels, { sub: true });
    // sharp knows sub-directories only of OME files: the same tiles in a chain are the same pixels.
    const chain = await built('chain.tif', coding, levels);
    const { slide } = await readable(path, '');
    await expectTruth(slide, [await decode(chain, 0), await decode(chain, 1)]);
    await slide.close();
  });
});
