/**
 * `npm run bench:tiles`: the same random tiles of one 60,000 x 50,000 slide, asked by 32 connections of the product
 * (signed in, rights on) and of its peers, in turns in one run on one machine. Read the ratios: seconds are the machine's.
 * `--seconds 8` per turn, `--rounds 3`, `--small` for a slide of 6,000 x 5,000 (a quick look).
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { memoryMb, signIn, startProduct } from '../product.js';
import { type Load, loadTiles } from './load.js';
import { installPeers, type Peer, startFiles, startIipsrv, startOpenSlide, startSharp } from './peers.js';
import { makeSlide, sendSlides } from './slides.js';

const TILES = 8000;
const SMALL_SLIDES = 100;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    small: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const say = (line: string) => console.error(line);

/** The same tiles at every run. */
function randomTiles(columns: number, rows: number): Array<[number, number]> {
  let state = 20_261_123;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: TILES }, () => [next(columns), next(rows)]);
}

const median = (numbers: number[]) =>
  numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const round = (value: number, digits = 2) => Number(value.toFixed(digits));

installPeers();
const folder = await mkdtemp(join(tmpdir(), 'relecture-bench-'));
const peers: Peer[] = [];
try {
  const [across, down] = values.small ? [6, 5] : [60, 50];
  say(`Drawing a slide of ${across},000 x ${down},000 pixels…`);
  const path = await makeSlide(folder, 'large', across, down);
  const smallPath = await makeSlide(folder, 'small', 2, 3);
  say('Starting the product with its demonstration…');
  const product = await startProduct(folder);
  try {
    const sender = await signIn(product, 'pathologiste@demo.test');
    say('Sending the slides…');
    const [large] = await sendSlides(product, sender.token, [path]);
    // Two cases: a case takes 60 slides.
    const half: string[] = Array(SMALL_SLIDES / 2).fill(smallPath);
    const small = [
      ...(await sendSlides(product, sender.token, half)),
      ...(await sendSlides(product, sender.token, half)),
    ];
    const [firstSmall] = small;
    if (!large || !firstSmall) throw new Error('no slide');
    const level = large.slide.levels[0];
    if (!level) throw new Error('no level');
    const columns = Math.floor(level.width / level.tileWidth);
    const rows = Math.floor(level.height / level.tileHeight);
    const tiles = randomTiles(columns, rows);
    const tilePath = (slideId: string) => (column: number, row: number) =>
      `/api/slides/${slideId}/tiles/0/${column}/${row}`;

    say('Cutting the tiles for nginx…');
    const cut = join(folder, 'cut');
    await mkdir(cut);
    let bytes = 0;
    for (const [column, row] of tiles) {
      const tile = await fetch(`${product.url}${tilePath(large.slide.id)(column, row)}`, {
        headers: { Cookie: sender.cookie },
      });
      const body = Buffer.from(await tile.arrayBuffer());
      bytes += body.length;
      await writeFile(join(cut, `${column}_${row}.jpg`), body);
    }

    const relecture: Peer = { url: product.url, path: tilePath(large.slide.id), stop: async () => undefined };
    const started: Record<string, Peer> = {
      openslide: await startOpenSlide(path),
      // iipsrv counts resolutions from the smallest; a pyramid of libvips halves until one tile is left.
      iipsrv: await startIipsrv(folder, path, Math.ceil(level.width / 256), large.slide.levels.length - 1),
      sharp: await startSharp(path),
      nginx: await startFiles(folder, cut),
    };
    peers.push(...Object.values(started));
    const turns: Record<string, Load[]> = {};
    const turn = async (name: string, peer: Peer, paths: string[], time = seconds) => {
      const load = await loadTiles(
        folder,
        peer.url,
        paths,
        time,
        peer.url === product.url ? sender.cookie : '',
      );
      turns[name] = [...(turns[name] ?? []), load];
      say(`  ${name}: ${load.tilesPerSecond.toFixed(0)} tiles/s, p95 ${load.p95Ms.toFixed(1)} ms`);
    };
    const addresses = (peer: Peer) => tiles.map(([column, row]) => peer.path(column, row));
    const smallTiles = randomTiles(7, 11).map(([column, row]) => tilePath(firstSmall.slide.id)(column, row));
    const spread = small.flatMap(({ slide }) =>
      smallTiles.slice(0, 80).map((each) => each.replace(firstSmall.slide.id, slide.id)),
    );
    say('Warming up…');
    await loadTiles(folder, product.url, addresses(relecture), 3, sender.cookie);
    for (let at = 1; at <= rounds; at += 1) {
      say(`Turn ${at} of ${rounds}:`);
      await turn('relecture', relecture, addresses(relecture));
      await turn('small slide', relecture, smallTiles);
      await turn('100 slides', relecture, spread);
      for (const [name, peer] of Object.entries(started)) await turn(name, peer, addresses(peer));
    }
    const memory = memoryMb(product.process.pid ?? 0);
    const rate = (name: string) => median((turns[name] ?? []).map(({ tilesPerSecond }) => tilesPerSecond));
    const ours = rate('relecture');
    const names = Object.keys(started);
    console.log(
      JSON.stringify({
        tilesPerSecond: Object.fromEntries(
          ['relecture', ...names].map((name) => [name, round(rate(name), 0)]),
        ),
        ratio: Object.fromEntries(names.map((name) => [name, round(ours / rate(name))])),
        p95Ms: round(median((turns.relecture ?? []).map(({ p95Ms }) => p95Ms))),
        memoryMb: Object.fromEntries(
          Object.entries(memory).map(([process, { resident, proportional, anonymous }]) => [
            process,
            {
              resident: round(resident, 0),
              proportional: round(proportional, 0),
              anonymous: round(anonymous, 0),
            },
          ]),
        ),
        costOfSize: round(rate('small slide') / ours),
        hundredSlides: { tilesPerSecond: round(rate('100 slides'), 0) },
        firstTileSeconds: round(large.firstTileSeconds),
        tileBytes: round(bytes / tiles.length, 0),
        slide: { width: large.slide.width, height: large.slide.height },
      }),
    );
  } finally {
    await product.stop();
  }
} finally {
  for (const peer of peers) await peer.stop();
  await rm(folder, { recursive: true, force: true });
}
