import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProblemCode } from '@relecture/shared/http/errors.js';
import { SlideRefusal } from '../formats/refusal.js';
import { SlideStoreError } from '../formats/remote-source.js';
import { TileNotFoundError } from '../formats/slide.js';
import type { SlideFile } from '../formats/slide-file.js';
import type { SlidePool } from './slide-pool.js';
import { parseTilePath, type TileAddress } from './tile-path.js';

/** `unknown` is also the answer for a slide the caller may not know exists. */
export type TileAccess = 'granted' | 'unauthenticated' | 'forbidden' | 'unknown';

export interface SlideLocation {
  readonly file: SlideFile;
  readonly storageKey: string;
  /** Hash of the stored file: it names the content in ETags and in the pool. */
  readonly contentHash: string;
}

export interface TileHandlerOptions {
  /** Asked for every tile, so it must answer from memory once a slide session is granted. */
  readonly authorize: (request: IncomingMessage, slideId: string) => TileAccess | Promise<TileAccess>;
  /** null while the slide is being prepared or was refused. */
  readonly locate: (
    slideId: string,
    request: IncomingMessage,
  ) => SlideLocation | null | Promise<SlideLocation | null>;
  readonly pool: SlidePool;
  /** Writes the RFC 9457 body; `cause` is for the log. */
  readonly writeProblem: (
    request: IncomingMessage,
    response: ServerResponse,
    code: ProblemCode,
    cause?: unknown,
  ) => void;
}

/** Returns true when the request is a tile's and has been (or will be) answered; false: pass it to express. */
export type TileHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

const REFUSED: Record<Exclude<TileAccess, 'granted'>, ProblemCode> = {
  unauthenticated: 'NOT_SIGNED_IN',
  forbidden: 'FORBIDDEN',
  unknown: 'NOT_FOUND',
};

/**
 * Tiles are answered by plain node:http in front of express: a viewer asks for dozens at every pan, and
 * express with its middleware costs more than the tile itself (docs/decisions/0002-tile-reader.md).
 */
export function createTileHandler(options: TileHandlerOptions): TileHandler {
  return (request, response) => {
    const address = parseTilePath(request.url ?? '');
    if (!address) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      options.writeProblem(request, response, 'METHOD_NOT_ALLOWED');
      return true;
    }
    answer(options, request, response, address).catch((error: unknown) => {
      if (response.destroyed) return;
      if (response.headersSent) response.destroy();
      else if (error instanceof TileNotFoundError) options.writeProblem(request, response, error.code);
      else options.writeProblem(request, response, troubleOf(error), error);
    });
    return true;
  };
}

/** Said plainly: bytes that are not as they were, or a store that does not answer, are no fault of the scan. */
function troubleOf(error: unknown): ProblemCode {
  if (error instanceof SlideStoreError) return error.code;
  if (!(error instanceof SlideRefusal)) return 'SLIDE_TILE_UNREADABLE';
  return error.code === 'SLIDE_TRUNCATED' || error.code === 'SLIDE_UNREADABLE_FILE'
    ? 'SLIDE_DAMAGED'
    : 'SLIDE_TILE_UNREADABLE';
}

async function answer(
  options: TileHandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  { slideId, level, column, row }: TileAddress,
): Promise<void> {
  const access = options.authorize(request, slideId);
  // Rights first: an outsider must not learn from a 404 or a 304 which slides and tiles exist.
  const granted = typeof access === 'string' ? access : await access;
  if (granted !== 'granted') {
    options.writeProblem(request, response, REFUSED[granted]);
    return;
  }
  const located = options.locate(slideId, request);
  const location = located instanceof Promise ? await located : located;
  if (!location) {
    options.writeProblem(request, response, 'SLIDE_NOT_READY');
    return;
  }
  if (Number.isNaN(level + column + row)) throw new TileNotFoundError();

  const etag = `"${location.contentHash.slice(0, 32)}-${level}-${column}-${row}"`;
  if (matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304, { ETag: etag, 'Cache-Control': CACHE_CONTROL });
    response.end();
    return;
  }

  const tile = await options.pool.use(location.contentHash, location.file, (slide) =>
    slide.readTile(level, column, row, { isCancelled: () => response.destroyed }),
  );
  if (response.destroyed) return;
  response.writeHead(200, {
    'Content-Type': 'image/jpeg',
    'Content-Length': tile.length,
    'Cache-Control': CACHE_CONTROL,
    ETag: etag,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  response.end(request.method === 'HEAD' ? undefined : tile);
}

/** A tile never changes for one content hash; `private` keeps it out of shared caches. */
const CACHE_CONTROL = 'private, max-age=31536000, immutable';

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header === '*' || header.split(',').some((item) => item.trim().replace(/^W\//, '') === etag);
}
