import sharp from 'sharp';
import { bytesOf } from '../byte-source.js';
import { decodeJpeg2000 } from '../jpeg-2000.js';
import { corrupt } from '../refusal.js';
import { PHOTOMETRIC } from '../tiff-tags.js';
import { TiffWriter } from '../tiff-writer.js';
import { type TiledImage, tiledFields } from '../tiled-fields.js';
import { type FrameRange, readFrames } from './frames.js';
import type { DicomSeries, OpenInstance } from './series.js';

const FRAME_JPEG = { quality: 97, chromaSubsampling: '4:4:4' } as const;
/** Frames being encoded while the next ones are read. */
const IN_FLIGHT = 16;

/**
 * Writes the levels as one tiled BigTIFF. JPEG frames go in as they are, byte for byte, not decoded; others are
 * encoded. Nothing but pixels and scale is written: no tag of the headers, where names stand, goes along. Answers how
 * many frames were left aside: other focal planes and optical paths.
 */
export async function rewrapSeries(
  series: DicomSeries,
  target: string,
  profile: Buffer | null,
): Promise<number> {
  let aside = 0;
  const passOver = () => {
    aside += 1;
  };
  await TiffWriter.write(target, true, async (writer) => {
    const directories = [];
    for (const [number, level] of series.levels.entries()) {
      directories.push(
        tiledFields(await writeLevel(writer, level, passOver), number, series.mpp, { profile }),
      );
    }
    return directories;
  });
  return aside;
}

async function writeLevel(
  writer: TiffWriter,
  parts: readonly OpenInstance[],
  passOver: () => void,
): Promise<TiledImage> {
  const [first] = parts;
  if (!first) throw corrupt('a level without files');
  const { width, height, tileWidth, tileHeight, samples } = first;
  const tiles = Math.ceil(width / tileWidth) * Math.ceil(height / tileHeight);
  const offsets = new Array<number>(tiles).fill(0);
  const lengths = new Array<number>(tiles).fill(0);
  let written = 0;
  for (const part of parts) {
    const queue: Array<{ index: number; jpeg: Promise<Buffer> }> = [];
    const writeFirst = async () => {
      const next = queue.shift();
      if (!next) return;
      const jpeg = await next.jpeg;
      offsets[next.index] = await writer.append(jpeg);
      lengths[next.index] = jpeg.length;
      written += 1;
    };
    try {
      let frame = 0;
      for await (const range of readFrames(part.source, part)) {
        const index = part.tileOf(frame);
        frame += 1;
        // Another focal plane, or a place that was filled before: the first one is shown.
        if (index < 0 || lengths[index] !== 0 || queue.some((waiting) => waiting.index === index)) {
          passOver();
          continue;
        }
        const jpeg = frameJpeg(part, range);
        // It is awaited in its turn below; a failure before that must not end the process.
        jpeg.catch(() => undefined);
        queue.push({ index, jpeg });
        if (queue.length >= IN_FLIGHT) await writeFirst();
      }
      while (queue.length > 0) await writeFirst();
    } finally {
      await Promise.allSettled(queue.map(({ jpeg }) => jpeg));
    }
  }
  if (written === 0) throw corrupt('a level without a frame');
  const photometric = photometricOf(first);
  return { width, height, tileWidth, tileHeight, samples, photometric, offsets, lengths, tables: null };
}

/** Only JPEG frames keep their own colours; what we encode is YCbCr, or grey. */
function photometricOf({ samples, coding, photometric }: OpenInstance): number {
  if (samples === 1) return PHOTOMETRIC.blackIsZero;
  return coding === 'jpeg' && photometric === 'RGB' ? PHOTOMETRIC.rgb : PHOTOMETRIC.ycbcr;
}

/** One frame as a whole JPEG. */
export async function frameJpeg(instance: OpenInstance, range: readonly FrameRange[]): Promise<Buffer> {
  const { coding, tileWidth, tileHeight, samples, photometric } = instance;
  const pieces = await Promise.all(
    range.map(({ offset, length }) => bytesOf(instance.source, offset, length)),
  );
  const bytes = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
  if (coding === 'jpeg') return trimmed(bytes);
  const raw = { width: tileWidth, height: tileHeight, channels: samples } as const;
  // YBR_ICT and YBR_RCT are transforms of the codestream's own: its decoder gives RGB.
  const colour = photometric === 'YBR_FULL' ? 'ycbcr' : 'rgb';
  const pixels = coding === 'raw' ? bytes : await decodeJpeg2000(bytes, raw, colour);
  return await sharp(pixels, { raw }).jpeg(FRAME_JPEG).toBuffer();
}

/** Frames have an even length: a zero may stand behind the end mark. */
function trimmed(jpeg: Buffer): Buffer {
  return jpeg.at(-1) === 0 && jpeg.at(-2) === 0xd9 ? jpeg.subarray(0, -1) : jpeg;
}

/** The only frame of a label or of a photograph of the glass, as a JPEG. */
export async function instanceJpeg(instance: OpenInstance): Promise<Buffer> {
  for await (const range of readFrames(instance.source, instance)) {
    const jpeg = await frameJpeg(instance, range);
    return await sharp(jpeg)
      .jpeg({ quality: 90 })
      .toBuffer()
      .catch(() => {
        throw corrupt('a photograph of the glass cannot be decoded');
      });
  }
  throw corrupt('a photograph without a frame');
}
