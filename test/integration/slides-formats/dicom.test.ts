import { readFile, truncate } from 'node:fs/promises';
import { convertToPyramid } from '@relecture/server/slides/formats/convert.js';
import { identifyFile } from '@relecture/server/slides/formats/identify.js';
import { inspectFile } from '@relecture/server/slides/formats/inspect.js';
import { openSlide } from '@relecture/server/slides/formats/open-slide.js';
import { SlideRefusal } from '@relecture/server/slides/formats/refusal.js';
import { expect } from 'chai';
import sharp from 'sharp';
import {
  type BuiltInstance,
  buildInstance,
  type Element,
  SYNTAX,
  sequence,
  ul,
  words,
} from './dicom-builder.js';
import { meanDifference, rawPixels, realSlide, softPixels, useFolder, ycbcrJpegTile } from './fixtures.js';
import { buildZip } from './zip-builder.js';

const TILE = 64;
const [WIDTH, HEIGHT] = [180, 120];

async function frames(count: number): Promise<Buffer[]> {
  return await Promise.all(
    Array.from({ length: count }, (_, n) => ycbcrJpegTile(softPixels(TILE, n * 17), TILE)),
  );
}

const codeOf = async (path: string): Promise<string> =>
  await inspectFile(path).then(
    () => 'ready',
    (error: unknown) => {
      if (error instanceof SlideRefusal) return error.code;
      throw error;
    },
  );

/** Where a frame of a sparse slide lies, from 1. */
const position = (column: number, row: number): Element[] => [
  sequence(0x0048021a, [ul(0x0048021e, column, 'SL'), ul(0x0048021f, row, 'SL')]),
];

/** Two entries of the table of contents, one file: what zip bombs of many layers are made of. */
function sharedEntries(file: Buffer): Buffer {
  const zip = buildZip({ 'a.dcm': file, 'b.dcm': Buffer.from('x') });
  const first = zip.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  const second = zip.indexOf(Buffer.from('PK\x01\x02', 'latin1'), first + 4);
  // Compression, check, sizes; then where the bytes lie.
  zip.copy(zip, second + 10, first + 10, first + 28);
  zip.writeUInt32LE(zip.readUInt32LE(first + 42), second + 42);
  return zip;
}

/** Unpacks to more than its table of contents says. */
function lyingEntry(file: Buffer): Buffer {
  const zip = buildZip({ 'a.dcm': file });
  zip.writeUInt32LE(file.length - 600, zip.indexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
  return zip;
}

describe('DICOM whole slide images', () => {
  const folder = useFolder();
  let written: Buffer[] = [];

  before(async () => {
    written = await frames(6);
  });

  const base = (change: Partial<BuiltInstance> = {}): BuiltInstance => ({
    width: WIDTH,
    height: HEIGHT,
    tile: TILE,
    frames: written,
    ...change,
  });

  /** Each whole tile of the readable slide beside the frame it came from. */
  async function readBack(name: string, file: Buffer) {
    const target = folder.path(`${name}.tiff`);
    const facts = await convertToPyramid(await folder.write(name, file), target);
    const slide = await openSlide(target);
    const tiles: Buffer[] = [];
    for (let row = 0; row < 2; row += 1) {
      for (let column = 0; column < 3; column += 1) tiles.push(await slide.readTile(0, column, row));
    }
    await slide.close();
    return { facts, tiles, slide };
  }

  for (const [name, change] of [
    ['an empty offset table', { table: 'none' }],
    ['a basic offset table', { table: 'basic' }],
    ['frames in several pieces', { table: 'basic', split: true }],
  ] as Array<[string, Partial<BuiltInstance>]>) {
    it(`sends JPEG frames byte for byte: ${name}`, async () => {
      const { facts, tiles, slide } = await readBack(name.replaceAll(' ', '-'), buildInstance(base(change)));
      expect(slide).to.include({ width: WIDTH, height: HEIGHT });
      expect(facts).to.include({ originalFormat: 'dicom', mpp: 0.25, mppSource: 'scanner', objective: 40 });
      // The four tiles that are not cut at an edge.
      for (const n of [0, 1]) expect(tiles[n]?.equals(written[n] as Buffer), `tile ${n}`).to.equal(true);
    });
  }

  it('puts the frames of a sparse slide where they say, and glass elsewhere', async () => {
    const places = sequence(0x52009230, position(TILE + 1, 1), position(1, TILE + 1));
    const file = buildInstance(base({ frames: written.slice(0, 2), extra: [places] }));
    const { tiles } = await readBack('sparse', file);
    expect(tiles[1]?.equals(written[0] as Buffer)).to.equal(true);
    const cut = await rawPixels(tiles[3] as Buffer);
    const whole = await rawPixels(written[1] as Buffer);
    expect(meanDifference(cut.data, whole.data.subarray(0, cut.data.length))).to.be.below(1);
    expect((await rawPixels(tiles[0] as Buffer)).data.every((value) => value === 255)).to.equal(true);
  });

  it('encodes frames that are not compressed', async () => {
    const raw = Array.from({ length: 6 }, (_, n) => softPixels(TILE, n * 17));
    const file = buildInstance(base({ frames: raw, syntax: SYNTAX.explicit, photometric: 'RGB' }));
    const { tiles } = await readBack('raw', file);
    expect(meanDifference((await rawPixels(tiles[1] as Buffer)).data, raw[1] as Buffer)).to.be.below(1);
  });

  it('reads a series in a zip: levels in order, the label apart, no name in what is kept', async () => {
    const small = buildInstance(base({ width: 60, height: 40, frames: written.slice(0, 1) }));
    const label = buildInstance(
      base({
        width: TILE,
        height: TILE,
        frames: written.slice(2, 3),
        imageType: 'ORIGINAL\\PRIMARY\\LABEL\\NONE',
      }),
    );
    const zip = buildZip({
      'serie/3.dcm': small,
      'serie/1.dcm': buildInstance(base()),
      'serie/label.dcm': label,
    });
    const path = await folder.write('series.zip', zip);
    const target = folder.path('series.tiff');
    const facts = await convertToPyramid(path, target);
    expect([...facts.associated.keys()]).to.deep.equal(['label']);
    const inspected = await inspectFile(path);
    expect(inspected.levels.map(({ width }) => width)).to.deep.equal([180, 60]);
    const kept = await readFile(target);
    expect(kept.includes('PLANTEE')).to.equal(false);
    expect((await sharp(facts.associated.get('label')).metadata()).width).to.equal(TILE);
  });

  it('shows the first focal plane of a sparse slide whole, in whatever order its frames come, and says so', async () => {
    const at = (column: number, row: number, depth: string): Element[] => [
      sequence(0x0048021a, [
        words(0x0040074a, 'DS', depth),
        ul(0x0048021e, column, 'SL'),
        ul(0x0048021f, row, 'SL'),
      ]),
    ];
    const places = sequence(
      0x52009230,
      at(1, 1, '0.000'),
      at(TILE + 1, 1, '0.002'),
      at(1, 1, '0.002'),
      at(TILE + 1, 1, '0.0'),
    );
    const file = buildInstance(base({ frames: written.slice(0, 4), extra: [places] }));
    const { tiles, facts } = await readBack('planes', file);
    expect(tiles[0]?.equals(written[0] as Buffer)).to.equal(true);
    expect(tiles[1]?.equals(written[3] as Buffer)).to.equal(true);
    expect(facts.warnings).to.deep.equal(['first_plane']);
  });

  it('shows the first of the planes that a full slide has one after the other, and says so', async () => {
    const { tiles, facts } = await readBack(
      'full-planes',
      buildInstance(base({ frames: [...written, ...(await frames(12)).slice(6)] })),
    );
    for (const n of [0, 1]) expect(tiles[n]?.equals(written[n] as Buffer)).to.equal(true);
    expect(facts.warnings).to.deep.equal(['first_plane']);
    expect((await readBack('one-plane', buildInstance(base()))).facts.warnings).to.deep.equal([]);
  });

  it('puts the parts of a concatenation one behind the other, with a table of long offsets or none', async () => {
    const part = (from: number, to: number) =>
      buildInstance(
        base({
          frames: written.slice(from, to),
          extra: [ul(0x00209228, from)],
          extended: true,
        }),
      );
    const zip = buildZip({ 'b.dcm': part(2, 6), 'a.dcm': part(0, 2) });
    const { tiles } = await readBack('concatenation.zip', zip);
    for (const n of [0, 1]) expect(tiles[n]?.equals(written[n] as Buffer), `tile ${n}`).to.equal(true);
    const below = await rawPixels(tiles[3] as Buffer);
    const whole = await rawPixels(written[3] as Buffer);
    expect(meanDifference(below.data, whole.data.subarray(0, below.data.length))).to.be.below(1);
  });

  it('takes the thumbnail, which shows all of the tissue, for the smallest level', async () => {
    const thumbnail = buildInstance(
      base({
        width: 60,
        height: 40,
        frames: written.slice(5, 6),
        imageType: 'DERIVED\\PRIMARY\\THUMBNAIL\\RESAMPLED',
      }),
    );
    const zip = buildZip({ '1.dcm': buildInstance(base()), '2.dcm': thumbnail });
    const inspected = await inspectFile(await folder.write('thumbnail.zip', zip));
    expect(inspected.levels.map(({ width }) => width)).to.deep.equal([180, 60]);
  });

  it('reads the header of a file of six gigabytes and nothing else of it', async () => {
    const tile = Buffer.alloc(0);
    const path = await folder.write(
      'huge.dcm',
      buildInstance(
        base({
          width: 40_960,
          height: 48_640,
          tile: 512,
          frames: [tile],
          syntax: SYNTAX.explicit,
          photometric: 'RGB',
          numberOfFrames: 80 * 95,
        }),
      ),
    );
    await truncate(path, 6 * 1024 ** 3);
    const before = process.resourceUsage();
    const rss = process.memoryUsage().rss;
    expect(await identifyFile(path)).to.include({ format: 'dicom', width: 40_960, height: 48_640 });
    const blocks = process.resourceUsage().fsRead - before.fsRead;
    expect(blocks * 512).to.be.below(64 * 1024 * 1024);
    expect(process.memoryUsage().rss - rss).to.be.below(64 * 1024 * 1024);
  });

  it('refuses a header that is to be unpacked, before it is', async () => {
    const file = buildInstance(base({ syntax: '1.2.840.10008.1.2.1.99' }));
    expect(await codeOf(await folder.write('deflated.dcm', file))).to.equal('SLIDE_UNSUPPORTED_COMPRESSION');
  });

  it('makes smaller levels when the scanner gave only a large one', async () => {
    const tile = await sharp({ create: { width: 512, height: 512, channels: 3, background: '#b070a0' } })
      .jpeg()
      .toBuffer();
    const across = 17;
    const many = Array.from({ length: across }, () => tile);
    const file = buildInstance(base({ width: across * 512, height: 512, tile: 512, frames: many }));
    const inspected = await inspectFile(await folder.write('large.dcm', file));
    expect(inspected.levels.length).to.be.greaterThan(1);
    expect(inspected).to.include({ width: across * 512, mpp: 0.25 });
  });

  for (const [name, change, code] of [
    ['another compression', { syntax: SYNTAX.jpegLs }, 'SLIDE_UNSUPPORTED_COMPRESSION'],
    ['inverted grey', { photometric: 'MONOCHROME1' }, 'SLIDE_UNSUPPORTED_PIXELS'],
    [
      'uncompressed planes',
      { syntax: SYNTAX.explicit, photometric: 'RGB', planar: 1 },
      'SLIDE_UNSUPPORTED_PIXELS',
    ],
    ['uncompressed YBR', { syntax: SYNTAX.explicit, photometric: 'YBR_FULL' }, 'SLIDE_UNSUPPORTED_PIXELS'],
    ['a label alone', { imageType: 'ORIGINAL\\PRIMARY\\LABEL\\NONE' }, 'SLIDE_NOT_A_SLIDE'],
    ['frames that are missing', { numberOfFrames: 9 }, 'SLIDE_TRUNCATED'],
    ['a size nobody scans', { width: 2 ** 31 }, 'SLIDE_TOO_LARGE'],
    ['a frame number that is none', { numberOfFrames: -1 }, 'SLIDE_CORRUPT'],
  ] as Array<[string, Partial<BuiltInstance>, string]>) {
    it(`refuses ${name}`, async () => {
      expect(await codeOf(await folder.write('refused.dcm', buildInstance(base(change))))).to.equal(code);
    });
  }

  it('refuses sequences a thousand deep, and frames that end nowhere, with a code', async () => {
    let deep: Element = words(0x00080104, 'LO', 'fond');
    for (let n = 0; n < 1000; n += 1) deep = sequence(0x00400555, [deep]);
    const nested = buildInstance(base({ extra: [deep] }));
    expect(await codeOf(await folder.write('deep.dcm', nested))).to.be.oneOf([
      'ready',
      'SLIDE_CORRUPT',
      'SLIDE_TRUNCATED',
    ]);
    const whole = buildInstance(base());
    for (const share of [0.02, 0.3, 0.6, 0.95]) {
      const cut = await folder.write('cut.dcm', whole.subarray(0, Math.floor(whole.length * share)));
      expect(await codeOf(cut), `${share}`).to.be.oneOf(['SLIDE_TRUNCATED', 'SLIDE_CORRUPT']);
    }
  });

  it('refuses sequences without a length, fifty thousand deep', async () => {
    const whole = buildInstance(base());
    // A sequence of unknown length, and in it an item of unknown length.
    const level = Buffer.from('400055055351 0000 ffffffff feff00e0ffffffff'.replaceAll(' ', ''), 'hex');
    const at = whole.indexOf(Buffer.from('2800020055530200', 'hex'));
    const file = Buffer.concat([whole.subarray(0, at), ...new Array<Buffer>(50_000).fill(level)]);
    expect(await codeOf(await folder.write('endless.dcm', file))).to.be.oneOf([
      'SLIDE_CORRUPT',
      'SLIDE_TRUNCATED',
    ]);
  });

  it('refuses a zip of two slides, one of photographs, one that leaves its folder, one that unpacks without end', async () => {
    const one = buildInstance(base());
    const two = buildInstance(base({ series: '9.9.9' }));
    const zips: Array<[string, Buffer, string]> = [
      ['two', buildZip({ 'a.dcm': one, 'b.dcm': two }), 'SLIDE_SEVERAL_SLIDES'],
      ['photographs', buildZip({ 'a.jpg': written[0] as Buffer }), 'SLIDE_NOT_A_SLIDE'],
      ['outside', buildZip({ '../a.dcm': one }), 'SLIDE_CORRUPT'],
      ['bomb', buildZip({ 'a.dcm': Buffer.concat([one, Buffer.alloc(30_000_000)]) }), 'SLIDE_CORRUPT'],
      [
        'many',
        buildZip(Object.fromEntries(Array.from({ length: 129 }, (_, n) => [`${n}.dcm`, one]))),
        'SLIDE_CORRUPT',
      ],
      ['cut', buildZip({ 'a.dcm': one }).subarray(0, 900), 'SLIDE_TRUNCATED'],
      ['shared bytes', sharedEntries(one), 'SLIDE_CORRUPT'],
      ['a size that lies', lyingEntry(one), 'SLIDE_CORRUPT'],
    ];
    for (const [name, zip, code] of zips) {
      expect(await codeOf(await folder.write(`${name}.zip`, zip)), name).to.equal(code);
    }
  });

  it('reads the sample series, when it is there', async function () {
    const path = realSlide('ospy-boxes_0.dcm');
    if (!path) {
      this.skip();
      return;
    }
    expect(await inspectFile(path)).to.include({ format: 'dicom', width: 16, height: 16, mpp: 0.499 });
  });
});
