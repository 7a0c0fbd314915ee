import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import mongoose, { type Model } from 'mongoose';
import { type Figures, median, NETWORKS, percentile, rssAnon, type Sizes, STATUSES } from './figures.js';

const schema = new mongoose.Schema(
  {
    _id: Number,
    networkId: String,
    status: String,
    createdAt: Date,
    days: Number,
    rounds: Number,
    text: String,
  },
  { versionKey: false, autoIndex: false },
);
schema.index({ networkId: 1, status: 1, createdAt: 1 });
type Entry = mongoose.InferSchemaType<typeof schema>;

const text = 'x'.repeat(850);
const entry = (i: number) => ({
  _id: i,
  networkId: `n${i % NETWORKS}`,
  status: STATUSES[Math.floor(i / NETWORKS) % STATUSES.length] as string,
  createdAt: new Date(Date.UTC(2026, 0, 1) + i * 1000),
  days: i % 40,
  rounds: 0,
  text,
});

async function insert(model: Model<Entry>, from: number, to: number): Promise<number> {
  const start = performance.now();
  for (let at = from; at < to; at += 1000)
    await model.collection.insertMany(Array.from({ length: 1000 }, (_, i) => entry(at + i)) as never[]);
  return (performance.now() - start) / 1000;
}

async function times(runs: number, work: (run: number) => Promise<unknown>): Promise<number[]> {
  const measured: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await work(run);
    measured.push(performance.now() - start);
  }
  return measured;
}

async function perSecond(seconds: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let done = 0;
  const client = async () => {
    for (; performance.now() - start < seconds * 1000; done += 1) await work();
  };
  await Promise.all(Array.from({ length: 16 }, client));
  return done / ((performance.now() - start) / 1000);
}

/** Through mongoose as the product uses it (`lean`), the store in a process of its own. */
export async function measureEmbedded(sealed: boolean, { small, large, seconds }: Sizes): Promise<Figures> {
  const folder = await mkdtemp(join(process.env.BENCH_FOLDER ?? tmpdir(), 'relecture-bench-store-'));
  const file = fileURLToPath(new URL('./store-process.ts', import.meta.url));
  const argv = ['--conditions=relecture-source', '--import', 'tsx', file, folder];
  const child = spawn(process.execPath, [...argv, ...(sealed ? [randomBytes(32).toString('hex')] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let peak = 0;
  const watch = setInterval(() => {
    if (child.exitCode === null) peak = Math.max(peak, rssAnon(child.pid ?? 0));
  }, 50);
  try {
    const [uri] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const connection = await mongoose
      .createConnection(uri, { writeConcern: { w: 'majority', journal: true } })
      .asPromise();
    try {
      const model = connection.model<Entry>('Entry', schema as never);
      await model.createIndexes();
      const list = () => {
        const networkId = `n${Math.floor(Math.random() * NETWORKS)}`;
        return model.find({ networkId, status: STATUSES[1] }).sort({ createdAt: -1 }).limit(50).lean();
      };
      const one = () => ({ _id: Math.floor(Math.random() * small) });
      const insertSeconds = await insert(model, 0, small);
      const lists = (await times(350, list)).slice(50);
      const count = await times(21, () => model.countDocuments({ networkId: 'n3', status: STATUSES[1] }));
      const group = await times(7, () =>
        model.aggregate([{ $group: { _id: '$status', n: { $sum: 1 }, days: { $avg: '$days' } } }]),
      );
      const pointReadsPerSecond = await perSecond(seconds, () => model.findOne(one()).lean());
      const updatesPerSecond = await perSecond(seconds, () =>
        model.updateOne(one(), { $inc: { rounds: 1 } }),
      );
      await insert(model, small, large);
      const largeLists = (await times(350, list)).slice(50);
      return {
        listP50Ms: median(lists),
        listP99Ms: percentile(lists, 0.99),
        countMs: median(count),
        groupMs: median(group),
        pointReadsPerSecond,
        updatesPerSecond,
        insertSeconds,
        rssAnonMb: peak,
        growthAt1M: median(largeLists) / median(lists),
      };
    } finally {
      await connection.close();
    }
  } finally {
    clearInterval(watch);
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}
