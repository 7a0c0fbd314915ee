import {
  jpegPrefix,
  readJpegFrame,
  splitTables,
  tileBodyStart,
} from '@relecture/server/slides/formats/jpeg-stream.js';
import { SlideRefusal } from '@relecture/server/slides/formats/refusal.js';
import { expect } from 'chai';
import fc from 'fast-check';
import sharp from 'sharp';

async function sampleJpeg(): Promise<Buffer> {
  return await sharp({ create: { width: 48, height: 32, channels: 3, background: '#a05080' } })
    .jpeg({ optimiseCoding: false })
    .toBuffer();
}

describe('JPEG tiles', () => {
  it('come back whole when tables and image are joined again', async () => {
    const jpeg = await sampleJpeg();
    const { tables, image } = splitTables(jpeg);
    const joined = Buffer.concat([jpegPrefix(tables, false), image.subarray(tileBodyStart(image, false))]);
    expect((await sharp(joined).raw().toBuffer()).equals(await sharp(jpeg).raw().toBuffer())).to.equal(true);
  });

  it('tell their size before any pixel is decoded', async () => {
    expect(readJpegFrame(await sampleJpeg())).to.deep.equal({
      width: 48,
      height: 32,
      components: 3,
      precision: 8,
    });
  });

  it('carry the Adobe mark with transform 0 when their components are R, G, B', async () => {
    const jpeg = await sampleJpeg();
    const rgb = Buffer.concat([jpegPrefix(null, true), jpeg.subarray(tileBodyStart(jpeg, true))]);
    expect(rgb.subarray(2, 11).toString('latin1')).to.equal('\xff\xee\0\x0eAdobe');
    // A JFIF mark would win over Adobe's: it is gone.
    expect(rgb.includes('JFIF')).to.equal(false);
    const [r = 0, g = 0, b = 0] = await sharp(rgb).raw().toBuffer();
    const [y = 0, cb = 0, cr = 0] = [0xa0 * 0.299 + 0x50 * 0.587 + 0x80 * 0.114, 128, 128];
    // The stored Y, Cb, Cr are now read as R, G, B.
    expect(r).to.be.closeTo(y, 3);
    expect(Math.abs(g - cb)).to.be.below(40);
    expect(Math.abs(b - cr)).to.be.below(60);
  });

  it('never carry the annotations of the shared tables', () => {
    const comment = Buffer.from('fffe000b4455504f4e542e2e2e', 'hex');
    const tables = Buffer.concat([Buffer.from('ffd8', 'hex'), comment, Buffer.from('ffd9', 'hex')]);
    expect(jpegPrefix(tables, false).toString('hex')).to.equal('ffd8');
  });

  it('are refused, never misread, when they are damaged', async () => {
    const jpeg = await sampleJpeg();
    fc.assert(
      fc.property(fc.nat(jpeg.length - 1), fc.nat(255), fc.nat(jpeg.length), (at, value, length) => {
        const damaged = Buffer.from(jpeg.subarray(0, length));
        if (at < damaged.length) damaged[at] = value;
        for (const read of [
          () => readJpegFrame(damaged),
          () => splitTables(damaged),
          () => tileBodyStart(damaged, true),
          () => jpegPrefix(damaged, true),
        ]) {
          try {
            read();
          } catch (error) {
            expect(error).to.be.instanceOf(SlideRefusal);
          }
        }
      }),
    );
  });
});
