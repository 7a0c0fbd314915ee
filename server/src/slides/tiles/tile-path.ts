const PREFIX = '/api/slides/';
const TILES = '/tiles/';

export interface TileAddress {
  readonly slideId: string;
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

/**
 * `/api/slides/:slideId/tiles/:level/:column/:row`, read by hand because this runs for every tile before
 * express sees the request. null: not a tile address, somebody else's request.
 * A tile address with impossible numbers (`-1`, `1.5`, `abc`) has NaN in it and is answered 404 here.
 */
export function parseTilePath(url: string): TileAddress | null {
  if (!url.startsWith(PREFIX)) return null;
  const tilesAt = url.indexOf(TILES, PREFIX.length);
  if (tilesAt < 0) return null;
  const slideId = url.slice(PREFIX.length, tilesAt);
  if (slideId === '' || slideId.includes('/')) return null;
  const queryAt = url.indexOf('?', tilesAt);
  const parts = url.slice(tilesAt + TILES.length, queryAt < 0 ? undefined : queryAt).split('/');
  if (parts.length !== 3) return null;
  return { slideId, level: wholeNumber(parts[0]), column: wholeNumber(parts[1]), row: wholeNumber(parts[2]) };
}

function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}
