import { corrupt } from './refusal.js';

/** JPEG markers, ITU-T T.81 table B.1. */
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP15 = 0xef;
const COM = 0xfe;

/**
 * Adobe's APP14 segment, colour transform 0: the three components are R, G, B. Aperio stores RGB without
 * saying so inside the JPEG; a browser would take it for YCbCr and show green tissue as purple fog.
 */
const ADOBE_RGB = Buffer.from([
  0xff, 0xee, 0x00, 0x0e, 0x41, 0x64, 0x6f, 0x62, 0x65, 0x00, 0x64, 0x00, 0x00, 0x00, 0x00, 0x00,
]);

export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly precision: number;
}

interface Segment {
  readonly marker: number;
  /** From the 0xff of the marker to the byte after the segment. */
  readonly start: number;
  readonly end: number;
}

/** Segments after SOI, up to and including SOS (or EOI in a tables-only stream). */
function* segments(bytes: Buffer): Generator<Segment> {
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== SOI) throw corrupt('not a JPEG stream');
  let at = 2;
  while (at + 2 <= bytes.length) {
    if (bytes[at] !== 0xff) throw corrupt('JPEG marker expected');
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === EOI) {
      yield { marker, start: at, end: at + 2 };
      return;
    }
    if (at + 4 > bytes.length) throw corrupt('JPEG segment cut');
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length || end < at + 4) throw corrupt('JPEG segment cut');
    yield { marker, start: at, end };
    if (marker === SOS) return;
    at = end;
  }
}

const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Size and components from the frame header, found before any pixel is decoded. */
export function readJpegFrame(bytes: Buffer): JpegFrame {
  for (const { marker, start, end } of segments(bytes)) {
    if (!isFrame(marker) || end - start < 10) continue;
    return {
      precision: bytes.readUInt8(start + 4),
      height: bytes.readUInt16BE(start + 5),
      width: bytes.readUInt16BE(start + 7),
      components: bytes.readUInt8(start + 9),
    };
  }
  throw corrupt('JPEG without a frame');
}

const ICC_NAME = Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1');
const MAX_SEGMENT = 0xffff;

/** An ICC profile as a JPEG carries it (ICC.1:2010 B.4), in one segment; empty when it does not fit in one. */
export function profileSegment(profile: Buffer | null): Buffer {
  const length = 2 + ICC_NAME.length + (profile?.length ?? 0);
  if (!profile || length > MAX_SEGMENT) return Buffer.alloc(0);
  const head = Buffer.from([0xff, APP0 + 2, length >> 8, length & 0xff]);
  return Buffer.concat([head, ICC_NAME, profile]);
}

/**
 * What goes before a stored tile to make it a whole JPEG: SOI, the colour mark when the pixels are RGB, and
 * the tables that TIFF keeps once for all tiles (TIFF Technical Note 2).
 */
export function jpegPrefix(tables: Buffer | null, rgb: boolean): Buffer {
  const parts: Buffer[] = [Buffer.from([0xff, SOI])];
  if (rgb) parts.push(ADOBE_RGB);
  if (tables) {
    for (const { marker, start, end } of segments(tables)) {
      const shared = marker !== EOI && marker !== SOS && !isAnnotation(marker);
      if (shared) parts.push(tables.subarray(start, end));
    }
  }
  return Buffer.concat(parts);
}

const isAnnotation = (marker: number) => (marker >= APP0 && marker <= APP15) || marker === COM;

/**
 * Where the tile proper begins: after SOI, or for RGB also after leading APPn segments, because a JFIF
 * marker (which means YCbCr) would win over the Adobe one.
 */
export function tileBodyStart(tile: Buffer, rgb: boolean): number {
  if (tile[0] !== 0xff || tile[1] !== SOI) throw corrupt('a tile is not a JPEG stream');
  let at = 2;
  if (!rgb) return at;
  while (at + 4 <= tile.length && tile[at] === 0xff && isAnnotation(tile[at + 1] ?? 0)) {
    at += 2 + tile.readUInt16BE(at + 2);
  }
  if (at >= tile.length) throw corrupt('a tile without image data');
  return at;
}

const DQT = 0xdb;
const DHT = 0xc4;

/**
 * The reverse of `jpegPrefix`, for writing slides: the tables of a JPEG on their own, and the image without
 * them and without annotations.
 */
export function splitTables(jpeg: Buffer): { tables: Buffer; image: Buffer } {
  const tables: Buffer[] = [Buffer.from([0xff, SOI])];
  const image: Buffer[] = [Buffer.from([0xff, SOI])];
  for (const { marker, start, end } of segments(jpeg)) {
    const part = jpeg.subarray(start, marker === SOS ? jpeg.length : end);
    if (marker === DQT || marker === DHT) tables.push(part);
    else if (!isAnnotation(marker)) image.push(part);
  }
  tables.push(Buffer.from([0xff, EOI]));
  return { tables: Buffer.concat(tables), image: Buffer.concat(image) };
}
