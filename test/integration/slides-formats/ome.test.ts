import { readFile } from 'node:fs/promises';
import { identifyFile } from '@relecture/server/slides/formats/identify.js';
import { openSlide } from '@relecture/server/slides/formats/open-slide.js';
import { scrubSlide } from '@relecture/server/slides/formats/scrub.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { useFolder } from './fixtures.js';
import { ascii, type BuiltDirectory, long, short, TiffBuilder } from './tiff-builder.js';
import { type Pixels, tissue } from './truth/compare.js';
import { type TileCoding, tiledDirectory, ycbcrJpeg } from './truth/tiled-files.js';

const NAME = 'PLANTEE-NOMINATIVE';

const image = (name: string, page: number, pixels: string, channel = '<Channel SamplesPerPixel="3"/>') =>
  `<Image ID="Image:${page}" Name="${name}"><AcquisitionDate>2026-01-02T03:04:05</AcquisitionDate>` +
  `<Pixels ${pixels}>${channel}<TiffData IFD="${page}" PlaneCount="1"/></Pixels></Image>`;
const ome = (...images: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">` +
  `<Experimenter UserName="${NAME}"/><Instrument><Objective NominalMagnification="40"/></Instrument>${images.join('')}</OME>`;

describe('OME-TIFF', () => {
  const folder = useFolder();
  const main = tissue(701, 523);

  const scaled = async (width: number, height: number): Promise<Pixels> => ({
    data: await sharp(main.data, { raw: { width: 701, height: 523, channels: 3 } })
      .resize(width, height, { fit: 'fill' })
      .raw()
      .toBuffer(),
    width,
    height,
  });

  /** Two levels and a level of strips under the slide; label and macro beside it, the macro tiled and of its shape. */
  async function whole(pixels: string): Promise<string> {
    const builder = new TiffBuilder({ big: true });
    const coding = await ycbcrJpeg('4:4:4');
    const add = (of: Pixels, extra: Parameters<typeof tiledDirectory>[4] = []) =>
      tiledDirectory(builder, of, 256, coding, extra);
    const text = ome(
      image(NAME, 0, pixels),
      image('label image', 1, 'SizeC="3"'),
      image('macro image', 2, 'SizeC="3" PhysicalSizeX="9"'),
    );
    const small = await scaled(175, 131);
    const strips: BuiltDirectory = { fields: strip(builder, await scaled(88, 65)) };
    const slide = {
      ...(await add(main, [ascii(270, Buffer.from(text).toString('latin1'))])),
      sub: [await add(await scaled(350, 262)), await add(small), strips],
    };
    const file = builder.build([slide, await add(tissue(130, 120, 50)), await add(await scaled(234, 174))]);
    return await folder.write('whole.ome.tiff', file);
  }

  const strip = (builder: TiffBuilder, { data, width, height }: Pixels) => [
    long(254, 1),
    long(256, width),
    long(257, height),
    short(258, 8, 8, 8),
    short(259, 1),
    short(262, 2),
    long(273, builder.add(data)),
    short(277, 3),
    long(278, height),
    long(279, data.length),
  ];

  it('has its levels from under the slide, label and macro from beside it, and keeps only the levels', async () => {
    const path = await whole('SizeC="3" SizeX="701" PhysicalSizeX="0.000253" PhysicalSizeXUnit="mm"');
    expect(await identifyFile(path)).to.deep.equal({
      format: 'ome-tiff',
      reading: 'direct',
      width: 701,
      height: 523,
    });
    const sizes = [
      [701, 523],
      [350, 262],
      [175, 131],
    ];
    const slide = await openSlide(path);
    expect(slide.levels.map(({ width, height }) => [width, height])).to.deep.equal(sizes);
    expect(slide).to.include({ mpp: 0.253, mppSource: 'scanner', objective: 40 });
    expect(slide.associated).to.have.members(['label', 'macro']);
    expect((await sharp(await slide.readAssociated('label')).metadata()).width).to.equal(130);
    expect((await sharp(await slide.readAssociated('macro')).metadata()).width).to.equal(234);
    const tile = await slide.readTile(2, 0, 0);
    await slide.close();

    await scrubSlide(path);
    const bytes = await readFile(path);
    for (const trace of [NAME, '2026', 'label image', 'Experimenter'])
      expect(bytes.includes(trace), trace).to.equal(false);
    const kept = await openSlide(path);
    expect(kept.levels.map(({ width, height }) => [width, height])).to.deep.equal(sizes);
    expect(kept).to.include({ mpp: 0.253, objective: 40 });
    expect(kept.associated).to.deep.equal([]);
    expect((await kept.readTile(2, 0, 0)).equals(tile)).to.equal(true);
    await kept.close();
    await scrubSlide(path);
    expect((await readFile(path)).equals(bytes)).to.equal(true);
  });

  for (const [size, mpp] of [
    ['PhysicalSizeX="0.25"', 0.25],
    ['PhysicalSizeX="0.25" PhysicalSizeXUnit="µm"', 0.25],
    ['PhysicalSizeX="0.25" PhysicalSizeXUnit="&#181;m"', 0.25],
    ['PhysicalSizeX="250" PhysicalSizeXUnit="nm"', 0.25],
    ['PhysicalSizeX="2.5E-5" PhysicalSizeXUnit="cm"', 0.25],
    ['PhysicalSizeX="0.25" PhysicalSizeXUnit="pixel"', null],
    ['PhysicalSizeX="0.25" PhysicalSizeXUnit="reference frame"', null],
    ['', null],
  ] as const) {
    it(`reads the scale ${size || 'that is not there'}`, async () => {
      const slide = await openSlide(await whole(`SizeC="3" ${size}`));
      expect(slide.mpp).to.equal(mpp);
      await slide.close();
    });
  }

  /** One directory whose planes lie one after the other (PlanarConfiguration 2). */
  async function planes(): Promise<string> {
    const builder = new TiffBuilder();
    const side = 256;
    const raw: TileCoding = { compression: 1, photometric: 2, encode: (rgb) => rgb };
    const { fields } = await tiledDirectory(new TiffBuilder(), main, side, raw);
    const offsets: number[] = [];
    for (const channel of [0, 1, 2]) {
      for (let top = 0; top < main.height; top += side) {
        for (let left = 0; left < main.width; left += side) {
          const tile = Buffer.alloc(side * side);
          for (let y = 0; y < Math.min(side, main.height - top); y += 1)
            for (let x = 0; x < Math.min(side, main.width - left); x += 1)
              tile[y * side + x] = main.data[((top + y) * main.width + left + x) * 3 + channel] ?? 0;
          offsets.push(builder.add(tile));
        }
      }
    }
    const change = new Map([
      [284, [2]],
      [324, offsets],
      [325, offsets.map(() => side * side)],
    ]);
    const text = ome(image('slide', 0, 'SizeC="3"'));
    const planar = fields.map((field) => ({ ...field, values: change.get(field.tag) ?? field.values }));
    return await folder.write('planes.ome.tiff', builder.build([{ fields: [...planar, ascii(270, text)] }]));
  }

  it('refuses the colours of tiles that lie apart, with a code', async () => {
    const error = await identifyFile(await planes()).catch((e: unknown) => e);
    expect(error).to.have.property('code', 'SLIDE_UNSUPPORTED_PIXELS');
  });

  async function grey(text: string): Promise<string> {
    const path = folder.path('grey.tiff');
    const { data, width, height } = main;
    await sharp(data, { raw: { width, height, channels: 3 } })
      .toColourspace('b-w')
      .tiff({ compression: 'jpeg', quality: 80, tile: true })
      .toFile(path);
    const single = await readFile(path);
    // libvips leaves room for no text: the directory is written again behind the file, with one.
    const at = single.readUInt32LE(4);
    const entries = single.readUInt16LE(at);
    const kept = [];
    for (let n = 0; n < entries; n += 1) {
      const entry = single.subarray(at + 2 + n * 12, at + 14 + n * 12);
      if (entry.readUInt16LE(0) !== 270) kept.push(entry);
    }
    const words = Buffer.from(`${text}\0`);
    const field = Buffer.alloc(12);
    field.writeUInt16LE(270, 0);
    field.writeUInt16LE(2, 2);
    field.writeUInt32LE(words.length, 4);
    field.writeUInt32LE(single.length, 8);
    const number = Buffer.alloc(2);
    number.writeUInt16LE(kept.length + 1);
    const sorted = [...kept, field].sort((a, b) => a.readUInt16LE(0) - b.readUInt16LE(0));
    const pad = Buffer.alloc(words.length % 2);
    const head = Buffer.from(single);
    head.writeUInt32LE(single.length + words.length + pad.length, 4);
    return await folder.write(
      'grey.ome.tiff',
      Buffer.concat([head, words, pad, number, ...sorted, Buffer.alloc(4)]),
    );
  }

  it('refuses channels that lie in images of their own: the first alone would be shown as the slide', async () => {
    const error = await identifyFile(await grey(ome(image('fluo', 0, 'SizeC="3"', '')))).catch(
      (e: unknown) => e,
    );
    expect(error).to.have.property('code', 'SLIDE_UNSUPPORTED_PIXELS');
  });

  it('says that it shows the first of several focal planes', async () => {
    const path = await grey(ome(image('stack', 0, 'SizeC="1" SizeZ="5"', '')));
    expect(await identifyFile(path)).to.deep.include({ format: 'ome-tiff', warnings: ['first_plane'] });
  });
});
