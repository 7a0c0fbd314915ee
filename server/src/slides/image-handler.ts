import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProblemCode } from '@relecture/shared/http/errors.js';
import { asProblem, languageOf, ProblemError, toProblem } from '../platform/problem.js';
import { desk } from './desk.js';
import { authorizeImage, type Credentials, principalOf } from './grants.js';
import { readLabel, readThumbnail, type SlideImage } from './images.js';
import { locateSlide } from './locations.js';
import { createTileHandler, type TileHandler } from './tiles/tile-handler.js';

export const DEFAULT_THUMBNAIL = 256;

/** Passed on as they came: the cookie is only looked at when there is no header. */
export const credentialsOf = ({ headers }: IncomingMessage): Credentials => ({
  authorization: headers.authorization,
  cookie: headers.cookie,
});

/**
 * Everything an `<img>` asks of a slide, answered in front of express: tiles by thousands, and thumbnail, label
 * and macro, which come with the slide cookie because a page cannot give its images a header.
 */
export function createSlideTileHandler(): TileHandler {
  const tiles = createTileHandler({
    authorize: (request, slideId) => authorizeImage(credentialsOf(request), slideId),
    locate: locateSlide,
    pool: desk().pool,
    writeProblem: (request, response, code, cause) => writeProblem(request, response, problemOf(code, cause)),
  });
  return (request, response) => tiles(request, response) || answerImage(request, response);
}

const IMAGE = /^\/api\/slides\/([0-9a-f]{24})\/(thumbnail|label|macro)(?:\?(.*))?$/;

function answerImage(request: IncomingMessage, response: ServerResponse): boolean {
  // With a header it is a program's call: an endpoint like any other (routes.ts).
  if (request.method !== 'GET' || request.headers.authorization !== undefined) return false;
  const [, slideId, name, query] = IMAGE.exec(request.url ?? '') ?? [];
  if (!slideId || !name) return false;
  readImage(request, slideId, name, query)
    .then((image) => sendImage(request, response, image))
    .catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else writeProblem(request, response, asProblem(error));
    });
  return true;
}

async function readImage(
  request: IncomingMessage,
  slideId: string,
  name: string,
  query: string | undefined,
): Promise<SlideImage> {
  const credentials = credentialsOf(request);
  if (name === 'label' || name === 'macro') {
    const principal = await principalOf(credentials);
    if (!principal) throw new ProblemError('NOT_SIGNED_IN');
    return await readLabel(slideId, name, principal);
  }
  const wanted = Number(new URLSearchParams(query).get('size') ?? DEFAULT_THUMBNAIL);
  if (!(wanted >= 1)) throw new ProblemError('INVALID_INPUT');
  return await readThumbnail(slideId, wanted, credentials);
}

export function sendImage(
  request: IncomingMessage,
  response: ServerResponse,
  { jpeg, etag }: SlideImage,
): void {
  const cache =
    etag === null ? { 'Cache-Control': 'private, no-store' } : { ETag: etag, 'Cache-Control': KEPT };
  if (etag !== null && request.headers['if-none-match'] === etag) {
    response.writeHead(304, cache).end();
    return;
  }
  response
    .writeHead(200, {
      'Content-Type': 'image/jpeg',
      'Content-Length': jpeg.length,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
      ...cache,
    })
    .end(jpeg);
}

/** A readable slide never changes, but the right to see it does: an hour, not a year. */
const KEPT = 'private, max-age=3600';

function problemOf(code: ProblemCode, cause: unknown): ProblemError {
  return new ProblemError(code, { cause });
}

/** In front of express nothing has numbered the request yet: a refusal gets its number, a tile needs none. */
const requestIdOf = (request: IncomingMessage & { id?: unknown }): string =>
  String(request.id ?? randomUUID());

function writeProblem(request: IncomingMessage, response: ServerResponse, problem: ProblemError): void {
  const requestId = requestIdOf(request);
  if (problem.status >= 500) {
    const { name, code } = (problem.cause ?? problem) as { name?: string; code?: unknown };
    desk().log.error(
      { requestId, code: problem.code, error: name, cause: String(code ?? '') },
      'slide image failed',
    );
  } else desk().log.debug({ requestId, code: problem.code }, 'slide image refused');
  response
    .writeHead(problem.status, { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' })
    .end(JSON.stringify(toProblem(problem, languageOf(request), requestId)));
}
