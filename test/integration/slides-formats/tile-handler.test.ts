import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openSlide } from '@relecture/server/slides/formats/open-slide.js';
import { createSlidePool, type SlidePool } from '@relecture/server/slides/tiles/slide-pool.js';
import { createTileHandler, type TileAccess } from '@relecture/server/slides/tiles/tile-handler.js';
import type { ProblemCode } from '@relecture/shared/http/errors.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { smallSlide, useFolder } from './fixtures.js';

const HASH = 'a'.repeat(64);
const STATUS: Partial<Record<ProblemCode, number>> = {
  NOT_SIGNED_IN: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  SLIDE_TILE_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  SLIDE_NOT_READY: 409,
  SLIDE_TILE_UNREADABLE: 500,
};

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

describe('tiles over HTTP', () => {
  const folder = useFolder();
  let server: Server;
  let pool: SlidePool;
  let path = '';
  let causes: unknown[] = [];
  const access = new Map<string, TileAccess>();
  const places = new Map<string, string>();

  before(async () => {
    path = await smallSlide(folder.path('served.svs'), { width: 700, height: 500 });
    pool = createSlidePool({ maxOpen: 4, open: openSlide });
    const handler = createTileHandler({
      authorize: (_request, slideId) => access.get(slideId) ?? 'unknown',
      locate: async (slideId) => {
        const place = places.get(slideId);
        return place ? { file: place, storageKey: slideId, contentHash: `${slideId}${HASH}` } : null;
      },
      pool,
      writeProblem: (_request, response, code, cause) => {
        if (cause !== undefined) causes.push(cause);
        response.writeHead(STATUS[code] ?? 500, { 'Content-Type': 'application/problem+json' });
        response.end(JSON.stringify({ code }));
      },
    });
    server = createServer((incoming, response) => {
      if (!handler(incoming, response)) response.writeHead(299).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    access.set('ready', 'granted');
    places.set('ready', path);
  });

  beforeEach(() => {
    causes = [];
  });

  after(async () => {
    await pool.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function ask(
    url: string,
    options: { method?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path: url, agent: false, ...options }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  const codeOf = ({ body }: Answer) => (JSON.parse(body.toString()) as { code: string }).code;

  it('sends a tile that may be kept, but only by this browser', async () => {
    const answer = await ask('/api/slides/ready/tiles/0/1/1');
    expect(answer.status).to.equal(200);
    expect(answer.headers).to.include({
      'content-type': 'image/jpeg',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    expect(Number(answer.headers['content-length'])).to.equal(answer.body.length);
    const { width, height, format } = await sharp(answer.body).metadata();
    expect({ width, height, format }).to.deep.equal({ width: 256, height: 244, format: 'jpeg' });
  });

  it('answers 304 to who has the tile, and names every tile differently', async () => {
    const { headers } = await ask('/api/slides/ready/tiles/0/1/0');
    const etag = headers.etag ?? '';
    const again = await ask('/api/slides/ready/tiles/0/1/0', {
      headers: { 'If-None-Match': `"x", W/${etag}` },
    });
    expect([again.status, again.body.length, again.headers.etag]).to.deep.equal([304, 0, etag]);
    const other = await ask('/api/slides/ready/tiles/0/0/1', { headers: { 'If-None-Match': etag } });
    expect(other.status).to.equal(200);
    expect(other.headers.etag).not.to.equal(etag);
  });

  it('answers HEAD with the size alone', async () => {
    const whole = await ask('/api/slides/ready/tiles/0/0/0');
    const head = await ask('/api/slides/ready/tiles/0/0/0', { method: 'HEAD' });
    expect(head.status).to.equal(200);
    expect(head.body.length).to.equal(0);
    expect(Number(head.headers['content-length'])).to.equal(whole.body.length);
  });

  it('says that a tile does not exist, however it is asked for', async () => {
    for (const tile of [
      '9/0/0',
      '0/3/0',
      '0/0/2',
      '-1/0/0',
      '0/1.5/0',
      '0/a/0',
      '0/0/1e2',
      '0/0/99999999999',
    ]) {
      const answer = await ask(`/api/slides/ready/tiles/${tile}`);
      expect([answer.status, codeOf(answer)], tile).to.deep.equal([404, 'SLIDE_TILE_NOT_FOUND']);
    }
    expect(causes).to.deep.equal([]);
  });

  it('asks for rights before it tells anything', async () => {
    const etag = (await ask('/api/slides/ready/tiles/0/0/0')).headers.etag ?? '';
    for (const [right, status, code] of [
      ['unauthenticated', 401, 'NOT_SIGNED_IN'],
      ['forbidden', 403, 'FORBIDDEN'],
      ['unknown', 404, 'NOT_FOUND'],
    ] as const) {
      access.set('ready', right);
      for (const tile of ['0/0/0', '0/99/0', '0/x/0']) {
        const answer = await ask(`/api/slides/ready/tiles/${tile}`, { headers: { 'If-None-Match': etag } });
        expect([answer.status, codeOf(answer)]).to.deep.equal([status, code]);
      }
    }
    access.set('ready', 'granted');
  });

  it('says that a slide is not ready yet', async () => {
    access.set('waiting', 'granted');
    const answer = await ask('/api/slides/waiting/tiles/0/0/0');
    expect([answer.status, codeOf(answer)]).to.deep.equal([409, 'SLIDE_NOT_READY']);
  });

  it('reports damage as ours to look at, and goes on serving', async () => {
    const damaged = await readFile(path);
    damaged.fill(0, 16, 4000);
    const file = folder.path('damaged.svs');
    await writeFile(file, damaged);
    access.set('damaged', 'granted');
    places.set('damaged', file);
    const answer = await ask('/api/slides/damaged/tiles/0/0/0');
    expect([answer.status, codeOf(answer)]).to.deep.equal([500, 'SLIDE_TILE_UNREADABLE']);
    expect(causes).to.have.length(1);
    expect((await ask('/api/slides/ready/tiles/0/0/0')).status).to.equal(200);
  });

  it('recovers when a missing file is put back', async () => {
    const file = folder.path('moved.svs');
    access.set('moved', 'granted');
    places.set('moved', file);
    expect((await ask('/api/slides/moved/tiles/0/0/0')).status).to.equal(500);
    await writeFile(file, await readFile(path));
    expect((await ask('/api/slides/moved/tiles/0/0/0')).status).to.equal(200);
    await pool.evict(`moved${HASH}`);
    await rm(file);
  });

  it('refuses other methods and leaves other addresses to express', async () => {
    expect((await ask('/api/slides/ready/tiles/0/0/0', { method: 'POST' })).status).to.equal(405);
    for (const url of [
      '/api/slides/ready',
      '/api/slides/ready/tiles/0/0',
      '/api/slides/ready/tiles/0/0/0/0',
      '/',
    ]) {
      expect((await ask(url)).status, url).to.equal(299);
    }
  });

  it('survives visitors who leave before the answer', async () => {
    const { port } = server.address() as AddressInfo;
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => {
        return new Promise<void>((resolve) => {
          const sent = request({
            host: '127.0.0.1',
            port,
            path: `/api/slides/ready/tiles/0/2/${n % 2}`,
            agent: false,
          });
          sent.on('error', () => resolve());
          sent.on('response', (response) => {
            response.on('close', () => resolve());
            response.destroy();
          });
          sent.end();
          if (n % 2 === 0) sent.on('socket', (socket) => socket.on('connect', () => sent.destroy()));
        });
      }),
    );
    expect((await ask('/api/slides/ready/tiles/0/0/0')).status).to.equal(200);
    expect(causes).to.deep.equal([]);
  });
});
