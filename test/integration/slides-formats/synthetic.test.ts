import { readFile } from 'node:fs/promises';
import { identifyFile } from '@relecture/server/slides/formats/identify.js';
import { openSlide } from '@relecture/server/slides/formats/open-slide.js';
import { sampleTiles } from '@relecture/server/slides/formats/quality.js';
import { SYNTHETIC_KINDS } from '@relecture/server/slides/synthetic/tissue.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { channelMeans, meanDifference, rawPixels, smallSlide, useFolder } from './fixtures.js';

describe('synthetic slides', () => {
  const folder = useFolder();

  for (const kind of SYNTHETIC_KINDS) {
    it(`draws ${kind}: a pyramid with label and macro, tissue and glass`, async () => {
      const path = await smallSlide(folder.path(`${kind}.svs`), { kind });
      expect(await identifyFile(path)).to.deep.equal({
        format: 'aperio-svs',
        reading: 'direct',
        width: 1500,
        height: 1100,
      });
      const slide = await openSlide(path);
      try {
        expect(slide.mpp).to.equal(0.5);
        expect(slide.mppSource).to.equal('scanner');
        expect(slide.objective).to.equal(20);
        expect(slide.associated).to.have.members(['thumbnail', 'label', 'macro']);
        expect(slide.levels.length).to.be.greaterThan(1);
        const quality = await sampleTiles(slide, 64);
        expect(quality.unreadable).to.equal(0);
        expect(quality.blankShare).to.be.within(0.05, 0.8);
        expect(quality.blackShare).to.equal(0);
      } finally {
        await slide.close();
      }
    });
  }

  it('shows every tile as an independent decoder sees it, on every level', async () => {
    const path = await smallSlide(folder.path('compare.svs'));
    const slide = await openSlide(path);
    try {
      for (const [number, level] of slide.levels.entries()) {
        // In the file's chain the thumbnail comes second.
        const whole = sharp(path, { page: number === 0 ? 0 : number + 1 });
        const { columns, rows } = slide.grid(number);
        for (let row = 0; row < rows; row += 1) {
          for (let column = 0; column < columns; column += 1) {
            const left = column * level.tileWidth;
            const top = row * level.tileHeight;
            const width = Math.min(level.tileWidth, level.width - left);
            const height = Math.min(level.tileHeight, level.height - top);
            const tile = await rawPixels(await slide.readTile(number, column, row));
            expect([tile.width, tile.height]).to.deep.equal([width, height]);
            const expected = await whole.clone().extract({ left, top, width, height }).raw().toBuffer();
            expect(meanDifference(tile.data, expected), `${number}/${column}/${row}`).to.be.below(1);
          }
        }
      }
    } finally {
      await slide.close();
    }
  });

  it('gives the same bytes for the same seed and others for another', async () => {
    const options = { width: 700, height: 500, kind: 'he-sarcoma' } as const;
    const once = await readFile(await smallSlide(folder.path('a.svs'), options));
    const again = await readFile(await smallSlide(folder.path('b.svs'), options));
    const other = await readFile(await smallSlide(folder.path('c.svs'), { ...options, seed: 6 }));
    expect(once.equals(again)).to.equal(true);
    expect(once.equals(other)).to.equal(false);
  });

  it('stains haematoxylin and eosin pink and violet, immunohistochemistry blue and brown', async () => {
    const pixels = async (kind: 'he-sarcoma' | 'ihc-dab') => {
      const slide = await openSlide(await smallSlide(folder.path(`colour-${kind}.svs`), { kind }));
      const { data } = await rawPixels(await slide.readThumbnail(1500));
      await slide.close();
      return data;
    };
    const [r, g, b] = channelMeans(await pixels('he-sarcoma'));
    expect(r).to.be.greaterThan(g + 15);
    expect(b).to.be.greaterThan(g + 15);

    const ihc = await pixels('ihc-dab');
    const count = { brown: 0, blue: 0 };
    for (let at = 0; at < ihc.length; at += 3) {
      const [red = 0, green = 0, blue = 0] = ihc.subarray(at, at + 3);
      if (red > blue + 40 && green < 140) count.brown += 1;
      if (blue > red + 25 && green < 170) count.blue += 1;
    }
    expect(count.brown).to.be.greaterThan(500);
    expect(count.blue).to.be.greaterThan(500);
  });

  it('writes a plain pyramid whose scale is in the resolution tags', async () => {
    const path = await smallSlide(folder.path('plain.tif'), { layout: 'tiff' });
    expect((await identifyFile(path)).format).to.equal('tiled-tiff');
    const slide = await openSlide(path);
    expect(slide.mpp).to.be.closeTo(0.5, 1e-6);
    expect(slide.mppSource).to.equal('resolution');
    expect(slide.associated).to.deep.equal([]);
    await slide.close();
  });

  it('makes a thumbnail of the wanted size from any slide', async () => {
    const slide = await openSlide(await smallSlide(folder.path('thumb.svs')));
    try {
      for (const size of [64, 300, 1200]) {
        const { width, height } = await sharp(await slide.readThumbnail(size)).metadata();
        expect(Math.max(width, height)).to.equal(size);
        expect(width / height).to.be.closeTo(1500 / 1100, 0.05);
      }
    } finally {
      await slide.close();
    }
  });
});
