import { readFile } from 'node:fs/promises';
import { identifyFile } from '@relecture/server/slides/formats/identify.js';
import { openSlide } from '@relecture/server/slides/formats/open-slide.js';
import { scrubSlide } from '@relecture/server/slides/formats/scrub.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { useFolder } from './fixtures.js';
import { ascii, long, short, TiffBuilder } from './tiff-builder.js';
import { cut, expectTruth, type Pixels, tissue } from './truth/compare.js';
import { hasPythonOpenSlide, openSlideTruth } from './truth/other-decoders.js';
import { tiledDirectory, ycbcrJpeg } from './truth/tiled-files.js';

const SIDE = 128;
const NAME = 'PLANTEE-NOMINATIVE';

const attribute = (name: string, value: string) =>
  `<Attribute Name="${name}" Group="0x301D">${value}</Attribute>`;
const object = (type: string, ...attributes: string[]) =>
  `<DataObject ObjectType="${type}">${attributes.join('\n')}</DataObject>`;
const array = (...items: string[]) => `<Array>${items.join('\n')}</Array>`;
const spacing = (level: number) => {
  const side = `&quot;${0.00025 * 2 ** level}&quot;`;
  return attribute('DICOM_PIXEL_SPACING', `${side} ${side}`);
};

/** As the scanner writes it: who was at work, a barcode, the photographs, the scale of each level. */
function philipsText(levels: number, label: string): string {
  const photograph = (kind: string, jpeg: string) =>
    object('DPScannedImage', attribute('PIM_DP_IMAGE_DATA', jpeg), attribute('PIM_DP_IMAGE_TYPE', kind));
  const representations = Array.from({ length: levels }, (_, n) =>
    object('PixelDataRepresentation', spacing(n), attribute('PIIM_PIXEL_DATA_REPRESENTATION_NUMBER', `${n}`)),
  );
  return `<?xml version="1.0" encoding="UTF-8" ?>\n${object(
    'DPUfsImport',
    attribute('DICOM_MANUFACTURER', 'PHILIPS'),
    attribute('PIM_DP_UFS_BARCODE', NAME),
    attribute('DICOM_OPERATORS_NAME', NAME),
    attribute(
      'PIM_DP_SCANNED_IMAGES',
      array(
        photograph('LABELIMAGE', label),
        object(
          'DPScannedImage',
          attribute('PIM_DP_IMAGE_TYPE', 'WSI'),
          spacing(0),
          attribute('PIIM_PIXEL_DATA_REPRESENTATION_SEQUENCE', array(...representations)),
        ),
      ),
    ),
  )}`;
}

describe('Philips TIFF, read where it lies', () => {
  const folder = useFolder();
  const sticker = Buffer.alloc(90 * 60 * 3, 0x50);

  async function built(name: string, big = false): Promise<string> {
    const builder = new TiffBuilder({ big });
    const coding = await ycbcrJpeg('4:2:0');
    const jpeg = await sharp(sticker, { raw: { width: 90, height: 60, channels: 3 } })
      .jpeg()
      .toBuffer();
    // 5 by 3 tiles, then 2.5 by 1.5 and 1.25 by 0.75 stored in whole tiles.
    const full = tissue(5 * SIDE, 3 * SIDE);
    const directories = [];
    for (const level of [0, 1, 2]) {
      const image = await padded(full, level);
      const text =
        level === 0
          ? philipsText(3, (jpeg.toString('base64').match(/.{1,76}/g) ?? []).join('\n'))
          : `level=${level} ${NAME}`;
      const directory = await tiledDirectory(builder, image, SIDE, coding, [
        long(254, level === 0 ? 0 : 1),
        ascii(270, text),
        ascii(305, 'Philips DP v1.0'),
        ascii(306, '2013:11:13 10:00:00'),
      ]);
      directories.push(level === 0 ? missing(directory, [3, 7]) : directory);
    }
    const macro = await sharp(sticker, { raw: { width: 90, height: 60, channels: 3 } })
      .raw()
      .toBuffer();
    directories.push({
      fields: [
        long(254, 1),
        long(256, 90),
        long(257, 60),
        short(258, 8, 8, 8),
        short(259, 1),
        short(262, 2),
        ascii(270, 'Macro'),
        long(273, builder.add(macro)),
        short(277, 3),
        long(278, 60),
        long(279, macro.length),
      ],
    });
    return await folder.write(name, builder.build(directories));
  }

  /** The level as stored: its pixels, and what the scanner puts beside them up to whole tiles. */
  async function padded(full: Pixels, level: number): Promise<Pixels> {
    const [width, height] = [full.width >> level, full.height >> level];
    const right = Math.ceil(width / SIDE) * SIDE - width;
    const bottom = Math.ceil(height / SIDE) * SIDE - height;
    const data = await sharp(full.data, { raw: { width: full.width, height: full.height, channels: 3 } })
      .resize(width, height)
      .extend({ right, bottom, background: '#000000' })
      .raw()
      .toBuffer();
    return { data, width: width + right, height: height + bottom };
  }

  /** Glass that was not scanned: neither offset nor length. */
  const missing = (directory: Awaited<ReturnType<typeof tiledDirectory>>, tiles: number[]) => ({
    fields: directory.fields.map((field) =>
      field.tag === 324 || field.tag === 325
        ? { ...field, values: [...field.values].map((value, n) => (tiles.includes(n) ? 0 : value)) }
        : field,
    ),
  });

  it('has the true sizes of its levels, its scale, its photographs', async () => {
    const path = await built('facts.tiff');
    expect(await identifyFile(path)).to.deep.equal({
      format: 'philips-tiff',
      reading: 'direct',
      width: 640,
      height: 384,
    });
    const slide = await openSlide(path);
    expect(slide.levels.map(({ width, height }) => [width, height])).to.deep.equal([
      [640, 384],
      [320, 192],
      [160, 96],
    ]);
    expect(slide).to.include({ mpp: 0.25, mppSource: 'scanner' });
    expect(slide.associated).to.have.members(['label', 'macro']);
    for (const name of ['label', 'macro'] as const) {
      const { width, height } = await sharp(await slide.readAssociated(name)).metadata();
      expect([width, height]).to.deep.equal([90, 60]);
    }
    await slide.close();
  });

  for (const big of [false, true]) {
    it(`shows the pixels OpenSlide shows, glass where nothing was scanned: ${big ? 'BigTIFF' : 'TIFF'}`, async function () {
      if (!(await hasPythonOpenSlide())) this.skip();
      const path = await built(`truth-${big}.tiff`, big);
      const { levels, properties } = await openSlideTruth(path);
      expect(properties['openslide.vendor']).to.equal('philips');
      const slide = await openSlide(path);
      await expectTruth(slide, levels);
      const glass = cut(levels[0] as Pixels, 3 * SIDE, 0, SIDE, SIDE);
      expect(glass.every((value) => value === 255)).to.equal(true);
      await slide.close();
    });
  }

  it('keeps scale and levels, and no name, date or photograph, once names are taken out', async () => {
    const path = await built('scrubbed.tiff');
    const before = await openSlide(path);
    const facts = { levels: before.levels, mpp: before.mpp, format: before.format };
    const tile = await before.readTile(1, 1, 0);
    await before.close();
    await scrubSlide(path);
    const bytes = await readFile(path);
    for (const trace of [NAME, '2013', 'BARCODE', 'OPERATORS', 'LABELIMAGE', '/9j/', 'Macro']) {
      expect(bytes.includes(trace), trace).to.equal(false);
    }
    const slide = await openSlide(path);
    expect({ levels: slide.levels, mpp: slide.mpp, format: slide.format }).to.deep.equal(facts);
    expect(slide.associated).to.deep.equal([]);
    expect((await slide.readTile(1, 1, 0)).equals(tile)).to.equal(true);
    await slide.close();
    await scrubSlide(path);
    expect((await readFile(path)).equals(bytes)).to.equal(true);
  });

  it('refuses levels whose text lies about their size, with a code', async () => {
    const path = await built('lying.tiff');
    const bytes = await readFile(path);
    const text = bytes.toString('latin1');
    const lying = Buffer.from(text.replaceAll('0.0005', '0.0002'), 'latin1');
    const error = await identifyFile(await folder.write('lying.tiff', lying)).catch(
      (caught: unknown) => caught,
    );
    expect(error).to.have.property('code', 'SLIDE_CORRUPT');
  });
});
