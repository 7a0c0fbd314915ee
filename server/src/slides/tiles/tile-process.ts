/**
 * One of the processes that stand at the door: it sends tiles itself and passes every other request on to the
 * server. Started by node:cluster (tile-processes.ts); it holds no rights of its own, it remembers the server's.
 */
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEMS, type Problem } from '@relecture/shared/http/errors.js';
import { createProxyServer } from 'http-proxy-3';
import { openSlide } from '../formats/open-slide.js';
import { createSlidePool } from './slide-pool.js';
import { createTileHandler, type SlideLocation, type TileAccess } from './tile-handler.js';
import {
  GRANT_MS,
  TILE_PROCESS_SETTINGS,
  type TileAnswer,
  type TileOrder,
  type TileProcessSettings,
  type TileQuestion,
} from './tile-messages.js';

const OPEN_SLIDES = 256;
const GRANTS_KEPT = 20_000;

interface Grant {
  readonly location: SlideLocation;
  readonly until: number;
}

const settings = JSON.parse(process.env[TILE_PROCESS_SETTINGS] ?? '') as TileProcessSettings;
const pool = createSlidePool({ maxOpen: OPEN_SLIDES, open: openSlide });
const grants = new Map<string, Grant>();
const asked = new Map<number, (answer: TileAnswer) => void>();
const joined = new Map<string, Promise<TileAnswer>>();
/** Where the slide of a granted request lies: told with the right, used a moment later. */
const passing = new WeakMap<IncomingMessage, SlideLocation>();
let epoch = 0;
let questions = 0;

const keyOf = (slideId: string, { headers }: IncomingMessage) =>
  `${slideId}\n${headers.authorization ?? headers.cookie ?? ''}`;

function ask(slideId: string, request: IncomingMessage, key: string): Promise<TileAnswer> {
  const known = joined.get(key);
  if (known) return known;
  const { authorization, cookie } = request.headers;
  questions += 1;
  const question: TileQuestion = { id: questions, slideId, authorization, cookie };
  const asking = new Promise<TileAnswer>((resolve) => {
    asked.set(question.id, resolve);
    process.send?.(question);
  }).finally(() => joined.delete(key));
  joined.set(key, asking);
  return asking;
}

const proxy = createProxyServer({
  target: { socketPath: settings.server, host: 'localhost', port: 80 },
  agent: new Agent({ keepAlive: true }),
  xfwd: true,
});
proxy.on('error', (_error, _request, response) => {
  // The client went away, or the server is stopping: the one answer that it cannot word itself.
  if (!('writeHead' in response) || response.headersSent) {
    response.destroy();
    return;
  }
  const { status, fr } = PROBLEMS.UNAVAILABLE;
  const problem: Problem = {
    type: 'urn:relecture:problem:unavailable',
    status,
    code: 'UNAVAILABLE',
    title: fr.title,
    detail: fr.advice,
  };
  response
    .writeHead(status, { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' })
    .end(JSON.stringify(problem));
});

function passOn(request: IncomingMessage, response: ServerResponse): void {
  trustNobodyButLoopback(request);
  proxy.web(request, response);
}

/** The server believes these headers of us, so they must not come from just anybody. */
function trustNobodyButLoopback(request: IncomingMessage): void {
  if (/^(::1|127\.|::ffff:127\.)/.test(request.socket.remoteAddress ?? '')) return;
  for (const name of Object.keys(request.headers)) {
    if (name.startsWith('x-forwarded-')) delete request.headers[name];
  }
}

const tiles = createTileHandler({
  /** Answers at once when the right is remembered: this runs for every tile. */
  authorize(request, slideId) {
    const key = keyOf(slideId, request);
    const grant = grants.get(key);
    if (!grant || grant.until <= Date.now()) return askFor(request, slideId, key);
    passing.set(request, grant.location);
    return 'granted';
  },
  locate: (_slideId, request) => passing.get(request) ?? null,
  pool,
  // Every refusal is worded in one place: the server looks again and answers it.
  writeProblem: passOn,
});

async function askFor(request: IncomingMessage, slideId: string, key: string): Promise<TileAccess> {
  const { access, location, epoch: asOf } = await ask(slideId, request, key);
  if (access !== 'granted' || !location) return access === 'granted' ? 'unknown' : access;
  passing.set(request, location);
  // Rights that changed meanwhile: good for this tile, asked again for the next.
  if (asOf === epoch) remember(key, { location, until: Date.now() + GRANT_MS });
  return 'granted';
}

function remember(key: string, grant: Grant): void {
  grants.delete(key);
  grants.set(key, grant);
  const [oldest] = grants.keys();
  if (grants.size > GRANTS_KEPT && oldest !== undefined) grants.delete(oldest);
}

const server = createServer({ requestTimeout: 0 }, (request, response) => {
  if (!tiles(request, response)) passOn(request, response);
});
server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
  trustNobodyButLoopback(request);
  socket.on('error', () => socket.destroy());
  proxy.ws(request, socket, head);
});

process.on('message', (order: TileOrder) => {
  if (order.kind === 'answer') {
    asked.get(order.answer.id)?.(order.answer);
    asked.delete(order.answer.id);
  } else if (order.kind === 'drop') {
    epoch = order.epoch;
    grants.clear();
    joined.clear();
  } else if (order.kind === 'gone') {
    pool.evict(order.contentHash).catch((error: Error) => process.emitWarning(error));
  } else {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  }
});
// A terminal sends its signal to every process of the group: when to end is the server's to say.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);
// The server is gone, kill -9 included.
process.on('disconnect', () => process.exit(0));

server.on('error', (error: NodeJS.ErrnoException) => {
  process.send?.({ failed: error.code ?? error.name });
});
server.listen(settings.port, settings.host);
