import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FormatReader, FormatsAnswer, SlideFormatFact } from '@relecture/shared/slides/formats.js';
import sharp from 'sharp';
import { OPENSLIDE_PACKAGE } from './identify-vendor.js';
import { hasOpenSlide, openSlideVersion } from './openslide.js';

type Row = readonly [format: string, name: string, endings: string, reader: FormatReader, several?: boolean];

/** In the order people ask for them. What only its maker's software reads stands last: it is to be exported. */
const STORED: readonly Row[] = [
  ['aperio-svs', 'Aperio SVS', '.svs', 'relecture'],
  ['tiled-tiff', 'TIFF / BigTIFF', '.tif .tiff .btf', 'relecture'],
  ['ome-tiff', 'OME-TIFF', '.ome.tif .ome.tiff', 'relecture'],
  ['philips-tiff', 'Philips TIFF', '.tiff', 'relecture'],
];
const CONVERTED: readonly Row[] = [
  ['dicom', 'DICOM WSI', '.dcm .zip', 'relecture', true],
  ['aperio-jpeg-2000', 'Aperio SVS (JPEG 2000)', '.svs', 'openjpeg'],
  ['hamamatsu-ndpi', 'Hamamatsu NDPI', '.ndpi', 'openslide'],
  ['mirax', '3DHISTECH MRXS', '.mrxs', 'openslide', true],
  ['hamamatsu-vms', 'Hamamatsu VMS', '.vms', 'openslide', true],
  ['leica-scn', 'Leica SCN', '.scn', 'openslide'],
  ['ventana-bif', 'Ventana BIF', '.bif .tif', 'openslide'],
  ['trestle', 'Trestle', '.tif', 'openslide'],
  ['flat-tiff', 'TIFF (LZW, deflate)', '.tif .tiff', 'sharp'],
  ['jpeg', 'JPEG', '.jpg .jpeg', 'sharp'],
  ['png', 'PNG', '.png', 'sharp'],
];
const NOT_READ: readonly Row[] = [
  ['zeiss-czi', 'Zeiss CZI', '.czi', 'none'],
  ['philips-isyntax', 'Philips iSyntax', '.isyntax', 'none'],
  ['sakura', 'Sakura', '.svslide', 'none'],
];

/** Looked up again each time: a package installed meanwhile counts from the next start. */
export async function listFormats(): Promise<FormatsAnswer> {
  const openSlide = await hasOpenSlide();
  const fact = (
    [format, name, endings, reader, several = false]: Row,
    reading: SlideFormatFact['reading'],
  ): SlideFormatFact => {
    const readable = reader === 'openslide' ? openSlide : reader !== 'none';
    const install = reader === 'openslide' && !openSlide ? OPENSLIDE_PACKAGE : null;
    return { format, name, endings, severalFiles: several, reading, reader, readable, install };
  };
  return {
    items: [
      ...STORED.map((row) => fact(row, 'stored')),
      ...CONVERTED.map((row) => fact(row, 'converted')),
      ...NOT_READ.map((row) => fact(row, 'none')),
    ],
    readers: [
      { reader: 'relecture', present: true, version: null },
      {
        reader: 'sharp',
        present: true,
        version: `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`,
      },
      { reader: 'openjpeg', present: true, version: `codec-openjpeg ${await openJpegVersion()}` },
      { reader: 'openslide', present: openSlide, version: openSlide ? await openSlideVersion() : null },
    ],
  };
}

/** The package lets only its loaders be asked for; its facts stand one folder up. */
async function openJpegVersion(): Promise<string> {
  const loader = createRequire(import.meta.url).resolve('@cornerstonejs/codec-openjpeg/decodewasmjs');
  const facts = await readFile(join(dirname(loader), '../package.json'), 'utf8');
  return (JSON.parse(facts) as { version: string }).version;
}
