import { readFile } from 'node:fs/promises';
import { readColourProfile } from '@relecture/server/slides/formats/colour-profile.js';
import { measureColours } from '@relecture/server/slides/formats/colour-samples.js';
import { convertToPyramid } from '@relecture/server/slides/formats/convert.js';
import { openSlide, readSlideColours } from '@relecture/server/slides/formats/open-slide.js';
import { scrubSlide } from '@relecture/server/slides/formats/scrub.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { buildInstance, SYNTAX } from './dicom-builder.js';
import { meanDifference, useFolder } from './fixtures.js';
import { descriptionTag, NAME, scannerProfile } from './profile-builder.js';
import { ascii, TiffBuilder } from './tiff-builder.js';
import { cut, decode, tissue } from './truth/compare.js';
import { tiledDirectory, ycbcrJpeg } from './truth/tiled-files.js';

const SIDE = 128;

describe('colours of a slide that are not sRGB', () => {
  const folder = useFolder();
  const image = tissue(300, 200);
  const icc = scannerProfile(1.6);

  async function slideWith(bytes: Buffer): Promise<string> {
    const builder = new TiffBuilder();
    const directory = await tiledDirectory(builder, image, SIDE, await ycbcrJpeg('4:4:4'), [
      ascii(270, 'Aperio Image Library v11\r\n300x200 (128x128) JPEG|AppMag = 20|MPP = 0.5'),
      { tag: 34_675, type: 7, values: bytes },
    ]);
    return await folder.write('coloured.svs', builder.build([directory]));
  }

  /** What a program that knows profiles shows, and what one that does not. */
  const shown = (tile: Buffer) => decode(tile);
  const stored = async (tile: Buffer) => {
    const at = tile.indexOf('ICC_PROFILE') - 4;
    const bare =
      at < 0
        ? tile
        : Buffer.concat([tile.subarray(0, at), tile.subarray(at + 2 + tile.readUInt16BE(at + 2))]);
    return (await decode(bare)).data;
  };

  it('go out with every tile, whole or cut, and the stored bytes stay as they are', async () => {
    const path = await slideWith(icc);
    const truth = await decode(path);
    const plain = await decode(await slideWith(Buffer.alloc(0)));
    expect(meanDifference(truth.data, plain.data)).to.be.above(10);
    await slideWith(icc);
    expect((await readSlideColours(path))?.name).to.equal('Aperio / Leica');
    await scrubSlide(path);
    const slide = await openSlide(path);
    for (const [column, row, width, height] of [
      [0, 0, SIDE, SIDE],
      [2, 1, 300 - 2 * SIDE, 200 - SIDE],
    ] as const) {
      const tile = await slide.readTile(0, column, row);
      const [left, top] = [column * SIDE, row * SIDE];
      expect(meanDifference((await shown(tile)).data, cut(truth, left, top, width, height))).to.be.below(1);
      expect(meanDifference(await stored(tile), cut(plain, left, top, width, height))).to.be.below(1);
    }
    const thumbnail = await shown(await slide.readThumbnail(300));
    expect(meanDifference(thumbnail.data, truth.data)).to.be.below(4);
    await slide.close();
  });

  it('keep no word of the profile, however often names are taken out', async () => {
    const path = await slideWith(Buffer.concat([icc, Buffer.from(NAME)]));
    await scrubSlide(path);
    const once = await readFile(path);
    for (const trace of [NAME, 'PLAN', 'ScanScope', 'desc', 'cprt'])
      expect(once.includes(trace), trace).to.equal(false);
    await scrubSlide(path);
    expect((await readFile(path)).equals(once)).to.equal(true);
  });

  it('are small enough to go with a tile, when the scanner’s table is of 140 kB', async () => {
    const { lab } = await measureColours(icc);
    expect(lab.length).to.be.greaterThan(0);
    const long = scannerProfile(1.6, 'ScanScope v1', {
      dmdd: Buffer.concat([descriptionTag('long'), Buffer.alloc(140_000)]),
    });
    const found = await readColourProfile(long);
    expect(found?.bytes.length).to.be.below(8300);
    const again = await measureColours(found?.bytes ?? Buffer.alloc(0));
    expect(again.difference).to.be.closeTo((await measureColours(icc)).difference, 1);
  });

  for (const [name, bytes] of [
    ['nothing', Buffer.alloc(0)],
    ['a damaged profile', icc.subarray(0, 150)],
    ['offsets outside', Buffer.from(icc).fill(0xff, 136, 140)],
    ['a text', Buffer.from('not a profile at all'.repeat(20))],
    ['curves that are a text', scannerProfile(1.6, 'x', { rTRC: descriptionTag(NAME) })],
  ] as const) {
    it(`are left alone with ${name}`, async () => {
      expect(await readColourProfile(bytes)).to.equal(null);
      const path = await slideWith(bytes);
      await scrubSlide(path);
      expect((await readFile(path)).includes(NAME)).to.equal(false);
      const slide = await openSlide(path);
      expect((await slide.readTile(0, 0, 0)).includes('ICC_PROFILE')).to.equal(false);
      await slide.close();
    });
  }

  it('are left alone when the profile is of sRGB itself', async () => {
    const png = await sharp(image.data, { raw: { width: 300, height: 200, channels: 3 } })
      .withIccProfile('srgb')
      .png()
      .toBuffer();
    const { icc: srgb } = await sharp(png).metadata();
    expect(srgb).to.be.instanceOf(Buffer);
    expect(await readColourProfile(srgb ?? Buffer.alloc(0))).to.equal(null);
  });

  it('of a JPEG are turned into sRGB when it is converted, and said', async () => {
    const jpeg = await sharp(image.data, { raw: { width: 300, height: 200, channels: 3 } })
      .jpeg({ quality: 95 })
      .toBuffer();
    const segment = Buffer.alloc(18);
    segment.writeUInt16BE(0xffe2, 0);
    segment.writeUInt16BE(icc.length + 16, 2);
    segment.write('ICC_PROFILE\0\x01\x01', 4, 'latin1');
    const path = await folder.write(
      'photo.jpg',
      Buffer.concat([jpeg.subarray(0, 2), segment, icc, jpeg.subarray(2)]),
    );
    const target = folder.path('photo.tiff');
    expect((await convertToPyramid(path, target)).colourProfile).to.equal('Aperio / Leica');
    const slide = await openSlide(target);
    const tile = await slide.readTile(0, 0, 0);
    expect(tile.includes('ICC_PROFILE')).to.equal(false);
    expect(meanDifference((await shown(tile)).data, cut(await decode(path), 0, 0, 256, 200))).to.be.below(1);
    await slide.close();
  });

  it('of DICOM, from its first optical path, go with its tiles', async () => {
    const raw = cut(image, 0, 0, SIDE, SIDE);
    const file = buildInstance({
      ...{
        width: SIDE,
        height: SIDE,
        tile: SIDE,
        frames: [raw],
        syntax: SYNTAX.explicit,
        photometric: 'RGB',
      },
      opticalPath: [{ tag: 0x00282000, vr: 'OB', value: icc }],
    });
    const target = folder.path('coloured.tiff');
    const facts = await convertToPyramid(await folder.write('coloured.dcm', file), target);
    expect(facts.colourProfile).to.equal('Aperio / Leica');
    expect((await readFile(target)).includes(NAME)).to.equal(false);
    const slide = await openSlide(target);
    const tile = await slide.readTile(0, 0, 0);
    expect(meanDifference(await stored(tile), raw)).to.be.below(1);
    const expected = cut(await decode(await slideWith(icc)), 0, 0, SIDE, SIDE);
    expect(meanDifference((await shown(tile)).data, expected)).to.be.below(2);
    await slide.close();
  });
});
