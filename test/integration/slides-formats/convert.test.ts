import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { readAssociatedImages } from '@relecture/server/slides/formats/associated.js';
import { convertToPyramid } from '@relecture/server/slides/formats/convert.js';
import { identifyFile } from '@relecture/server/slides/formats/identify.js';
import { openSlide } from '@relecture/server/slides/formats/open-slide.js';
import { SlideRefusal } from '@relecture/server/slides/formats/refusal.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { meanDifference, rawPixels, softPixels, useFolder } from './fixtures.js';
import { ascii, long, short, TiffBuilder, tiledFields } from './tiff-builder.js';

const SIDE = 700;

describe('conversion to a pyramid', () => {
  const folder = useFolder();
  const pixels = softPixels(SIDE, 3);
  const image = () => sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } });

  const originals: Array<[string, 'flat-tiff' | 'tiled-tiff' | 'jpeg' | 'png', () => Promise<Buffer>]> = [
    ['JPEG', 'jpeg', () => image().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()],
    ['progressive JPEG', 'jpeg', () => image().jpeg({ quality: 95, progressive: true }).toBuffer()],
    ['PNG', 'png', () => image().png().toBuffer()],
    ['PNG with transparency', 'png', () => image().ensureAlpha().png().toBuffer()],
    ['16-bit PNG', 'png', () => image().toColourspace('rgb16').png().toBuffer()],
    ['flat TIFF, no compression', 'flat-tiff', () => image().tiff({ compression: 'none' }).toBuffer()],
    ['flat TIFF, LZW', 'flat-tiff', () => image().tiff({ compression: 'lzw' }).toBuffer()],
    ['flat TIFF, JPEG', 'flat-tiff', () => image().tiff({ compression: 'jpeg', quality: 95 }).toBuffer()],
    [
      'tiled TIFF, deflate',
      'tiled-tiff',
      () => image().tiff({ compression: 'deflate', tile: true, pyramid: true }).toBuffer(),
    ],
    ['tiled TIFF, LZW', 'tiled-tiff', () => image().tiff({ compression: 'lzw', tile: true }).toBuffer()],
    [
      'tiled BigTIFF, deflate',
      'tiled-tiff',
      () => image().tiff({ compression: 'deflate', tile: true, bigtiff: true }).toBuffer(),
    ],
  ];

  for (const [name, format, make] of originals) {
    it(`keeps the pixels of ${name}`, async () => {
      const source = await folder.write(`${name}.bin`, await make());
      expect(await identifyFile(source)).to.deep.equal({
        format,
        reading: 'convert',
        width: SIDE,
        height: SIDE,
      });
      const target = folder.path(`${name}.converted`);
      const facts = await convertToPyramid(source, target);
      expect(facts).to.include({
        originalFormat: format,
        mpp: null,
        mppSource: 'unknown',
        objective: null,
      });
      expect((await identifyFile(target)).reading).to.equal('direct');
      const slide = await openSlide(target);
      try {
        expect(slide.levels.length).to.be.greaterThan(1);
        expect(slide.mpp).to.equal(null);
        const { data } = await rawPixels(await slide.readTile(0, 0, 0));
        const expected = await image().extract({ left: 0, top: 0, width: 256, height: 256 }).raw().toBuffer();
        expect(meanDifference(data, expected)).to.be.below(2);
      } finally {
        await slide.close();
      }
    });
  }

  it('keeps a scale that a microscope could have, and says where it comes from', async () => {
    const tiff = await image()
      .tiff({ compression: 'lzw', xres: 4000, yres: 4000, resolutionUnit: 'cm' })
      .toBuffer();
    const source = await folder.write('scaled.tif', tiff);
    const target = folder.path('scaled.converted');
    const facts = await convertToPyramid(source, target);
    expect(facts.mpp).to.be.closeTo(0.25, 1e-6);
    expect(facts.mppSource).to.equal('resolution');
    const slide = await openSlide(target);
    expect(slide.mpp).to.be.closeTo(0.25, 1e-4);
    await slide.close();
  });

  it('takes 300 dots per inch for a printer, not a scale', async () => {
    const source = await folder.write(
      'dpi.jpg',
      await image().withMetadata({ density: 300 }).jpeg().toBuffer(),
    );
    expect((await convertToPyramid(source, folder.path('dpi.converted'))).mpp).to.equal(null);
  });

  it('writes nothing of the original but its pixels', async () => {
    const named = await image()
      .withExif({
        IFD0: {
          Copyright: 'DUPONT-MARTIN',
          ImageDescription: 'DUPONT-MARTIN Jeanne',
          Artist: 'DUPONT-MARTIN',
        },
      })
      .jpeg()
      .toBuffer();
    expect(named.includes('DUPONT-MARTIN')).to.equal(true);
    const target = folder.path('exif.converted');
    await convertToPyramid(await folder.write('exif.jpg', named), target);
    expect((await readFile(target)).includes('DUPONT-MARTIN')).to.equal(false);
  });

  it('leaves no half-written file when the pixels turn out to be damaged', async () => {
    const png = await image().png().toBuffer();
    const damaged = Buffer.from(png);
    damaged.fill(0x55, png.length >> 1, (png.length >> 1) + 400);
    const target = folder.path('damaged.converted');
    const error = await convertToPyramid(await folder.write('damaged.png', damaged), target).catch(
      (e: unknown) => e,
    );
    expect(error).to.be.instanceOf(SlideRefusal);
    expect(error).to.have.property('code', 'SLIDE_CORRUPT');
    expect(existsSync(target)).to.equal(false);
  });

  it('leaves label and macro to be read before a slide in another compression is converted', async () => {
    const side = 64;
    const builder = new TiffBuilder();
    const tile = softPixels(side, 4);
    const at = builder.add(tile);
    const sticker = builder.add(Buffer.alloc(80 * 70 * 3, 0x60));
    const main = tiledFields({
      width: 100,
      height: 90,
      tile: side,
      offsets: [at, at, at, at],
      lengths: Array.from({ length: 4 }, () => tile.length),
      photometric: 2,
      compression: 1,
      extra: [ascii(270, 'Aperio Image Library v11.2.1 \r\n100x90|AppMag = 40|MPP = 0.25')],
    });
    const label = [
      long(254, 1),
      long(256, 80),
      long(257, 70),
      short(258, 8, 8, 8),
      short(259, 1),
      short(262, 2),
      ascii(270, 'Aperio Image Library v11.2.1 \nlabel 80x70'),
      long(273, sticker),
      short(277, 3),
      long(278, 70),
      long(279, 80 * 70 * 3),
    ];
    const source = await folder.write('raw.svs', builder.build([{ fields: main }, { fields: label }]));
    expect(await identifyFile(source)).to.include({ format: 'aperio-svs', reading: 'convert' });
    const associated = await readAssociatedImages(source);
    expect([...associated.keys()]).to.deep.equal(['label']);
    const [level = 0] = (await rawPixels(associated.get('label') ?? Buffer.alloc(0))).data;
    expect(level).to.be.closeTo(0x60, 2);
    const facts = await convertToPyramid(source, folder.path('raw.converted'));
    expect(facts).to.include({
      originalFormat: 'aperio-svs',
      mpp: 0.25,
      mppSource: 'scanner',
      objective: 40,
    });
    expect([...facts.associated.keys()]).to.deep.equal(['label']);
    expect((await readAssociatedImages(folder.path('raw.converted'))).size).to.equal(0);
  });

  it('refuses 16-bit TIFF rather than guess its range', async () => {
    const source = await folder.write(
      'deep.tif',
      await image().toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer(),
    );
    const error = await identifyFile(source).catch((e: unknown) => e);
    expect(error).to.have.property('code', 'SLIDE_UNSUPPORTED_PIXELS');
  });
});
