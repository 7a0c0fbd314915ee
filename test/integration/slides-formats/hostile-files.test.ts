import { execFileSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { convertToPyramid } from '@relecture/server/slides/formats/convert.js';
import { identifyFile } from '@relecture/server/slides/formats/identify.js';
import { inspectFile } from '@relecture/server/slides/formats/inspect.js';
import { SlideRefusal } from '@relecture/server/slides/formats/refusal.js';
import { scrubSlide } from '@relecture/server/slides/formats/scrub.js';
import { expect } from 'chai';
import sharp from 'sharp';
import {
  builtPyramid,
  rawPixels,
  realSlide,
  smallSlide,
  softPixels,
  useFolder,
  ycbcrJpegTile,
} from './fixtures.js';
import { ascii, type Field, long, short, TiffBuilder, tiledFields } from './tiff-builder.js';
import { buildZip } from './zip-builder.js';

async function refusal(path: string): Promise<SlideRefusal> {
  const outcome = await inspectFile(path).catch((error: unknown) => error);
  expect(outcome, JSON.stringify(outcome)).to.be.instanceOf(SlideRefusal);
  return outcome as SlideRefusal;
}

const codeOf = async (path: string) => (await refusal(path)).code;

describe('files that are not slides', () => {
  const folder = useFolder();

  const wrong: Array<[string, Buffer, string, object]> = [
    ['nothing at all', Buffer.alloc(0), 'SLIDE_EMPTY_FILE', {}],
    ['a text named .svs', Buffer.from('Ceci n’est pas une lame.\n'), 'SLIDE_NOT_A_SLIDE', { kind: 'text' }],
    [
      'Latin-1 text',
      Buffer.from('Compte rendu : t\xe9l\xe9phon\xe9\n', 'latin1'),
      'SLIDE_NOT_A_SLIDE',
      { kind: 'text' },
    ],
    ['one letter', Buffer.from('a'), 'SLIDE_NOT_A_SLIDE', { kind: 'text' }],
    [
      'a PDF',
      Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n', 'latin1'),
      'SLIDE_NOT_A_SLIDE',
      { kind: 'pdf' },
    ],
    [
      'a web page',
      Buffer.from('<!DOCTYPE html><html><body>403</body></html>'),
      'SLIDE_NOT_A_SLIDE',
      { kind: 'html' },
    ],
    ['a zip cut short', Buffer.from('504b0304140000000800', 'hex'), 'SLIDE_TRUNCATED', {}],
    [
      'a GIF',
      Buffer.from('GIF89a\x01\x00\x01\x00\x80\x00\x00', 'latin1'),
      'SLIDE_NOT_A_SLIDE',
      { kind: 'image' },
    ],
    [
      'random bytes',
      Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 7919 + (n >> 3) * 31) & 0xff)),
      'SLIDE_NOT_A_SLIDE',
      { kind: 'unknown' },
    ],
    [
      'a DICOM start and nothing else',
      Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]),
      'SLIDE_TRUNCATED',
      {},
    ],
    ['a CZI', Buffer.from('ZISRAWFILE\0\0\0\0\0\0'), 'SLIDE_UNSUPPORTED_FORMAT', { vendor: 'Zeiss CZI' }],
    ['a TIFF header and nothing else', Buffer.from('II*\0'), 'SLIDE_TRUNCATED', {}],
    ['a JPEG start and nothing else', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'SLIDE_TRUNCATED', {}],
  ];
  for (const [name, bytes, code, params] of wrong) {
    it(`names ${name}`, async () => {
      const found = await refusal(await folder.write(`${name.replaceAll(/\W/g, '-')}.svs`, bytes));
      expect([found.code, found.params]).to.deep.equal([code, params]);
    });
  }

  it('does not follow folders, pipes or missing files', async () => {
    await mkdir(folder.path('folder.svs'));
    execFileSync('mkfifo', [folder.path('pipe.svs')]);
    for (const name of ['folder.svs', 'pipe.svs', 'missing.svs']) {
      expect(await codeOf(folder.path(name)), name).to.equal('SLIDE_UNREADABLE_FILE');
    }
  });

  it('does not repeat a text of the file in the error', async () => {
    const found = await refusal(await folder.write('text.svs', Buffer.from('DUPONT-MARTIN Jeanne 1950')));
    expect(JSON.stringify({ ...found, message: found.message })).not.to.include('DUPONT');
  });

  it('refuses thumbnails', async () => {
    const small = await sharp(softPixels(40, 0), { raw: { width: 40, height: 40, channels: 3 } })
      .png()
      .toBuffer();
    expect(await codeOf(await folder.write('small.png', small))).to.equal('SLIDE_TOO_SMALL');
  });
});

describe('files that lie', () => {
  const folder = useFolder();
  const image = (change: readonly Field[], drop: readonly number[] = []) => {
    const fields = tiledFields({
      width: 100,
      height: 90,
      tile: 64,
      offsets: [8, 8, 8, 8],
      lengths: [4, 4, 4, 4],
    });
    const changed = new Set([...drop, ...change.map((field) => field.tag)]);
    return { fields: [...fields.filter((field) => !changed.has(field.tag)), ...change] };
  };

  const lies: Array<[string, readonly Field[], readonly number[], string]> = [
    ['2^31 pixels wide', [long(256, 0x7fffffff), long(257, 0x7fffffff)], [], 'SLIDE_TOO_LARGE'],
    ['no pixels', [long(256, 0)], [], 'SLIDE_CORRUPT'],
    ['tiles without size', [long(322, 0)], [], 'SLIDE_CORRUPT'],
    [
      'tiles of one pixel',
      [long(256, 900_000), long(257, 900_000), long(322, 1), long(323, 1)],
      [],
      'SLIDE_TOO_LARGE',
    ],
    ['too few tiles', [long(324, 8, 8), long(325, 4, 4)], [], 'SLIDE_CORRUPT'],
    ['too many tiles', [long(324, 8, 8, 8, 8, 8), long(325, 4, 4, 4, 4, 4)], [], 'SLIDE_CORRUPT'],
    ['tiles outside the file', [long(324, 8, 8, 8, 4_000_000_000)], [], 'SLIDE_TRUNCATED'],
    ['tiles longer than the file', [long(325, 4, 4, 4, 4_000_000_000)], [], 'SLIDE_TRUNCATED'],
    [
      'a strip larger than memory',
      [long(256, 60_000), long(257, 60_000), short(259, 5), long(273, 8), long(278, 60_000), long(279, 40)],
      [322, 323, 324, 325],
      'SLIDE_CORRUPT',
    ],
    ['uncompressed pixels it does not have', [short(259, 1)], [], 'SLIDE_CORRUPT'],
    ['no tile at all', [long(325, 0, 0, 0, 0)], [], 'SLIDE_CORRUPT'],
    ['no index', [], [325], 'SLIDE_CORRUPT'],
    ['old-style JPEG', [short(259, 6)], [], 'SLIDE_UNSUPPORTED_COMPRESSION'],
    ['JPEG 2000 that is none', [short(259, 33003)], [], 'SLIDE_CORRUPT'],
    ['an unknown compression', [short(259, 52_479)], [], 'SLIDE_UNSUPPORTED_COMPRESSION'],
    ['16 bits', [short(258, 16, 16, 16)], [], 'SLIDE_UNSUPPORTED_PIXELS'],
    ['seven channels', [short(277, 7)], [], 'SLIDE_UNSUPPORTED_PIXELS'],
    ['tiles that are no JPEG', [], [], 'SLIDE_CORRUPT'],
    [
      'another scanner',
      [ascii(270, '<?xml <DataObject ObjectType="DPUfsImport">')],
      [],
      // Without OpenSlide, its format cannot be read; with it, this is no such file.
      'SLIDE_UNSUPPORTED_FORMAT|SLIDE_CORRUPT',
    ],
  ];
  for (const [name, change, drop, code] of lies) {
    it(`refuses ${name}`, async () => {
      const builder = new TiffBuilder();
      builder.add(Buffer.alloc(64, 1));
      const path = await folder.write(
        `${name.replaceAll(/\W/g, '-')}.tif`,
        builder.build([image(change, drop)]),
      );
      expect(await codeOf(path)).to.match(new RegExp(code));
    });
  }

  it('leaves a chain of directories that bites its tail', async () => {
    const file = new TiffBuilder().build([image([])]);
    const first = file.readUInt32LE(4);
    file.writeUInt32LE(first, file.length - 4);
    expect(await codeOf(await folder.write('loop.tif', file))).to.equal('SLIDE_CORRUPT');
  });

  it('leaves a chain that never ends', async () => {
    const many = Array.from({ length: 400 }, () => image([]));
    expect(await codeOf(await folder.write('chain.tif', new TiffBuilder().build(many)))).to.equal(
      'SLIDE_CORRUPT',
    );
  });

  it('leaves a sub-directory list of a million', async () => {
    const file = new TiffBuilder().build([image([{ tag: 330, type: 4, values: Buffer.alloc(4_000_000) }])]);
    expect(await codeOf(await folder.write('subs.tif', file))).to.equal('SLIDE_CORRUPT');
  });

  it('does not let a BigTIFF number beyond 2^53 pass for an offset', async () => {
    const { file } = await builtPyramid({ big: true });
    file.writeBigUInt64LE(0xffff_ffff_ffff_fff0n, 8);
    expect(await codeOf(await folder.write('far.tif', file))).to.equal('SLIDE_CORRUPT');
  });

  it('shows glass where the scanner stored no tile', async () => {
    const side = 64;
    const builder = new TiffBuilder();
    const tile = await ycbcrJpegTile(softPixels(side, 1), side);
    const at = builder.add(tile);
    const fields = tiledFields({
      width: 100,
      height: 90,
      tile: side,
      offsets: [at, 0, 0, at],
      lengths: [tile.length, 0, 0, tile.length],
    });
    const path = await folder.write('sparse.tif', builder.build([{ fields }]));
    expect((await identifyFile(path)).reading).to.equal('direct');
    const { openSlide } = await import('@relecture/server/slides/formats/open-slide.js');
    const slide = await openSlide(path);
    const { data, width } = await rawPixels(await slide.readTile(0, 1, 0));
    await slide.close();
    expect(width).to.equal(36);
    expect(data.every((value) => value === 255)).to.equal(true);
  });
});

describe('files that are two things at once', () => {
  const folder = useFolder();

  it('are what they begin as, and nothing of the other thing is kept', async () => {
    const slide = await readFile(await smallSlide(folder.path('whole.svs'), { width: 500, height: 400 }));
    const archive = buildZip({ 'PLANTEE.html': Buffer.from('<script>PLANTEE</script>') });
    const pdf = Buffer.from('%PDF-1.7 PLANTEE %%EOF');
    const path = await folder.write('polyglot.svs', Buffer.concat([slide, pdf, archive]));
    expect(await identifyFile(path)).to.include({ format: 'aperio-svs', reading: 'direct' });
    await scrubSlide(path);
    const kept = await readFile(path);
    for (const trace of ['PLANTEE', 'PK\x03\x04', '%PDF'])
      expect(kept.includes(Buffer.from(trace, 'latin1')), trace).to.equal(false);
  });

  it('a TIFF in the preamble of a DICOM file loses the DICOM', async () => {
    const { file } = await builtPyramid({});
    const dicom = Buffer.concat([file, Buffer.alloc(128), Buffer.from('DICM PLANTEE^NOMINATIVE')]);
    dicom.write('DICM', 128, 'latin1');
    const path = await folder.write('dual.dcm', dicom);
    const outcome = await inspectFile(path).then(
      ({ format }) => format,
      (error: SlideRefusal) => error.code,
    );
    expect(outcome).to.be.oneOf(['tiled-tiff', 'SLIDE_CORRUPT']);
    await scrubSlide(path);
    expect((await readFile(path)).includes('NOMINATIVE')).to.equal(false);
  });

  it('an image with a page behind it is redrawn without the page', async () => {
    const jpeg = await sharp(softPixels(200, 0), { raw: { width: 200, height: 200, channels: 3 } })
      .jpeg()
      .toBuffer();
    const path = await folder.write('page.jpg', Buffer.concat([jpeg, Buffer.from('<html>PLANTEE</html>')]));
    await convertToPyramid(path, folder.path('page.tiff'));
    expect((await readFile(folder.path('page.tiff'))).includes('PLANTEE')).to.equal(false);
  });
});

describe('damaged slides', () => {
  const folder = useFolder();
  let original = Buffer.alloc(0);

  before(async () => {
    original = await readFile(await smallSlide(folder.path('whole.svs'), { width: 900, height: 700 }));
  });

  it('are refused as incomplete wherever the end was lost', async () => {
    const real = realSlide('CMU-1-Small-Region.svs');
    const files = [original, ...(real ? [await readFile(real)] : [])];
    for (const file of files) {
      for (const share of [0.1, 0.5, 0.9, 0.999]) {
        const cut = file.subarray(0, Math.floor(file.length * share));
        expect(await codeOf(await folder.write('cut.svs', cut)), `${share}`).to.equal('SLIDE_TRUNCATED');
      }
    }
  });
});
