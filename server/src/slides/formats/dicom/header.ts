import dicomParser, { type DataSet } from 'dicom-parser';
import { type ByteSource, bytesOf } from '../byte-source.js';
import { corrupt, SlideRefusal, truncated } from '../refusal.js';

/** The header is read in growing pieces up to here: a million positions of a sparse slide fit. */
const MAX_HEADER = 256 * 1024 * 1024;
const FIRST_PIECE = 256 * 1024;
const PIXEL_DATA = 'x7fe00010';

/** Everything before the pixels, however large these are. */
export async function readHeader(source: ByteSource): Promise<DataSet> {
  for (let length = FIRST_PIECE; ; length *= 4) {
    const bytes = await bytesOf(source, 0, Math.min(length, source.size, MAX_HEADER));
    try {
      const header = dicomParser.parseDicom(withKnownTypes(bytes), {
        untilTag: PIXEL_DATA,
        inflater: refuseDeflated,
      });
      if (header.elements[PIXEL_DATA]) return header;
      if (bytes.length === source.size) throw corrupt('no pixel data');
    } catch (error) {
      if (error instanceof SlideRefusal) throw error;
      if (bytes.length === source.size) throw truncated('a DICOM header that ends too early');
    }
    if (bytes.length >= MAX_HEADER) throw corrupt('a DICOM header without an end');
  }
}

/** A header of kilobytes may unpack to gigabytes, and no scanner writes one. */
function refuseDeflated(): never {
  throw new SlideRefusal('SLIDE_UNSUPPORTED_COMPRESSION', { compression: 'DICOM, deflate' });
}

/** Extended offset table, its lengths, and the length of all (PS3.3 C.7.6.3): VRs younger than the parser. */
const YOUNG: ReadonlyArray<readonly [start: Buffer, vr: string]> = [
  [Buffer.from('e07f01004f56', 'hex'), 'OB'],
  [Buffer.from('e07f02004f56', 'hex'), 'OB'],
  [Buffer.from('e07f03005556', 'hex'), 'UN'],
];

/** The parser takes the length of an OV for one of 16 bits and loses its way; an OB is laid out the same. In place. */
function withKnownTypes(bytes: Buffer): Buffer {
  for (const [start, vr] of YOUNG) {
    const at = bytes.lastIndexOf(start);
    if (at >= 0) bytes.write(vr, at + 4, 'latin1');
  }
  return bytes;
}
