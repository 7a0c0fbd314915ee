import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import sharp, { type Sharp } from 'sharp';
import { buildInstance, words } from '../slides-formats/dicom-builder.js';
import { LABEL, smallSlide, softPixels, ycbcrJpegTile } from '../slides-formats/fixtures.js';
import { jpeg2000Slide, TILE } from '../slides-formats/jpeg-2000-builder.js';
import { ascii, long, TiffBuilder } from '../slides-formats/tiff-builder.js';
import { tissue } from '../slides-formats/truth/compare.js';
import { tiledDirectory, ycbcrJpeg } from '../slides-formats/truth/tiled-files.js';
import { buildZip } from '../slides-formats/zip-builder.js';
import { postSlide, settled } from './calls.js';
import { filesUnder } from './folders.js';
import { type Person, type SlideServer, startSlideServer } from './slide-server.js';

const NAME = 'PLANTEE-NOMINATIVE';
const EXIF = { IFD0: { Artist: NAME, ImageDescription: NAME, Copyright: NAME, Software: NAME } };

function picture() {
  const { data, width, height } = tissue(900, 700);
  return sharp(data, { raw: { width, height, channels: 3 } });
}

async function svs(folder: string): Promise<Buffer> {
  const bytes = await readFile(await smallSlide(join(folder, 'named.svs')));
  return Buffer.concat([bytes, Buffer.from(`trailer ${NAME}`)]);
}

async function ome(): Promise<Buffer> {
  const builder = new TiffBuilder({ big: true });
  const text =
    '<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">' +
    `<Experimenter UserName="${NAME}"/><Image ID="Image:0" Name="${NAME}">` +
    '<Pixels DimensionOrder="XYCZT" SizeX="600" SizeY="400" SizeC="3" SizeZ="1" SizeT="1" Type="uint8" ' +
    'PhysicalSizeX="0.25" PhysicalSizeY="0.25"/></Image></OME>';
  const coding = await ycbcrJpeg('4:2:0');
  const main = await tiledDirectory(builder, tissue(600, 400), 128, coding, [
    ascii(270, text),
    ascii(315, NAME),
  ]);
  const half = await tiledDirectory(builder, tissue(300, 200), 128, coding);
  return builder.build([{ ...main, sub: [half] }]);
}

async function tiff(big: boolean): Promise<Buffer> {
  const builder = new TiffBuilder({ big });
  const names = [ascii(269, NAME), ascii(270, NAME), ascii(305, NAME), ascii(315, NAME), ascii(316, NAME)];
  const coding = await ycbcrJpeg('4:2:0');
  return builder.build([
    await tiledDirectory(builder, tissue(600, 400), 128, coding, names),
    await tiledDirectory(builder, tissue(300, 200), 128, coding, [long(254, 1), ascii(270, NAME)]),
  ]);
}

/** Behind the end of the image, where any reader stops. */
const trailed = async (image: Sharp): Promise<Buffer> =>
  Buffer.concat([await image.toBuffer(), Buffer.from(`trailer ${NAME}`)]);

async function dicom(): Promise<Buffer> {
  const frames = await Promise.all([1, 2, 3, 4].map((phase) => ycbcrJpegTile(softPixels(64, phase), 64)));
  return buildInstance({
    width: 128,
    height: 128,
    tile: 64,
    frames,
    table: 'basic',
    extra: [
      words(0x00080050, 'SH', LABEL.examNumber),
      words(0x00100010, 'PN', NAME),
      words(0x00100020, 'LO', LABEL.examNumber),
      words(0x00400512, 'LO', `${NAME}-A1`),
    ],
  });
}

const tiles = { tile: true, tileWidth: 128, tileHeight: 128 };
/** One of each way a slide may come, naming the patient wherever that way has room for a name. */
const FILES: Record<string, (folder: string) => Promise<Buffer>> = {
  'Aperio SVS': svs,
  'Aperio SVS in JPEG 2000': async () =>
    Buffer.concat([
      await jpeg2000Slide(33_005, [softPixels(TILE, 3), softPixels(TILE, 40)]),
      Buffer.from(NAME),
    ]),
  'tiled TIFF': () => tiff(false),
  BigTIFF: () => tiff(true),
  'tiled TIFF, deflate': async () => trailed(picture().tiff({ compression: 'deflate', ...tiles })),
  'flat TIFF': async () => trailed(picture().tiff({ compression: 'lzw' })),
  'OME-TIFF': ome,
  'a DICOM file': dicom,
  'a DICOM series in a zip': async () => buildZip({ [`${NAME}/${NAME}.dcm`]: await dicom() }),
  JPEG: () => picture().withExif(EXIF).withXmp(`<x:xmpmeta>${NAME}</x:xmpmeta>`).jpeg().toBuffer(),
  PNG: () => picture().withExif(EXIF).withXmp(`<x:xmpmeta>${NAME}</x:xmpmeta>`).png().toBuffer(),
};

describe('what the server keeps of a slide', () => {
  let server: SlideServer;
  let sender: Person;
  let caseId: string;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-named-'));
    server = await startSlideServer();
    sender = await server.person();
    caseId = await server.caseOf(sender);
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [format, make] of Object.entries(FILES)) {
    it(`names nobody: ${format}`, async () => {
      const bytes = await make(folder);
      const planted = [NAME, LABEL.examNumber].filter((name) => bytes.includes(name));
      expect(planted).to.include(NAME);
      const answer = await postSlide(server, sender, caseId, bytes, { name: `${NAME}.svs` });
      expect(answer.status).to.equal(201);
      const slide = await settled(server, sender, ((await answer.json()) as { id: string }).id);
      expect(slide.state).to.equal('ready');
      for (const path of await filesUnder(server.folder)) {
        const stored = await readFile(path);
        for (const name of planted) {
          expect(stored.includes(name), path).to.equal(false);
          expect(stored.includes(Buffer.from(name, 'utf16le')), path).to.equal(false);
        }
      }
    });
  }
});
