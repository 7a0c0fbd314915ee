import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startEmbeddedStore } from '@relecture/embedded-store';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { testEntry } from '../../support/children.js';
import { failure } from './store.js';

const writerFile = fileURLToPath(new URL('./writer-process.ts', import.meta.url));

describe('embedded store lifecycle', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'relecture-test-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  async function withStore<T>(use: (connection: mongoose.Connection) => Promise<T>): Promise<T> {
    const store = await startEmbeddedStore({ dataDir });
    const connection = await mongoose.createConnection(store.uri).asPromise();
    try {
      return await use(connection);
    } finally {
      await connection.close();
      await store.stop();
    }
  }

  it('keeps everything over a stop and a start: documents, indexes, counts', async () => {
    await withStore(async (connection) => {
      await connection.collection('kept').createIndex({ n: 1 }, { unique: true });
      await connection
        .collection('kept')
        .insertMany(Array.from({ length: 50 }, (_, n) => ({ n, tags: ['a', 'b'] })));
    });
    await withStore(async (connection) => {
      const kept = connection.collection('kept');
      expect(await kept.estimatedDocumentCount()).to.equal(50);
      expect(await kept.find({ n: { $lt: 5 } }).toArray()).to.have.length(5);
      expect((await failure(kept.insertOne({ n: 7 }))).code).to.equal(11000);
    });
  });

  it('lets one process at a time have the folder and frees it on stop', async () => {
    const first = await startEmbeddedStore({ dataDir });
    const refused = await failure(startEmbeddedStore({ dataDir }));
    expect(refused.code).to.equal('STORE_LOCKED');
    expect(refused.message).to.include(dataDir);
    const connection = await mongoose.createConnection(first.uri).asPromise();
    expect((await connection.db?.admin().ping())?.ok, 'the first goes on undisturbed').to.equal(1);
    await connection.close();
    await first.stop();
    await first.stop();
    await (await startEmbeddedStore({ dataDir })).stop();
  });

  it('lets exactly one of several simultaneous starts win', async () => {
    const starts = await Promise.allSettled([1, 2, 3, 4].map(() => startEmbeddedStore({ dataDir })));
    const won = starts.filter((start) => start.status === 'fulfilled');
    const codes = starts.filter((start) => start.status === 'rejected').map((start) => start.reason.code);
    expect(won).to.have.length(1);
    expect(codes).to.deep.equal(['STORE_LOCKED', 'STORE_LOCKED', 'STORE_LOCKED']);
    await won[0]?.value.stop();
  });

  it('refuses a folder it cannot write, and a file in its place', async () => {
    await writeFile(join(dataDir, 'file'), '');
    expect((await failure(startEmbeddedStore({ dataDir: join(dataDir, 'file') }))).code).to.equal(
      'STORE_UNWRITABLE',
    );
    expect((await failure(startEmbeddedStore({ dataDir: '/proc/relecture' }))).code).to.equal(
      'STORE_UNWRITABLE',
    );
  });

  it('refuses files that are no store, and leaves them alone', async () => {
    await mkdir(join(dataDir, 'store'));
    await writeFile(join(dataDir, 'store', 'data.mdb'), Buffer.alloc(64 * 1024, 'not a database'));
    expect((await failure(startEmbeddedStore({ dataDir }))).code).to.equal('STORE_DAMAGED');
    expect((await stat(join(dataDir, 'store', 'data.mdb'))).size).to.equal(64 * 1024);
  });

  it('keeps its files and its socket from other users', async () => {
    await chmod(dataDir, 0o755);
    const store = await startEmbeddedStore({ dataDir });
    const path = decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(store.uri)?.[1] as string);
    expect((await stat(dirname(path))).mode & 0o777).to.equal(0o700);
    expect((await stat(join(dataDir, 'store'))).mode & 0o777).to.equal(0o700);
    expect(path.length).to.be.below(100);
    await store.stop();
    expect(await readdir(dirname(path)).catch((error: NodeJS.ErrnoException) => error.code)).to.equal(
      'ENOENT',
    );
  });

  it('loses no acknowledged write when it is killed while writing, again and again', async () => {
    const inserted = new Set<number>();
    const updated = new Set<number>();
    for (let round = 0; round < 3; round += 1) {
      await writeAndKill(dataDir, round, 150 + round * 90, (line) => {
        const [what, id] = line.split(' ');
        if (what === 'insert') inserted.add(Number(id));
        if (what === 'update') updated.add(Number(id));
      });
    }
    expect(inserted.size).to.be.above(200);
    await withStore(async (connection) => {
      const entries = connection.collection<{ _id: number; rounds: number; writer: number }>('entries');
      const stored = new Map((await entries.find().toArray()).map((entry) => [entry._id, entry.rounds]));
      expect([...inserted].filter((id) => !stored.has(id))).to.deep.equal([]);
      expect([...updated].filter((id) => stored.get(id) !== 1)).to.deep.equal([]);
      expect(await entries.estimatedDocumentCount(), 'the counter agrees').to.equal(stored.size);
      const byIndex = await entries
        .find({ writer: { $gte: 0 } }, { hint: { writer: 1, _id: 1 } as never })
        .toArray();
      expect(byIndex, 'the index agrees').to.have.length(stored.size);
    });
  });
});

/** Runs the writer until it has told so many writes, then kills it without warning. */
async function writeAndKill(
  dataDir: string,
  round: number,
  lines: number,
  told: (line: string) => void,
): Promise<void> {
  const child: ChildProcess = spawn(
    process.execPath,
    [...testEntry(writerFile), dataDir, String(round * 100_000_000)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exit = once(child, 'exit');
  let count = 0;
  if (!child.stdout) throw new Error('no stdout');
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    told(line);
    count += 1;
    if (count === lines) child.kill('SIGKILL');
  });
  await Promise.all([exit, once(reader, 'close')]);
  expect(count, 'the writer wrote').to.be.at.least(lines);
}
