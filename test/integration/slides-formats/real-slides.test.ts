import { identifyFile } from '@relecture/server/slides/formats/identify.js';
import { inspectFile } from '@relecture/server/slides/formats/inspect.js';
import { openSlide } from '@relecture/server/slides/formats/open-slide.js';
import { hasOpenSlide } from '@relecture/server/slides/formats/openslide.js';
import { SlideRefusal } from '@relecture/server/slides/formats/refusal.js';
import type { Slide } from '@relecture/server/slides/formats/slide.js';
import { describeSlideRefusal } from '@relecture/shared/slides/refusals.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { channelMeans, meanDifference, rawPixels, realSlide } from './fixtures.js';

/** The file, or the test is skipped and says why. */
function needs(context: Mocha.Context, name: string): string {
  const path = realSlide(name);
  if (path !== null) return path;
  const title = context.test?.title ?? '';
  if (context.test) context.test.title = `${title} (skipped: ${name} not found, set RELECTURE_SAMPLES)`;
  return context.skip();
}

async function refusalOf(path: string): Promise<SlideRefusal> {
  const outcome = await inspectFile(path).catch((error: unknown) => error);
  expect(outcome).to.be.instanceOf(SlideRefusal);
  return outcome as SlideRefusal;
}

describe('real slides', () => {
  const CMU = 'CMU-1-Small-Region.svs';

  async function withSlide(path: string, use: (slide: Slide) => Promise<void>): Promise<void> {
    const slide = await openSlide(path);
    try {
      await use(slide);
    } finally {
      await slide.close();
    }
  }

  it('reads what the Aperio scanner says', async function () {
    const path = needs(this, CMU);
    expect(await identifyFile(path)).to.deep.equal({
      format: 'aperio-svs',
      reading: 'direct',
      width: 2220,
      height: 2967,
    });
    await withSlide(path, async (slide) => {
      expect(slide.mpp).to.equal(0.499);
      expect(slide.objective).to.equal(20);
      expect(slide.levels).to.have.length(1);
      expect(slide.associated).to.have.members(['thumbnail', 'label', 'macro']);
      for (const name of slide.associated) {
        const { width } = await sharp(await slide.readAssociated(name)).metadata();
        expect(width).to.equal({ thumbnail: 574, label: 387, macro: 1280 }[name]);
      }
    });
  });

  it('shows RGB tiles in their true colours', async function () {
    const path = needs(this, CMU);
    await withSlide(path, async (slide) => {
      // OpenSlide's truth for this tile of level 0; without the Adobe mark it is 188.3 / 154.7 / 144.9.
      const [r, g, b] = channelMeans((await rawPixels(await slide.readTile(0, 4, 5))).data);
      expect(r).to.be.closeTo(170.7, 1);
      expect(g).to.be.closeTo(118.3, 1);
      expect(b).to.be.closeTo(155.0, 1);
    });
  });

  it('shows every pixel of level 0 as libtiff decodes it', async function () {
    const path = needs(this, CMU);
    await withSlide(path, async (slide) => {
      const whole = await sharp(path, { page: 0 }).raw().toBuffer();
      const seen = Buffer.alloc(whole.length);
      const { columns, rows } = slide.grid(0);
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) {
          const tile = await rawPixels(await slide.readTile(0, column, row));
          for (let y = 0; y < tile.height; y += 1) {
            const at = ((row * 240 + y) * slide.width + column * 240) * 3;
            tile.data.copy(seen, at, y * tile.width * 3, (y + 1) * tile.width * 3);
          }
        }
      }
      expect(meanDifference(seen, whole)).to.be.below(0.5);
      for (const [n, mean] of channelMeans(seen).entries()) {
        expect(mean).to.be.closeTo(channelMeans(whole)[n] ?? 0, 0.2);
      }
    });
  });

  it('converts a deflated pyramid', async function () {
    const inspection = await inspectFile(needs(this, 'ospy-boxes.tiff'));
    expect(inspection).to.include({ format: 'tiled-tiff', reading: 'convert', width: 300, height: 250 });
    // 28 pixels per centimetre are a screen's resolution, no microscope's.
    expect(inspection.mpp).to.equal(null);
  });

  for (const [name, code] of [
    ['ojpeg-tile.tif', 'SLIDE_UNSUPPORTED_COMPRESSION'],
    ['ospy-unopenable.tiff', 'SLIDE_UNSUPPORTED_COMPRESSION'],
    ['ospy-unreadable.svs', 'SLIDE_TOO_SMALL'],
    ['README.md', 'SLIDE_NOT_A_SLIDE'],
  ] as const) {
    it(`refuses ${name} with a code and advice`, async function () {
      const refusal = await refusalOf(needs(this, name));
      expect(refusal.code).to.equal(code);
      for (const language of ['fr', 'en'] as const) {
        const { reason, advice } = describeSlideRefusal(refusal, language);
        expect(`${reason} ${advice}`).not.to.match(/undefined|null|\[object/);
        expect(advice.length).to.be.greaterThan(20);
      }
    });
  }

  it('reads a Hamamatsu NDPI where OpenSlide is, and says what to install where it is not', async function () {
    const path = needs(this, 'test3-DAPI-2-387.ndpi');
    if (await hasOpenSlide()) {
      const slide = await inspectFile(path);
      expect(slide).to.include({ format: 'hamamatsu-ndpi', width: 3968, height: 4864, objective: 40 });
      expect(slide.mpp).to.be.closeTo(0.2282, 0.0001);
    } else {
      const refusal = await refusalOf(path);
      expect(refusal.params).to.deep.equal({ vendor: 'Hamamatsu NDPI', install: 'libvips-tools' });
    }
  });
});
