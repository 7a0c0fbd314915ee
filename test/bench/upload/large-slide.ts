import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { TiffWriter } from '@relecture/server/slides/formats/tiff-writer.js';
import { tiledFields } from '@relecture/server/slides/formats/tiled-fields.js';
import sharp from 'sharp';

const SIDE = 256;
const YCBCR = 6;
const MOST_TILES = 30_000;
const LEAST_TILE_BYTES = 16 * 1024;
/** All levels beside the full resolution, rounded up to whole tiles. */
const PYRAMID = 1.4;

/** A tile with structure: a blank one would warn. */
async function drawTile(): Promise<Buffer> {
  const data = Buffer.alloc(SIDE * SIDE * 3);
  for (let at = 0; at < data.length; at += 3) {
    const x = (at / 3) % SIDE;
    const y = Math.floor(at / 3 / SIDE);
    data[at] = 120 + ((x * 7 + y * 3) % 100);
    data[at + 1] = 60 + ((x ^ y) % 90);
    data[at + 2] = 140 + ((x + y * 5) % 80);
  }
  return await sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .jpeg({ quality: 80 })
    .toBuffer();
}

/** A pyramidal BigTIFF of exactly `bytes`, with as many tiles as its size allows; each is a JPEG and a long end of zeros. */
export async function writeLargeSlide(path: string, bytes: number): Promise<void> {
  const jpeg = await drawTile();
  const most = Math.min(MOST_TILES, bytes / PYRAMID / LEAST_TILE_BYTES);
  const side = Math.max(4, Math.floor(Math.sqrt(most)));
  const tile = Buffer.alloc(Math.max(jpeg.length, Math.floor(bytes / PYRAMID / side ** 2)));
  jpeg.copy(tile);
  await TiffWriter.write(path, true, async (writer) => {
    const directories = [];
    for (let across = side, number = 0; ; across = Math.ceil(across / 2), number += 1) {
      const offsets: number[] = [];
      for (let at = 0; at < across * across; at += 1) offsets.push(await writer.append(tile));
      const image = {
        width: across * SIDE,
        height: across * SIDE,
        tileWidth: SIDE,
        tileHeight: SIDE,
        samples: 3 as const,
        photometric: YCBCR,
        offsets,
        lengths: offsets.map(() => tile.length),
        tables: null,
      };
      directories.push(tiledFields(image, number, 0.25));
      if (across === 1) return directories;
    }
  });
  await truncate(path, bytes);
}

/** SHA-256 of what was sent, worked out apart from the product. */
export async function hashOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}
