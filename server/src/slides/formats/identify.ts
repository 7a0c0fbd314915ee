import type { WrongFileKind } from '@relecture/shared/slides/refusals.js';
import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import { type ArchivedSlide, identifyArchive } from './archive.js';
import { type ByteSource, bytesOf, FileSource } from './byte-source.js';
import { readDicomInstance } from './dicom/instance.js';
import { identifyTiff } from './identify-tiff.js';
import { MIN_SIDE, requireOpenSlide } from './identify-vendor.js';
import { corrupt, SlideRefusal, truncated } from './refusal.js';
import type { IdentifiedFile } from './slide.js';
import { TiffFile } from './tiff-file.js';

/** file-type and our own signatures look no further. */
const HEAD_BYTES = 4100;
/** Interlaced PNG and progressive JPEG are decoded whole in memory, so they have a lower bound than TIFF. */
const MAX_RASTER_PIXELS = 500_000_000;

/**
 * Says what a file is from its bytes alone: the name and the declared type are whatever the sender's
 * computer made of them. Throws `SlideRefusal` when it cannot be a slide.
 */
export async function identifyFile(path: string): Promise<IdentifiedFile> {
  const source = await FileSource.open(path);
  try {
    const head = await bytesOf(source, 0, Math.min(HEAD_BYTES, source.size));
    if (isTiff(head)) return await identifyTiff(await TiffFile.open(source), path);
    if (isDicom(head)) return await identifyDicom(source);
    if (isZip(head)) {
      const archived = await identifyArchive(path);
      if (archived) return await identifyArchived(archived);
    }
    if (head.subarray(0, 3).equals(JPEG_START)) return await identifyRaster(path, source, 'jpeg');
    if (head.subarray(0, 8).equals(PNG_START)) return await identifyRaster(path, source, 'png');
    throw await nameWrongFile(head);
  } finally {
    await source.close();
  }
}

const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);
const PNG_START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export function isTiff(head: Buffer): boolean {
  const start = head.toString('latin1', 0, 4);
  return start === 'II*\0' || start === 'MM\0*' || start === 'II+\0' || start === 'MM\0+';
}

export const isZip = (head: Buffer): boolean => head.toString('latin1', 0, 4) === 'PK\x03\x04';
const isDicom = (head: Buffer): boolean => head.toString('latin1', 128, 132) === 'DICM';

async function identifyDicom(source: ByteSource): Promise<IdentifiedFile> {
  const { width, height, flavour } = await readDicomInstance(source);
  if (flavour !== 'volume') throw new SlideRefusal('SLIDE_NOT_A_SLIDE', { kind: 'dicom' });
  return { format: 'dicom', reading: 'convert', width, height };
}

/** Its pixels are looked at once it is unpacked, in the background. */
async function identifyArchived({ format }: ArchivedSlide): Promise<IdentifiedFile> {
  if (format !== 'dicom') await requireOpenSlide(format);
  return { format, reading: 'convert', width: null, height: null };
}

function refuseSmall(width: number, height: number): void {
  if (Math.min(width, height) >= MIN_SIDE) return;
  throw new SlideRefusal('SLIDE_TOO_SMALL', { width, height, minimum: MIN_SIDE });
}

async function identifyRaster(
  path: string,
  source: ByteSource,
  format: 'jpeg' | 'png',
): Promise<IdentifiedFile> {
  if (!(await endsProperly(source, format))) throw truncated(`${format} without its end mark`);
  const { width, height } = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw corrupt(`${format} header`);
    });
  refuseSmall(width, height);
  if (width * height > MAX_RASTER_PIXELS) throw new SlideRefusal('SLIDE_TOO_LARGE', { width, height });
  return { format, reading: 'convert', width, height };
}

/** The end mark, allowing for the few kilobytes some cameras and mailers append after it. */
async function endsProperly(source: ByteSource, format: 'jpeg' | 'png'): Promise<boolean> {
  const length = Math.min(source.size, 65_536);
  const tail = await bytesOf(source, source.size - length, length);
  return format === 'jpeg' ? tail.lastIndexOf(Buffer.from([0xff, 0xd9])) >= 0 : tail.includes('IEND');
}

async function nameWrongFile(head: Buffer): Promise<SlideRefusal> {
  const vendor = vendorBySignature(head);
  if (vendor) return new SlideRefusal('SLIDE_UNSUPPORTED_FORMAT', { vendor });
  return new SlideRefusal('SLIDE_NOT_A_SLIDE', { kind: await kindOf(head) });
}

function vendorBySignature(head: Buffer): string | null {
  const start = head.toString('latin1', 0, 512);
  if (start.startsWith('ZISRAWFILE')) return 'Zeiss CZI';
  if (start.includes('[Virtual Microscope Specimen]')) return 'Hamamatsu VMS';
  if (start.includes('DPUfsImport')) return 'Philips iSyntax';
  if (start.slice(4, 8) === 'jP  ' || head.subarray(0, 4).equals(JPEG_2000_CODESTREAM)) return 'JPEG 2000';
  if (start.startsWith('SQLite format 3')) return 'Sakura';
  return null;
}

const JPEG_2000_CODESTREAM = Buffer.from([0xff, 0x4f, 0xff, 0x51]);

const OFFICE = /officedocument|opendocument|msword|ms-excel|ms-powerpoint|x-cfb|rtf/;
const ARCHIVE = /zip|x-tar|gzip|x-7z|x-rar|vnd\.rar|x-bzip2|x-xz|zstd|x-lzip|x-compress/;
const EXECUTABLE = /x-msdownload|x-elf|x-mach|x-executable|x-msi/;

async function kindOf(head: Buffer): Promise<WrongFileKind> {
  // A parser of some hundred formats may stumble on damaged bytes; then the kind is simply not known.
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  const mime = found?.mime ?? '';
  if (mime === 'application/pdf' || head.includes('%PDF-')) return 'pdf';
  if (OFFICE.test(mime)) return 'office';
  if (ARCHIVE.test(mime)) return 'archive';
  if (EXECUTABLE.test(mime)) return 'executable';
  if (mime.startsWith('image/')) return 'image';
  if (mime.startsWith('video/')) return 'video';
  if (mime.startsWith('audio/')) return 'audio';
  if (mime === 'application/xml') return 'xml';
  return textKind(head) ?? 'unknown';
}

function textKind(head: Buffer): WrongFileKind | null {
  // A multi-byte character may be cut at the end of what we read: that alone is not "binary".
  const text = new TextDecoder('utf-8').decode(head.subarray(0, Math.max(1, head.length - 3)));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary from text
  const odd = text.match(/[\u0000-\u0008\u000e-\u001f\ufffd]/g)?.length ?? 0;
  // Latin-1 text has some bytes that are not UTF-8; a binary file has far more.
  if (odd > text.length * 0.1) return null;
  const start = text.trimStart().slice(0, 200).toLowerCase();
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'html';
  return start.startsWith('<?xml') ? 'xml' : 'text';
}
