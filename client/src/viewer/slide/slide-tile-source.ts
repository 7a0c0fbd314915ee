import type { Slide } from '@relecture/shared/slides/schema.js';
import OpenSeadragon from 'openseadragon';
import { tileAddress } from '../../api/slides';

/** A slide whose pyramid is known: what the viewer can open. */
export type ReadableSlide = Slide & { width: number; height: number };

export function isReadable(slide: Slide): slide is ReadableSlide {
  return slide.state === 'ready' && slide.width !== null && slide.height !== null && slide.levels.length > 0;
}

/** The published types describe version 5 and give two of these methods another answer than the library does. */
const TileSource = OpenSeadragon.TileSource as unknown as new (options: object) => object;

/**
 * The stored pyramid as OpenSeadragon wants it. OpenSeadragon counts levels from the smallest up and believes that
 * each doubles the one before; a scanner's levels are a factor 4 apart, with tiles of 240 or 256 pixels, and level 0
 * is the full resolution. Tiles at the right and bottom edge arrive cut to the level (docs/decisions/0002).
 */
export class SlideTileSource extends TileSource {
  readonly #slide: ReadableSlide;

  constructor(slide: ReadableSlide) {
    super({
      width: slide.width,
      height: slide.height,
      tileOverlap: 0,
      minLevel: 0,
      maxLevel: slide.levels.length - 1,
    });
    this.#slide = slide;
  }

  #level(level: number) {
    const found = this.#slide.levels[this.#slide.levels.length - 1 - level];
    if (!found) throw new RangeError(`slide level ${level}`);
    return found;
  }

  getTileWidth(level: number): number {
    return this.#level(level).tileWidth;
  }

  getTileHeight(level: number): number {
    return this.#level(level).tileHeight;
  }

  getLevelScale(level: number): number {
    return this.#level(level).width / this.#slide.width;
  }

  getNumTiles(level: number): OpenSeadragon.Point {
    const { width, height, tileWidth, tileHeight } = this.#level(level);
    return new OpenSeadragon.Point(Math.ceil(width / tileWidth), Math.ceil(height / tileHeight));
  }

  getTileAtPoint(level: number, point: OpenSeadragon.Point): OpenSeadragon.Point {
    const { width, tileWidth, tileHeight } = this.#level(level);
    const count = this.getNumTiles(level);
    const inside = (value: number, limit: number) => Math.max(0, Math.min(limit - 1, Math.floor(value)));
    return new OpenSeadragon.Point(
      inside((point.x * width) / tileWidth, count.x),
      inside((point.y * width) / tileHeight, count.y),
    );
  }

  /** Exact to the level's own pixels: a level's height is rounded by the scanner, not by us. */
  getTileBounds(level: number, x: number, y: number, isSource = false): OpenSeadragon.Rect {
    const { width, height, tileWidth, tileHeight } = this.#level(level);
    const left = x * tileWidth;
    const top = y * tileHeight;
    const across = Math.min(tileWidth, width - left);
    const down = Math.min(tileHeight, height - top);
    if (isSource) return new OpenSeadragon.Rect(0, 0, across, down);
    return new OpenSeadragon.Rect(left / width, top / width, across / width, down / width);
  }

  getTileUrl(level: number, x: number, y: number): string {
    return tileAddress(this.#slide.id, this.#slide.levels.length - 1 - level, x, y);
  }
}
