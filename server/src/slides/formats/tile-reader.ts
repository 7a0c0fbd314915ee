import sharp from 'sharp';
import { bytesOf, holds } from './byte-source.js';
import { jpegPrefix, profileSegment, readJpegFrame, tileBodyStart } from './jpeg-stream.js';
import { corrupt } from './refusal.js';
import { ReadCancelledError, type ReadOptions, TileNotFoundError } from './slide.js';
import type { TiffFile } from './tiff-file.js';
import type { TiffImage } from './tiff-image.js';
import { PHOTOMETRIC, TAG } from './tiff-tags.js';
import type { TileCache } from './tile-cache.js';
import { MAX_TILE_BYTES, TileIndex } from './tile-index.js';

/** Damage may make a small tile declare 65,535 x 65,535 pixels; no decoder of ours starts on that. */
export const TILE_PIXEL_LIMIT = 4096 * 4096;

/** Cut edges are encoded once more; at this quality, without chroma subsampling, the second loss is under 1 level. */
const EDGE_JPEG = { quality: 100, chromaSubsampling: '4:4:4' } as const;

const MAX_TABLES = 65_536;

/** The part of a JPEG inside the level, as a JPEG. */
export type CutTile = (jpeg: Buffer, width: number, height: number) => Promise<Buffer>;

/** Tiles that are not in the file as they are shown: where they are kept, and who decodes them. */
interface TileMaking {
  readonly made: TileCache;
  readonly cut: CutTile;
}

export async function cutTile(jpeg: Buffer, width: number, height: number): Promise<Buffer> {
  return await sharp(jpeg, { limitInputPixels: TILE_PIXEL_LIMIT })
    .extract({ left: 0, top: 0, width, height })
    .jpeg(EDGE_JPEG)
    .toBuffer()
    .catch(() => {
      throw corrupt('an edge tile cannot be decoded');
    });
}

/** Tiles of one level, as whole JPEG files. */
export class TileReader {
  readonly #tiff: TiffFile;
  readonly #image: TiffImage;
  readonly #rgb: boolean;
  readonly #prefix: Buffer;
  /** Stands behind the first two bytes of `#prefix`. */
  readonly #profile: Buffer;
  readonly #index: TileIndex;
  readonly #made: TileCache;
  readonly #cut: CutTile;
  readonly #key: string;

  private constructor(
    tiff: TiffFile,
    image: TiffImage,
    [prefix, profile]: readonly [Buffer, Buffer],
    { made, cut }: TileMaking,
    key: string,
  ) {
    this.#tiff = tiff;
    this.#image = image;
    this.#rgb = image.photometric === PHOTOMETRIC.rgb;
    this.#prefix = withProfile(prefix, profile);
    this.#profile = profile;
    this.#index = new TileIndex(tiff, image);
    this.#made = made;
    this.#cut = cut;
    this.#key = key;
  }

  /** `profile`: of the slide's colours, when they are not sRGB; a browser then shows them as they are meant. */
  static async open(
    tiff: TiffFile,
    image: TiffImage,
    profile: Buffer | null,
    making: TileMaking,
    key: string,
  ): Promise<TileReader> {
    const entry = image.directory.entries.get(TAG.jpegTables);
    if (entry && entry.byteLength > MAX_TABLES) throw corrupt('JPEG tables too long');
    const tables = entry ? await bytesOf(tiff.source, entry.valueAt, entry.byteLength) : null;
    const prefix = jpegPrefix(tables, image.photometric === PHOTOMETRIC.rgb);
    return new TileReader(tiff, image, [prefix, profileSegment(profile)], making, key);
  }

  get columns(): number {
    return this.#image.columns;
  }

  get rows(): number {
    return this.#image.rows;
  }

  async read(column: number, row: number, options: ReadOptions = {}): Promise<Buffer> {
    const { width, height, tileWidth, tileHeight, columns, rows, stride } = this.#image;
    if (!isIndex(column, columns) || !isIndex(row, rows)) throw new TileNotFoundError();
    const visibleWidth = Math.min(tileWidth, width - column * tileWidth);
    const visibleHeight = Math.min(tileHeight, height - row * tileHeight);
    const whole = visibleWidth === tileWidth && visibleHeight === tileHeight;
    const index = row * stride + column;

    if (!whole) {
      const known = this.#made.get(`${this.#key}/${index}`);
      if (known) return known;
    }
    const stored = await this.#stored(index);
    if (options.isCancelled?.()) throw new ReadCancelledError();
    if (stored && whole) return stored;
    if (!stored) return this.#blank(visibleWidth, visibleHeight);

    const frame = readJpegFrame(stored);
    if (frame.width < visibleWidth || frame.height < visibleHeight) throw corrupt('a tile is too small');
    if (frame.width === visibleWidth && frame.height === visibleHeight) return stored;
    // Cut as stored: a decoder that knew the profile would leave the colours of the slide.
    const bare = Buffer.concat([stored.subarray(0, 2), stored.subarray(2 + this.#profile.length)]);
    const cut = await this.#cut(bare, visibleWidth, visibleHeight);
    const tile = withProfile(cut, this.#profile);
    this.#made.set(`${this.#key}/${index}`, tile);
    return tile;
  }

  /** The tile as it lies in the file, made whole; null where the scanner stored nothing. */
  async #stored(index: number): Promise<Buffer | null> {
    const { offset, length } = await this.#index.range(index);
    if (length === 0) return null;
    if (length < 4 || length > MAX_TILE_BYTES || !holds(this.#tiff.source, offset, length)) {
      throw corrupt('a tile lies outside the file');
    }
    // Read straight behind the room for the prefix: the tile's bytes are never copied.
    const room = this.#prefix.length;
    const buffer = Buffer.allocUnsafeSlow(room + length);
    await this.#tiff.source.readInto(buffer, room, length, offset);
    const body = room + tileBodyStart(buffer.subarray(room), this.#rgb);
    this.#prefix.copy(buffer, body - room);
    return buffer.subarray(body - room);
  }

  async #blank(width: number, height: number): Promise<Buffer> {
    const key = `blank/${width}x${height}`;
    const known = this.#made.get(key);
    if (known) return known;
    const tile = await sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
      .jpeg({ quality: 80 })
      .toBuffer();
    this.#made.set(key, tile);
    return tile;
  }
}

const isIndex = (value: number, count: number) => Number.isInteger(value) && value >= 0 && value < count;

const withProfile = (jpeg: Buffer, profile: Buffer): Buffer =>
  profile.length === 0 ? jpeg : Buffer.concat([jpeg.subarray(0, 2), profile, jpeg.subarray(2)]);
