import { convertToPyramid } from '@relecture/server/slides/formats/convert.js';
import { openSlide } from '@relecture/server/slides/formats/open-slide.js';
import { expect } from 'chai';
import { meanDifference, rawPixels, softPixels, useFolder } from './fixtures.js';
import { jpeg2000Slide, TILE } from './jpeg-2000-builder.js';

describe('Aperio slides in JPEG 2000', () => {
  const folder = useFolder();

  for (const [compression, name] of [
    [33_005, 'RGB'],
    [33_003, 'YCbCr'],
  ] as const) {
    it(`keep the colours of ${name} tiles`, async () => {
      const pixels = [softPixels(TILE, 3), softPixels(TILE, 40)];
      const source = await folder.write(`${name}.svs`, await jpeg2000Slide(compression, pixels));
      const target = folder.path(`${name}.tiff`);
      expect(await convertToPyramid(source, target)).to.include({
        originalFormat: 'aperio-svs',
        mpp: 0.5,
        objective: 20,
      });
      const slide = await openSlide(target);
      for (const [column, expected] of pixels.entries()) {
        const { data } = await rawPixels(await slide.readTile(0, column, 0));
        expect(meanDifference(data, expected)).to.be.below(1);
      }
      await slide.close();
    });
  }
});
