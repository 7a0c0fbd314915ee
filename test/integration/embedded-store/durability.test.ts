import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { checkStoreFolder, startEmbeddedStore } from '@relecture/embedded-store';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { testEntry } from '../../support/children.js';
import { failure } from './store.js';

const writerFile = fileURLToPath(new URL('./writer-process.ts', import.meta.url));
const fullDiskFile = fileURLToPath(new URL('./full-disk-process.ts', import.meta.url));

describe('embedded store durability', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'relecture-test-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  /** The lines a process tells until it ends. */
  async function linesOf(command: string[], onLine?: (line: string, child: ChildProcess) => void) {
    const [program = '', ...argv] = command;
    const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout });
    reader.on('line', (line) => {
      lines.push(line);
      onLine?.(line, child);
    });
    await Promise.all([once(child, 'exit'), once(reader, 'close')]);
    return lines;
  }

  async function withStore<T>(
    folder: string,
    use: (connection: mongoose.Connection) => Promise<T>,
  ): Promise<T> {
    const store = await startEmbeddedStore({ dataDir: folder });
    const connection = await mongoose.createConnection(store.uri).asPromise();
    try {
      return await use(connection);
    } finally {
      await connection.close();
      await store.stop();
    }
  }

  it('has every index whole after a kill in the middle of writes, and starts on it', async () => {
    let told = 0;
    const lines = await linesOf(
      [process.execPath, ...testEntry(writerFile), dataDir, '0'],
      (_line, child) => {
        told += 1;
        if (told === 400) child.kill('SIGKILL');
      },
    );
    const inserted = lines.filter((line) => line.startsWith('insert')).length;
    const check = await checkStoreFolder(dataDir);
    expect(check).to.include({ faultCount: 0 });
    expect(check.documents).to.be.at.least(inserted);
    await withStore(dataDir, async (connection) => {
      expect(await connection.collection('entries').countDocuments()).to.equal(check.documents);
    });
  });

  it('refuses writes on a full disk, reads on, and has all it acknowledged when there is room again', async () => {
    // The system refuses to let any file of the process grow beyond 6 MB; it fails in the middle of a commit, as a disk does.
    const lines = await linesOf([
      'sh',
      '-c',
      'ulimit -f 12288 && exec "$@"',
      'sh',
      process.execPath,
      ...testEntry(fullDiskFile),
      dataDir,
    ]);
    const acknowledged = lines.filter((line) => line.startsWith('insert')).length;
    expect(acknowledged).to.be.above(50);
    expect(lines.slice(acknowledged)).to.deep.equal([
      'refused',
      'refused',
      'refused',
      `read ${acknowledged}`,
      `counted ${acknowledged}`,
    ]);
    expect(await checkStoreFolder(dataDir)).to.include({ faultCount: 0, documents: acknowledged });
    await withStore(dataDir, async (connection) => {
      await connection.collection<{ _id: number }>('entries').insertOne({ _id: acknowledged });
      expect(await connection.collection('entries').countDocuments()).to.equal(acknowledged + 1);
    });
  });

  it('grows by itself, holds documents of up to 16 MB, refuses one above, and says of a copy cut short that it is damaged', async () => {
    const most = 16 * 1024 * 1024;
    await withStore(dataDir, async (connection) => {
      const big = connection.collection<{ _id: number; data: string }>('big');
      await big.createIndex({ data: 1 });
      for (let _id = 0; _id < 3; _id += 1) await big.insertOne({ _id, data: String(_id).repeat(most - 100) });
      const error = await failure(big.insertOne({ _id: 3, data: 'x'.repeat(most) }));
      expect(error.code).to.equal(10334);
      expect((await failure(big.updateOne({ _id: 0 }, { $set: { more: 'x'.repeat(200) } }))).code).to.equal(
        10334,
      );
    });
    const { size } = await stat(join(dataDir, 'store', 'data.mdb'));
    expect(size, 'far beyond the map it began with').to.be.above(45_000_000);
    expect(await checkStoreFolder(dataDir)).to.include({ faultCount: 0, documents: 3 });
    await withStore(dataDir, async (connection) => {
      const lengths = await connection
        .collection('big')
        .aggregate([{ $sort: { _id: 1 } }, { $project: { length: { $strLenBytes: '$data' } } }])
        .toArray();
      expect(lengths.map(({ length }) => length)).to.deep.equal([most - 100, most - 100, most - 100]);
    });

    const torn = join(dataDir, 'torn');
    await cp(join(dataDir, 'store'), join(torn, 'store'), { recursive: true });
    const file = join(torn, 'store', 'data.mdb');
    await truncate(file, Math.floor(size * 0.6));
    expect((await failure(startEmbeddedStore({ dataDir: torn }))).code).to.equal('STORE_DAMAGED');
    expect((await failure(checkStoreFolder(torn))).code).to.equal('STORE_DAMAGED');
    await truncate(file, 5000);
    expect((await failure(startEmbeddedStore({ dataDir: torn }))).code).to.equal('STORE_DAMAGED');
    expect((await stat(file)).size, 'left alone').to.equal(5000);
  });

  it('says of a copy taken while it was written that it is damaged, and starts on one taken when it was not', async () => {
    const file = join(dataDir, 'store', 'data.mdb');
    const moments: Buffer[] = [];
    await withStore(dataDir, async (connection) => {
      const rows = connection.collection<{ _id: number; n: number; text: string }>('rows');
      await rows.createIndex({ n: 1 });
      await rows.insertMany(
        Array.from({ length: 3000 }, (_, _id) => ({ _id, n: _id, text: 'x'.repeat(200) })),
      );
      moments.push(await readFile(file));
      for (let _id = 0; _id < 3000; _id += 300) await rows.updateOne({ _id }, { $inc: { n: 5000 } });
      moments.push(await readFile(file));
    });
    const [before, after] = moments as [Buffer, Buffer];
    // As `cp` reads it: the head first, which says what was, then pages that were written over meanwhile.
    const head = 2 * before.readUInt32LE(48);
    for (const [name, bytes, code] of [
      ['mixed', Buffer.concat([before.subarray(0, head), after.subarray(head)]), 'STORE_DAMAGED'],
      ['whole', before, undefined],
    ] as const) {
      const copy = join(dataDir, name);
      await mkdir(join(copy, 'store'), { recursive: true });
      await writeFile(join(copy, 'store', 'data.mdb'), bytes);
      if (code) {
        expect((await failure(startEmbeddedStore({ dataDir: copy }))).code).to.equal(code);
        expect((await failure(checkStoreFolder(copy))).code).to.equal(code);
        continue;
      }
      expect(await checkStoreFolder(copy)).to.include({ faultCount: 0, documents: 3000 });
      await withStore(copy, async (connection) => {
        expect(await connection.collection('rows').countDocuments({ n: { $gte: 0 } })).to.equal(3000);
      });
    }
  });
});
