import { identifyFile } from '@relecture/server/slides/formats/identify.js';
import { openSlide } from '@relecture/server/slides/formats/open-slide.js';
import { TileNotFoundError } from '@relecture/server/slides/formats/slide.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { builtPyramid, meanDifference, rawPixels, useFolder } from './fixtures.js';

const SIDE = 64;

describe('tiled pyramids of every byte order', () => {
  const folder = useFolder();

  for (const big of [false, true]) {
    for (const little of [true, false]) {
      for (const rgb of [false, true]) {
        for (const subIfds of [false, true]) {
          const name = `${big ? 'BigTIFF' : 'TIFF'} ${little ? 'little' : 'big'}-endian ${rgb ? 'RGB' : 'YCbCr'} ${subIfds ? 'sub-directories' : 'chain'}`;
          it(`reads ${name}`, async () => {
            const { file, tiles } = await builtPyramid({ big, little, rgb, subIfds });
            const path = await folder.write(`${name}.tif`.replaceAll(' ', '-'), file);
            const identified = await identifyFile(path);
            expect(identified).to.deep.equal({
              format: 'tiled-tiff',
              reading: 'direct',
              width: 100,
              height: 90,
            });
            const slide = await openSlide(path);
            try {
              expect(slide.levels.map(({ width, height }) => [width, height])).to.deep.equal([
                [100, 90],
                [50, 45],
              ]);
              expect(slide.levels[1]?.downsample).to.equal(2);
              expect(slide.mpp).to.equal(null);
              const tile = await rawPixels(await slide.readTile(0, 0, 0));
              expect([tile.width, tile.height]).to.deep.equal([SIDE, SIDE]);
              expect(meanDifference(tile.data, tiles[0] ?? Buffer.alloc(0))).to.be.below(2.5);
            } finally {
              await slide.close();
            }
          });
        }
      }
    }
  }

  it('cuts edge tiles to the pixels inside the slide', async () => {
    const { file, tiles } = await builtPyramid({ rgb: true });
    const path = await folder.write('edges.tif', file);
    const slide = await openSlide(path);
    try {
      const corner = await rawPixels(await slide.readTile(0, 1, 1));
      expect([corner.width, corner.height]).to.deep.equal([100 - SIDE, 90 - SIDE]);
      const expected = await sharp(tiles[3], { raw: { width: SIDE, height: SIDE, channels: 3 } })
        .extract({ left: 0, top: 0, width: 100 - SIDE, height: 90 - SIDE })
        .raw()
        .toBuffer();
      expect(meanDifference(corner.data, expected)).to.be.below(2.5);
    } finally {
      await slide.close();
    }
  });

  it('says that a tile outside the grid does not exist', async () => {
    const { file } = await builtPyramid({});
    const slide = await openSlide(await folder.write('outside.tif', file));
    try {
      for (const [level, column, row] of [
        [0, 2, 0],
        [0, 0, 2],
        [2, 0, 0],
        [-1, 0, 0],
        [0, -1, 0],
        [0, 0.5, 0],
      ] as const) {
        const error = await slide.readTile(level, column, row).catch((caught: unknown) => caught);
        expect(error, `${level}/${column}/${row}`).to.be.instanceOf(TileNotFoundError);
      }
    } finally {
      await slide.close();
    }
  });

  it('stops the work of an aborted request', async () => {
    const { file } = await builtPyramid({});
    const slide = await openSlide(await folder.write('aborted.tif', file));
    const error = await slide
      .readTile(0, 1, 1, { isCancelled: () => true })
      .catch((caught: unknown) => caught);
    expect(error).to.have.property('name', 'ReadCancelledError');
    await slide.close();
  });

  it('finishes the reads under way before it closes the file', async () => {
    const { file } = await builtPyramid({});
    const slide = await openSlide(await folder.write('closing.tif', file));
    const reads = Array.from({ length: 20 }, () => slide.readTile(0, 0, 0));
    await Promise.all([slide.close(), ...reads.map((read) => read.catch((error: Error) => error.message))]);
    const late = await slide.readTile(0, 0, 0).catch((error: unknown) => error);
    expect(late).to.be.instanceOf(Error);
  });
});
