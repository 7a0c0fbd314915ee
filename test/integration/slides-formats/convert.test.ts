import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { convertToPyramid } from '@relecture/server/slides/formats/convert.js';
import { identifyFile } from '@relecture/server/slides/formats/identify.js';
import { openSlide } from '@relecture/server/slides/formats/open-slide.js';
import { SlideRefusal } from '@relecture/server/slides/formats/refusal.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { meanDifference, rawPixels, softPixels, useFolder } from './fixtures.js';

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
      expect(facts).to.deep.equal({
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

  it('refuses 16-bit TIFF rather than guess its range', async () => {
    const source = await folder.write(
      'deep.tif',
      await image().toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer(),
    );
    const error = await identifyFile(source).catch((e: unknown) => e);
    expect(error).to.have.property('code', 'SLIDE_UNSUPPORTED_PIXELS');
  });
});
