/**
 * Tiles that had to be made rather than read (cut edges, empty glass), least recently used first out.
 * Bounded in bytes: one per process, shared by all open slides.
 */
export class TileCache {
  readonly #maxBytes: number;
  readonly #tiles = new Map<string, Buffer>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(key: string): Buffer | undefined {
    const tile = this.#tiles.get(key);
    if (tile) {
      this.#tiles.delete(key);
      this.#tiles.set(key, tile);
    }
    return tile;
  }

  set(key: string, tile: Buffer): void {
    this.#bytes += tile.length - (this.#tiles.get(key)?.length ?? 0);
    this.#tiles.delete(key);
    this.#tiles.set(key, tile);
    for (const [oldest, { length }] of this.#tiles) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#tiles.delete(oldest);
      this.#bytes -= length;
    }
  }
}
