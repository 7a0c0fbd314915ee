/**
 * `npm run bench:board -- --readings 1000000`: the coordinators' board over so many readings, made from those of the
 * demo and put straight into the store, spread over three years and all reading networks; `--open 2`: percent of them
 * still open. Says how long the figures took to be made from the readings, then what a board's requests take, one
 * after the other, for a coordinator of one network and for a national one.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedStore } from '@relecture/embedded-store';
import { calendarDay, startOfDay } from '@relecture/server/platform/clock.js';
import type { Board } from '@relecture/shared/monitoring/schema.js';
import { type Document, MongoClient, ObjectId } from 'mongodb';
import { memoryMb, type Product, signIn, startProduct } from './product.js';

const { values } = parseArgs({
  options: {
    readings: { type: 'string', default: '1000000' },
    open: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '60' },
    folder: { type: 'string' },
  },
});
const wanted = Number(values.readings);
const openShare = Number(values.open) / 100;
const say = (line: string) => console.error(line);
const DAY_MS = 86_400_000;
const SPREAD_DAYS = 3 * 365;
const AT_ONCE = 5000;

/** The same numbers in each run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Answers how many readings were opened since the first day that a board shows. */
async function fill(dataDir: string): Promise<number> {
  const store = await startEmbeddedStore({ dataDir: join(dataDir, 'store') });
  const client = await new MongoClient(store.uri).connect();
  const db = client.db('relecture');
  const reviews = db.collection('reviews');
  const templates = await reviews.find({}).toArray();
  const open = templates.filter(({ status, dueAt }) => dueAt && ['assigned', 'in_review'].includes(status));
  const signed = templates.filter(({ status }) => status === 'signed');
  const networks = (await reviews.distinct('networkId')) as string[];
  const random = randomFrom(11);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const started = Date.now();
  for (let made = 0; made < wanted; ) {
    const batch: Document[] = [];
    for (; batch.length < AT_ONCE && made < wanted; made += 1) {
      const isOpen = random() < openShare;
      const age = random() * (isOpen ? 30 : SPREAD_DAYS);
      const submittedAt = new Date(started - age * DAY_MS);
      const taken = Math.min(age, 1 + random() * 20);
      batch.push({
        ...pick(isOpen ? open : signed),
        _id: new ObjectId(),
        caseId: new ObjectId(),
        caseNumber: `BENCH-${made}`,
        networkId: pick(networks),
        createdAt: submittedAt,
        submittedAt,
        dueAt: new Date(submittedAt.getTime() + 14 * DAY_MS),
        signedAt: isOpen ? null : new Date(submittedAt.getTime() + taken * DAY_MS),
      });
    }
    await reviews.insertMany(batch, { ordered: false });
    if (made % 100_000 === 0) say(`  ${made} readings, ${Math.round((Date.now() - started) / 1000)} s`);
  }
  const today = new Date(started);
  const first = startOfDay(calendarDay(new Date(today.getFullYear(), today.getMonth() - 5, 1, 12)));
  const shown = await reviews.countDocuments({ networkId: { $in: networks }, createdAt: { $gte: first } });
  await db.collection('activity').deleteMany({});
  await client.close();
  await store.stop();
  return shown;
}

async function get<T>(product: Product, token: string, path: string): Promise<T> {
  const answer = await fetch(`${product.url}${path}`, { headers: { Authorization: `Bearer ${token}` } });
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as T;
}

const PATHS = [
  '/api/board',
  '/api/reviews?scope=network&limit=50',
  '/api/reviews?scope=network&limit=50&sort=age',
  '/api/reviews?scope=network&limit=50&overdue=true',
  '/api/reviews?scope=network&limit=50&status=in_review',
  '/api/reviews?scope=network&limit=50&risk=true',
  `/api/reviews?scope=network&limit=50&status=signed&signedFrom=${new Date().getFullYear()}-01-01&region=Bretagne`,
  '/api/board/groups?by=region&months=6',
  '/api/board/groups?by=site&months=12',
];

async function measure(product: Product, who: string, email: string): Promise<void> {
  const { token } = await signIn(product, email);
  const second = await get<{ next: string | null }>(product, token, PATHS[1] ?? '');
  for (const path of [...PATHS, `${PATHS[1]}&after=${second.next}`]) {
    const times: number[] = [];
    for (let round = 0; round < Number(values.rounds); round += 1) {
      const started = performance.now();
      await get(product, token, path);
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => (times[Math.ceil(share * times.length) - 1] ?? 0).toFixed(0).padStart(5);
    console.log(
      `${who.padEnd(10)} p50 ${at(0.5)} ms  p95 ${at(0.95)} ms  ${path.replace(/after=.*/, 'after=…')}`,
    );
  }
}

const folder =
  values.folder ?? (await mkdtemp(join(process.env.BENCH_FOLDER ?? tmpdir(), 'relecture-bench-board-')));
try {
  await (await startProduct(folder)).stop();
  const shown = await fill(join(folder, 'data'));
  const started = performance.now();
  const product = await startProduct(folder);
  say(`  started in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  try {
    const { token } = await signIn(product, 'coordinateur@demo.test');
    for (;;) {
      const { perMonth } = await get<Board>(product, token, '/api/board');
      if (perMonth.reduce((sum, month) => sum + month.opened, 0) >= shown) break;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
    console.log(
      `figures made from ${wanted} readings in ${Math.round((performance.now() - started) / 1000)} s`,
    );
    await measure(product, 'network', 'coordinatrice.sarcome@demo.test');
    await measure(product, 'national', 'coordinateur@demo.test');
    console.log(`server: ${memoryMb(product.process.pid ?? 0).server.resident} MB resident`);
  } finally {
    await product.stop();
  }
} finally {
  if (!values.folder) await rm(folder, { recursive: true, force: true });
}
