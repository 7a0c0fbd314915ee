import { readAssociated } from './associated.js';
import { type ByteSource, bytesOf, FileSource } from './byte-source.js';
import { type ColourProfile, MAX_PROFILE, readColourProfile } from './colour-profile.js';
import { isTiff } from './identify.js';
import { isDirectImage } from './identify-tiff.js';
import { philipsMpp, readPhilips } from './philips.js';
import { corrupt, SlideRefusal } from './refusal.js';
import { mppFromResolution } from './resolution.js';
import { plausibleMpp, readScannerFacts } from './scanner-text.js';
import {
  type AssociatedImageName,
  type ReadOptions,
  type Slide,
  type SlideLevel,
  type SlideMetadata,
  TileNotFoundError,
} from './slide.js';
import { openSource, type SlideFile } from './slide-file.js';
import { renderThumbnail } from './thumbnail.js';
import { TiffFile } from './tiff-file.js';
import { readTiffLayout, type TiffLayout } from './tiff-layout.js';
import { TAG } from './tiff-tags.js';
import { TileCache } from './tile-cache.js';
import { type CutTile, cutTile, TileReader } from './tile-reader.js';

/** Cut edges of all open slides of this process. */
const MADE_TILES_BYTES = 32 * 1024 * 1024;
const sharedCache = new TileCache(MADE_TILES_BYTES);
let opened = 0;

/**
 * Opens a slide whose tiles can be sent as they lie (`identifyFile` says `direct`). Reads directories only;
 * that every tile lies inside the file was checked once by `identifyFile`. `cut`: who decodes tiles at the edges.
 */
export async function openSlide(file: SlideFile, cut: CutTile = cutTile): Promise<Slide> {
  const source = await openSource(file);
  try {
    if (!isTiff(await bytesOf(source, 0, Math.min(4, source.size)))) {
      throw new SlideRefusal('SLIDE_UNSUPPORTED_FORMAT', {}, 'not a TIFF: convert it first');
    }
    const tiff = await TiffFile.open(source);
    const layout = await readTiffLayout(tiff);
    if (!layout.levels.every(isDirectImage)) {
      throw new SlideRefusal('SLIDE_UNSUPPORTED_COMPRESSION', {}, 'convert it first');
    }
    opened += 1;
    const serial = opened;
    const profile = await embeddedProfile(tiff, layout);
    const readers = await Promise.all(
      layout.levels.map((image, level) =>
        TileReader.open(tiff, image, profile, { made: sharedCache, cut }, `${serial}/${level}`),
      ),
    );
    return new TiffSlide(file, source, await readTiffMetadata(tiff, layout), layout, readers);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** The colours of a slide that is read where it lies; null: sRGB, or nobody says. */
export async function readSlideColours(path: string): Promise<ColourProfile | null> {
  const source = await FileSource.open(path);
  try {
    const tiff = await TiffFile.open(source);
    const profile = await embeddedProfile(tiff, await readTiffLayout(tiff));
    return profile ? await readColourProfile(profile) : null;
  } finally {
    await source.close();
  }
}

/** The profile of full resolution, which is that of all levels. */
export async function embeddedProfile(tiff: TiffFile, { levels }: TiffLayout): Promise<Buffer | null> {
  const entry = levels[0]?.directory.entries.get(TAG.iccProfile);
  if (!entry || entry.byteLength > MAX_PROFILE) return null;
  return await bytesOf(tiff.source, entry.valueAt, entry.byteLength);
}

export async function readTiffMetadata(tiff: TiffFile, layout: TiffLayout): Promise<SlideMetadata> {
  const [main] = layout.levels;
  if (!main) throw corrupt('no level');
  const facts =
    layout.format === 'philips-tiff'
      ? { mpp: philipsMpp(readPhilips(layout.description)), objective: null }
      : {
          ...readScannerFacts(layout.description),
          ...(layout.ome ? { mpp: plausibleMpp(layout.ome.mpp) } : {}),
        };
  const fromTags = facts.mpp === null ? await mppFromResolution(tiff, main.directory) : null;
  const levels = layout.levels.map(
    (image): SlideLevel => ({
      width: image.width,
      height: image.height,
      tileWidth: image.tileWidth,
      tileHeight: image.tileHeight,
      downsample: (main.width / image.width + main.height / image.height) / 2,
    }),
  );
  return {
    format: layout.format,
    width: main.width,
    height: main.height,
    mpp: facts.mpp ?? fromTags,
    mppSource: facts.mpp !== null ? 'scanner' : fromTags !== null ? 'resolution' : 'unknown',
    objective: facts.objective,
    levels,
    associated: [...layout.associated.keys(), ...layout.inText.keys()],
  };
}

class TiffSlide implements Slide {
  readonly format;
  readonly width;
  readonly height;
  readonly mpp;
  readonly mppSource;
  readonly objective;
  readonly levels;
  readonly associated;
  readonly #file: SlideFile;
  readonly #source: ByteSource;
  readonly #layout: TiffLayout;
  readonly #readers: readonly TileReader[];

  constructor(
    file: SlideFile,
    source: ByteSource,
    metadata: SlideMetadata,
    layout: TiffLayout,
    readers: readonly TileReader[],
  ) {
    this.format = metadata.format;
    this.width = metadata.width;
    this.height = metadata.height;
    this.mpp = metadata.mpp;
    this.mppSource = metadata.mppSource;
    this.objective = metadata.objective;
    this.levels = metadata.levels;
    this.associated = metadata.associated;
    this.#file = file;
    this.#source = source;
    this.#layout = layout;
    this.#readers = readers;
  }

  grid(level: number): { columns: number; rows: number } {
    const { columns, rows } = this.#reader(level);
    return { columns, rows };
  }

  async readTile(level: number, column: number, row: number, options?: ReadOptions): Promise<Buffer> {
    return await this.#reader(level).read(column, row, options);
  }

  async readThumbnail(maxSize: number, options?: ReadOptions): Promise<Buffer> {
    return await renderThumbnail(this, maxSize, options);
  }

  async readAssociated(name: AssociatedImageName): Promise<Buffer> {
    // A slide that was put away has none: they left it before.
    if (typeof this.#file !== 'string') throw new TileNotFoundError();
    const jpeg = await readAssociated(this.#file, this.#layout, name);
    if (!jpeg) throw new TileNotFoundError();
    return jpeg;
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  #reader(level: number): TileReader {
    const reader = this.#readers[level];
    if (!reader) throw new TileNotFoundError();
    return reader;
  }
}
