import { readFile } from 'node:fs/promises';
import { hasOpenSlide } from '@relecture/server/slides/formats/openslide.js';
import sharp from 'sharp';
import { buildInstance, SYNTAX } from '../dicom-builder.js';
import { builtPyramid, realSlide, smallSlide, softPixels, ycbcrJpegTile } from '../fixtures.js';
import { jpeg2000Slide, TILE } from '../jpeg-2000-builder.js';
import { ascii, TiffBuilder } from '../tiff-builder.js';
import { tissue } from '../truth/compare.js';
import { tiledDirectory, ycbcrJpeg } from '../truth/tiled-files.js';
import { buildZip } from '../zip-builder.js';

export interface Sample {
  readonly name: string;
  readonly bytes: Buffer;
}

/** One of every way a slide may come; those of scanners when they are there (RELECTURE_SAMPLES). */
export async function* samples(folder: string): AsyncGenerator<Sample> {
  const svs = await smallSlide(`${folder}/sample.svs`, { width: 900, height: 700 });
  yield { name: 'SVS, JPEG', bytes: await readFile(svs) };
  const pixels = [softPixels(TILE, 3), softPixels(TILE, 40), softPixels(TILE, 77)];
  yield { name: 'SVS, JPEG 2000 RGB', bytes: await jpeg2000Slide(33_005, pixels) };
  yield { name: 'SVS, JPEG 2000 YCbCr', bytes: await jpeg2000Slide(33_003, pixels) };
  for (const compression of ['deflate', 'lzw'] as const) {
    const tiled = raw(700, 500).tiff({ compression, tile: true, tileWidth: 128, tileHeight: 128 });
    yield { name: `TIFF, ${compression}`, bytes: await tiled.toBuffer() };
    yield { name: `flat TIFF, ${compression}`, bytes: await raw(700, 500).tiff({ compression }).toBuffer() };
  }
  yield { name: 'BigTIFF', bytes: (await builtPyramid({ big: true })).file };
  yield { name: 'TIFF, big-endian', bytes: (await builtPyramid({ little: false, rgb: true })).file };
  yield { name: 'OME-TIFF', bytes: await omeTiff() };
  const dicom = await dicomFiles();
  yield { name: 'DICOM, JPEG', bytes: dicom.jpeg };
  yield { name: 'DICOM, raw', bytes: dicom.raw };
  yield { name: 'DICOM in a zip', bytes: buildZip({ 'a/1.dcm': dicom.jpeg, 'a/2.dcm': dicom.raw }) };
  yield { name: 'JPEG', bytes: await raw(700, 500).jpeg({ quality: 85 }).toBuffer() };
  yield { name: 'JPEG, progressive', bytes: await raw(700, 500).jpeg({ progressive: true }).toBuffer() };
  yield { name: 'PNG', bytes: await raw(700, 500).png().toBuffer() };
  yield { name: 'PNG, interlaced', bytes: await raw(700, 500).png({ progressive: true }).toBuffer() };
  yield* scanned();
}

async function* scanned(): AsyncGenerator<Sample> {
  const openSlide = await hasOpenSlide();
  for (const [name, file, needsOpenSlide] of [
    ['Aperio, scanned', 'CMU-1-Small-Region.svs', false],
    ['TIFF, scanned', 'ospy-boxes.tiff', false],
    ['DICOM, scanned', 'ospy-boxes_0.dcm', false],
    ['NDPI, scanned', 'test3-DAPI-2-387.ndpi', true],
  ] as const) {
    const path = realSlide(file);
    if (path && (openSlide || !needsOpenSlide)) yield { name, bytes: await readFile(path) };
  }
}

function raw(width: number, height: number) {
  const image = tissue(width, height);
  return sharp(image.data, { raw: { width, height, channels: 3 } });
}

async function omeTiff(): Promise<Buffer> {
  const builder = new TiffBuilder({ big: true });
  const coding = await ycbcrJpeg('4:2:0');
  const text =
    '<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0">' +
    '<Pixels DimensionOrder="XYCZT" SizeX="600" SizeY="400" SizeC="3" SizeZ="1" SizeT="1" Type="uint8" ' +
    'PhysicalSizeX="0.25" PhysicalSizeY="0.25"/></Image></OME>';
  const main = await tiledDirectory(builder, tissue(600, 400), 128, coding, [ascii(270, text)]);
  const half = await tiledDirectory(builder, tissue(300, 200), 128, coding);
  return builder.build([{ ...main, sub: [half] }]);
}

async function dicomFiles(): Promise<{ jpeg: Buffer; raw: Buffer }> {
  const frames = [1, 2, 3, 4].map((phase) => softPixels(64, phase));
  const jpegs = await Promise.all(frames.map((frame) => ycbcrJpegTile(frame, 64)));
  return {
    jpeg: buildInstance({ width: 128, height: 128, tile: 64, frames: jpegs, table: 'basic' }),
    raw: buildInstance({
      width: 64,
      height: 64,
      tile: 64,
      frames: frames.slice(0, 1),
      syntax: SYNTAX.explicit,
      photometric: 'RGB',
    }),
  };
}
