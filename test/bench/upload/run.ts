/**
 * `npm run bench:upload -- --gb 5`: one large slide through tus into the product as `npm start` gives it, in pieces
 * with checksums as the screens send them, with the network cut three times and the server killed with -9 once.
 * `--cuts 3`, `--no-kill`. Says MB/s, how far the server's memory grows (/proc, Linux), whether the hash is that of
 * the file that was sent, and how long after its last byte the slide shows its first tile.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { completeContent } from '../../factories/cases.js';
import { type Product, signIn, startProduct } from '../product.js';
import { hashOf, writeLargeSlide } from './large-slide.js';
import { type Memory, watchGrowth } from './memory.js';
import { beginUpload, offsetOf, sendStretch, type Target, type Upload } from './send.js';

const { values } = parseArgs({
  options: {
    gb: { type: 'string', default: '2' },
    cuts: { type: 'string', default: '3' },
    'no-kill': { type: 'boolean', default: false },
  },
});
const bytes = Math.round(Number(values.gb) * 1e9);
const cuts = Number(values.cuts);
const say = (line: string) => console.error(line);
const round = (value: number, digits = 1) => Number(value.toFixed(digits));

const folder = await mkdtemp(join(process.env.BENCH_FOLDER ?? tmpdir(), 'relecture-bench-upload-'));
const file = join(folder, 'slide.tif');
const grown: Array<{ server: Memory; all: Memory }> = [];
let product: Product | null = null;
let stopWatching: (() => { server: Memory; all: Memory }) | null = null;

/** Starts the product, or starts it again on what a kill left. */
async function start(): Promise<Target> {
  product = await startProduct(folder);
  const { token } = await signIn(product, 'pathologiste@demo.test');
  stopWatching = watchGrowth(product.process.pid ?? 0);
  return { url: product.url, token };
}

function noteGrowth(): void {
  if (stopWatching) grown.push(stopWatching());
  stopWatching = null;
}

async function kill(): Promise<void> {
  noteGrowth();
  const ended = product && once(product.process, 'exit');
  product?.process.kill('SIGKILL');
  await ended;
  product = null;
}

async function createCase({ url, token }: Target): Promise<string> {
  const created = await fetch(`${url}/api/cases`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(completeContent()),
  });
  return ((await created.json()) as { id: string }).id;
}

async function slideOf({ url, token }: Target, { slideId }: Upload): Promise<Slide> {
  const answer = await fetch(`${url}/api/slides/${slideId}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return (await answer.json()) as Slide;
}

/** Seconds until the slide answers a tile. */
async function firstTile({ url, token }: Target, { slideId }: Upload): Promise<number> {
  const from = performance.now();
  const headers = { Authorization: `Bearer ${token}` };
  for (;;) {
    const tile = await fetch(`${url}/api/slides/${slideId}/tiles/0/1/1`, { headers });
    await tile.arrayBuffer();
    if (tile.status === 200) return (performance.now() - from) / 1000;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

try {
  say(`Writing a slide of ${values.gb} GB…`);
  await writeLargeSlide(file, bytes);
  const sha256 = await hashOf(file);
  say('Starting the product…');
  let target = await start();
  const upload = await beginUpload(target, await createCase(target), bytes);
  // The kill comes after the last cut; each place is inside a piece.
  const troubles = cuts + (values['no-kill'] ? 0 : 1);
  const places = Array.from(
    { length: troubles },
    (_, n) => Math.floor((bytes * (n + 1)) / (troubles + 1)) + 99,
  );
  let at = 0;
  let sent = 0;
  let seconds = 0;
  const send = async (to: number, cut: boolean) => {
    const from = performance.now();
    await sendStretch(target, upload, { file, from: at, to, cut });
    seconds += (performance.now() - from) / 1000;
    sent += to - at;
  };
  for (const [n, place] of places.entries()) {
    await send(place, true);
    if (n === cuts) {
      await kill();
      target = await start();
    }
    at = await offsetOf(target, upload);
    if (at > place) throw new Error('the server has more than it was sent');
    say(`  ${n === cuts ? 'killed' : 'cut'} at ${place}: goes on from ${at}, ${place - at} bytes again`);
  }
  await send(bytes, false);
  const firstTileSeconds = await firstTile(target, upload);
  const slide = await slideOf(target, upload);
  noteGrowth();
  const most = (of: (each: { server: Memory; all: Memory }) => number) => round(Math.max(...grown.map(of)));
  const from = Date.parse(slide.steps[0]?.at ?? '');
  const result = {
    gigabytes: bytes / 1e9,
    cuts,
    kills: troubles - cuts,
    megabytesPerSecond: round(sent / 1e6 / seconds, 0),
    growthMb: {
      rss: most(({ server }) => server.rssMb),
      anonymous: most(({ server }) => server.anonymousMb),
    },
    growthWithChildrenMb: {
      rss: most(({ all }) => all.rssMb),
      anonymous: most(({ all }) => all.anonymousMb),
    },
    firstTileSeconds: round(firstTileSeconds, 2),
    stepsMs: Object.fromEntries(slide.steps.map(({ step, at: done }) => [step, Date.parse(done) - from])),
    state: slide.state,
    width: slide.width,
    hashEqual: slide.sha256 === sha256,
  };
  console.log(JSON.stringify(result));
  if (!result.hashEqual) process.exitCode = 1;
} finally {
  await (product as Product | null)?.stop();
  await rm(folder, { recursive: true, force: true });
}
