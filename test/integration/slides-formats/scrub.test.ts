import { readFile, stat } from 'node:fs/promises';
import { identifyFile } from '@relecture/server/slides/formats/identify.js';
import { openSlide } from '@relecture/server/slides/formats/open-slide.js';
import { scrubSlide } from '@relecture/server/slides/formats/scrub.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { LABEL, smallSlide, softPixels, useFolder, ycbcrJpegTile } from './fixtures.js';
import { ascii, long, short, TiffBuilder, tiledFields } from './tiff-builder.js';

const NAME = 'DUPONT-MARTIN';

/** An SVS that names the patient everywhere a file can: texts, unknown tags, dates, label, trailing bytes. */
async function namedSlide(big: boolean, little: boolean): Promise<Buffer> {
  const side = 64;
  const builder = new TiffBuilder({ big, little });
  const offsets: number[] = [];
  const lengths: number[] = [];
  builder.add(Buffer.from(`left behind by an editor: ${NAME}`));
  for (let n = 0; n < 4; n += 1) {
    const tile = await ycbcrJpegTile(softPixels(side, n), side);
    offsets.push(builder.add(tile));
    lengths.push(tile.length);
  }
  const label = Buffer.alloc(300 * 100 * 3, Buffer.from(NAME));
  const labelAt = builder.add(label);
  const strip = (description: string, subfile: number) => ({
    fields: [
      long(254, subfile),
      long(256, 300),
      long(257, 100),
      short(258, 8, 8, 8),
      short(259, 1),
      short(262, 2),
      ascii(270, description),
      long(273, labelAt),
      short(277, 3),
      long(278, 100),
      long(279, label.length),
      ascii(306, '2026:01:02 03:04:05'),
    ],
  });
  const description =
    `Aperio Image Library v11.2.1 \r\n100x90 [0,0 100x90] (64x64) JPEG/YCC Q=95` +
    `|AppMag = 20|MPP = 0.4990|Patient = ${NAME}|Filename = ${NAME}-1|User = ${NAME}|Barcode = ${NAME}` +
    `|Date = 12/29/09|Time = 09:59:15|ImageID = 1004486|Title = ${NAME}|MPP2 = ${NAME}|Left = ${NAME}|Top = 23.4`;
  const main = tiledFields({
    width: 100,
    height: 90,
    tile: side,
    offsets,
    lengths,
    extra: [
      ascii(270, description),
      ascii(269, NAME),
      ascii(305, `scanner of ${NAME}`),
      ascii(306, '2026:01:02 03:04:05'),
      ascii(315, NAME),
      ascii(316, NAME),
      { tag: 700, type: 7, values: Buffer.from(`<x:xmpmeta>${NAME}</x:xmpmeta>`) },
      { tag: 65000, type: 7, values: Buffer.from(`private ${NAME}`) },
    ],
  });
  const file = builder.build([
    { fields: main },
    strip(`Aperio Image Library v11.2.1 \nlabel 300x100 ${NAME}`, 1),
    strip(`Aperio Image Library v11.2.1 \nmacro 300x100 ${NAME}`, 9),
  ]);
  return Buffer.concat([file, Buffer.from(`trailer ${NAME}`)]);
}

describe('de-identification of the stored slide', () => {
  const folder = useFolder();

  for (const big of [false, true]) {
    for (const little of [false, true]) {
      it(`leaves no planted name in ${big ? 'BigTIFF' : 'TIFF'}, ${little ? 'little' : 'big'}-endian`, async () => {
        const path = await folder.write(`named-${big}-${little}.svs`, await namedSlide(big, little));
        const before = await openSlide(path);
        const tilesBefore = await Promise.all([before.readTile(0, 0, 0), before.readTile(0, 1, 1)]);
        expect(before.associated).to.have.members(['label', 'macro']);
        await before.close();
        const { size } = await stat(path);

        const result = await scrubSlide(path);
        expect(result.removedDirectories).to.equal(2);
        const bytes = await readFile(path);
        expect(bytes.length).to.equal(size);
        for (const trace of [NAME, '2026', '12/29/09', '09:59:15', '1004486', 'label', 'macro', 'Barcode']) {
          expect(bytes.includes(trace), trace).to.equal(false);
        }

        expect((await identifyFile(path)).format).to.equal('aperio-svs');
        const slide = await openSlide(path);
        expect(slide.mpp).to.equal(0.499);
        expect(slide.objective).to.equal(20);
        expect(slide.associated).to.deep.equal([]);
        const tilesAfter = await Promise.all([slide.readTile(0, 0, 0), slide.readTile(0, 1, 1)]);
        await slide.close();
        expect(tilesAfter.every((tile, n) => tile.equals(tilesBefore[n] ?? Buffer.alloc(0)))).to.equal(true);
      });
    }
  }

  it('can be done again after a crash without further change', async () => {
    const path = await folder.write('twice.svs', await namedSlide(false, true));
    await scrubSlide(path);
    const once = await readFile(path);
    const again = await scrubSlide(path);
    expect(again.removedDirectories).to.equal(0);
    expect((await readFile(path)).equals(once)).to.equal(true);
  });

  it('takes the exam number out of a synthetic slide and keeps every level', async () => {
    const path = await smallSlide(folder.path('synthetic.svs'));
    expect((await readFile(path)).includes(LABEL.examNumber)).to.equal(true);
    const before = await openSlide(path);
    const { levels } = before;
    const tile = await before.readTile(1, 0, 0);
    await before.close();
    await scrubSlide(path);
    expect((await readFile(path)).includes(LABEL.examNumber)).to.equal(false);
    const slide = await openSlide(path);
    expect(slide.levels).to.deep.equal(levels);
    expect(slide.associated).to.deep.equal(['thumbnail']);
    expect((await slide.readTile(1, 0, 0)).equals(tile)).to.equal(true);
    await slide.close();
    // Another reader agrees that it is a sound TIFF.
    expect((await sharp(path).metadata()).pages).to.equal(levels.length + 1);
  });
});
