import type { SlideWarning } from '@relecture/shared/slides/warnings.js';

/**
 * What the rest of the product knows of a slide: sizes, scale, tiles. How a scanner lays its file out stays
 * behind this face, so that a new format (DICOM, Philips, OME) is a new reader and nothing else.
 */

/** Read by OpenSlide, where it is installed. */
export const OPENSLIDE_FORMATS = [
  'hamamatsu-ndpi',
  'hamamatsu-vms',
  'leica-scn',
  'mirax',
  'trestle',
  'ventana-bif',
] as const;
export type OpenSlideFormat = (typeof OPENSLIDE_FORMATS)[number];

/** What `identifyFile` can accept. */
export type SlideFormat =
  | 'aperio-svs'
  | 'dicom'
  | 'flat-tiff'
  | 'jpeg'
  | 'ome-tiff'
  | 'philips-tiff'
  | 'png'
  | 'tiled-tiff'
  | OpenSlideFormat;

export interface IdentifiedFile {
  readonly format: SlideFormat;
  /** `direct`: tiles are sent as stored. `convert`: `convertToPyramid` must run first. */
  readonly reading: 'direct' | 'convert';
  /** null: only known once the archive it came in is unpacked. */
  readonly width: number | null;
  readonly height: number | null;
  /** What whoever reads the slide must know: that it has more than is shown. */
  readonly warnings?: readonly SlideWarning[];
}

export interface SlideLevel {
  readonly width: number;
  readonly height: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** Level-0 pixels per pixel of this level: 1, 4, 16.0007 ... */
  readonly downsample: number;
}

/** Where the scale comes from: the scanner's description, the resolution tags, or nobody knows. */
export type MppSource = 'scanner' | 'resolution' | 'unknown';

export type AssociatedImageName = 'label' | 'macro' | 'thumbnail';

export interface SlideMetadata {
  readonly format: SlideFormat;
  readonly width: number;
  readonly height: number;
  /** Micrometres per level-0 pixel; null when unknown: nothing may then be measured in µm. */
  readonly mpp: number | null;
  readonly mppSource: MppSource;
  /** Magnification of the objective as the scanner states it (20, 40), null when it does not. */
  readonly objective: number | null;
  /** From full resolution (0) down to the smallest. */
  readonly levels: readonly SlideLevel[];
  readonly associated: readonly AssociatedImageName[];
}

export interface ReadOptions {
  /** Asked between steps: true when nobody waits for the result any more. */
  readonly isCancelled?: () => boolean;
}

export interface Slide extends SlideMetadata {
  /** How many columns and rows of tiles a level has. */
  grid(level: number): { readonly columns: number; readonly rows: number };
  /**
   * A complete JPEG. Tiles at the right and bottom edge are cut to the part inside the level, so that
   * every tile shows exactly `min(tileWidth, width - column * tileWidth)` columns of pixels.
   * Rejects with `TileNotFoundError` outside the grid, `SlideRefusal` when the bytes are damaged.
   */
  readTile(level: number, column: number, row: number, options?: ReadOptions): Promise<Buffer>;
  /** A JPEG of the whole slide that fits a square of `maxSize` pixels. */
  readThumbnail(maxSize: number, options?: ReadOptions): Promise<Buffer>;
  /** A JPEG of the label, macro or thumbnail image, when `associated` lists it. */
  readAssociated(name: AssociatedImageName): Promise<Buffer>;
  close(): Promise<void>;
}

/** Nobody waits for it any more. */
export class ReadCancelledError extends Error {
  override name = 'ReadCancelledError';
}

export class TileNotFoundError extends Error {
  readonly code = 'SLIDE_TILE_NOT_FOUND';
  constructor() {
    super('no such tile in this slide');
    this.name = 'TileNotFoundError';
  }
}
