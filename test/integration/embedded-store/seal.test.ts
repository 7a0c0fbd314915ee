import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  checkStoreFolder,
  rewriteStoreFolder,
  type StoreKey,
  startEmbeddedStore,
} from '@relecture/embedded-store';
import { Environment } from '@relecture/embedded-store/storage/environment.js';
import { firstOfKind } from '@relecture/embedded-store/storage/layout.js';
import { expect } from 'chai';
import mongoose, { type Connection } from 'mongoose';
import { testEntry } from '../../support/children.js';
import { failure, native } from './store.js';

const WORD = 'PLANTED-NAME';
const k1 = { id: 'k1', key: randomBytes(32) };
const k2 = { id: 'k2', key: randomBytes(32) };

describe('embedded store, sealed', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'relecture-test-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  async function use<T>(keys: StoreKey[], work: (connection: Connection) => Promise<T>, folder = dataDir) {
    const store = await startEmbeddedStore({ dataDir: folder, keys });
    const connection = await mongoose.createConnection(store.uri).asPromise();
    try {
      return await work(connection);
    } finally {
      await connection.close();
      await store.stop();
    }
  }

  /** Documents of every size, written over and removed, so that free pages hold them too. */
  async function plant(keys: StoreKey[]): Promise<void> {
    await use(keys, async (connection) => {
      const planted = connection.collection<{ _id: number; text: string; day: number }>(`${WORD}-collection`);
      await planted.createIndex({ day: 1 }, { name: `${WORD}-index` });
      await planted.insertMany(
        [0, 1, 2, 3, 4, 5].map((_id) => ({
          _id,
          day: _id % 2,
          text: `${WORD} ${'x'.repeat(8 ** _id)} ${WORD}`,
        })),
      );
      await planted.updateMany({ _id: { $lt: 4 } }, { $set: { more: WORD } });
      await planted.deleteOne({ _id: 5 });
    });
  }

  const read = (connection: Connection) =>
    connection.collection(`${WORD}-collection`).find({ day: 1 }).sort({ _id: 1 }).toArray();

  async function filesThatTell(): Promise<string[]> {
    const found: string[] = [];
    for (const file of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      if ((await readFile(join(file.parentPath, file.name))).includes(WORD)) found.push(file.name);
    }
    return found;
  }

  const refusal = async (keys: StoreKey[]) => [
    (await failure(startEmbeddedStore({ dataDir, keys }))).code,
    (await failure(checkStoreFolder(dataDir, keys))).code,
  ];

  it('has no planted word in any file, nor in its hot copy, and answers as a plain one does', async () => {
    await plant([k1]);
    expect(await filesThatTell()).to.deep.equal([]);
    expect(await checkStoreFolder(dataDir, [k1])).to.include({ faultCount: 0, documents: 5 });
    const copy = join(dataDir, 'copied');
    await use([k1], async (connection) => {
      const found = await read(connection);
      expect(found.map(({ _id, more }) => [_id, more])).to.deep.equal([
        [1, WORD],
        [3, WORD],
      ]);
      const grouped = connection
        .collection(`${WORD}-collection`)
        .aggregate([{ $group: { _id: '$day', n: { $sum: 1 } } }, { $sort: { _id: 1 } }]);
      expect(await grouped.toArray()).to.deep.equal([
        { _id: 0, n: 3 },
        { _id: 1, n: 2 },
      ]);
      await native(connection).command({ copyFiles: 1, to: join(copy, 'store') });
    });
    expect(await filesThatTell()).to.deep.equal([]);
    expect(await use([k1], read, copy)).to.have.length(2);
  });

  it('opens only as it is: key missing, another, or given for a plain store; nothing is changed by the refusal', async () => {
    await plant([k1]);
    const file = join(dataDir, 'store', 'data.mdb');
    const before = await readFile(file);
    expect(await refusal([])).to.deep.equal(['STORE_SEALED', 'STORE_SEALED']);
    expect(await refusal([{ id: 'k1', key: randomBytes(32) }])).to.deep.equal([
      'STORE_KEY_WRONG',
      'STORE_KEY_WRONG',
    ]);
    expect(await refusal([k2])).to.deep.equal(['STORE_KEY_WRONG', 'STORE_KEY_WRONG']);
    expect((await readFile(file)).equals(before)).to.equal(true);
    await rm(join(dataDir, 'store'), { recursive: true });
    await plant([]);
    expect(await filesThatTell(), 'what a plain store tells').to.deep.equal(['data.mdb']);
    expect(await refusal([k1])).to.deep.equal(['STORE_PLAIN', 'STORE_PLAIN']);
    expect(await use([], read)).to.have.length(2);
  });

  it('takes another key at a start, and does not need the former one any more', async () => {
    await plant([k1]);
    expect(await use([k2, k1], read)).to.have.length(2);
    expect(await refusal([k1])).to.deep.equal(['STORE_KEY_WRONG', 'STORE_KEY_WRONG']);
    expect(await use([k2], read)).to.have.length(2);
  });

  it('is sealed, sealed anew and unsealed by a rewrite that leaves the old file until it is whole', async () => {
    await plant([]);
    const beside = join(dataDir, 'store', 'rewriting');
    const plain = await use([], read);
    await mkdir(beside);
    await writeFile(join(beside, 'data.mdb'), 'of a rewrite that was killed');
    expect(await use([], read), 'the store is as it was').to.deep.equal(plain);
    expect(existsSync(beside)).to.equal(false);

    await rewriteStoreFolder(dataDir, { keys: [k1], sealed: true });
    expect(await filesThatTell()).to.deep.equal([]);
    await rewriteStoreFolder(dataDir, { keys: [k2, k1], sealed: true });
    expect(await refusal([k1])).to.deep.equal(['STORE_KEY_WRONG', 'STORE_KEY_WRONG']);
    const wrong = { keys: [k1], sealed: false };
    expect((await failure(rewriteStoreFolder(dataDir, wrong))).code).to.equal('STORE_KEY_WRONG');
    expect(await use([k2], read)).to.deep.equal(plain);
    await rewriteStoreFolder(dataDir, { keys: [k2], sealed: false });
    expect(await checkStoreFolder(dataDir)).to.include({ faultCount: 0, documents: 5 });
    expect(await use([], read)).to.deep.equal(plain);
  });

  it('never answers with a document that was put in the place of another', async () => {
    await plant([k1]);
    // As whoever writes to the disk could: the store's own files, without its key.
    const files = new Environment(join(dataDir, 'store'));
    const [first, second] = [...files.entries(firstOfKind('documents', 0))];
    if (!first || !second) throw new Error('documents were expected');
    await files.write(() => {
      files.put(first.key, second.value);
      files.put(second.key, first.value);
    });
    await files.close();
    const check = await checkStoreFolder(dataDir, [k1]);
    expect(check.faults.filter(({ kind }) => kind === 'unreadable_document')).to.have.length(2);
    await use([k1], async (connection) => {
      const planted = connection.collection<{ _id: number }>(`${WORD}-collection`);
      expect((await failure(planted.findOne({ _id: 0 }))).message).to.contain('altered');
      expect(await planted.findOne({ _id: 2 })).to.include({ more: WORD });
    });
  });

  it('is whole after a kill in the middle of writes', async () => {
    const writer = fileURLToPath(new URL('./writer-process.ts', import.meta.url));
    const argv = [...testEntry(writer), dataDir, '0'];
    const child = spawn(process.execPath, [...argv, k1.key.toString('hex')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const told: string[] = [];
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      if (line.startsWith('insert')) told.push(line);
      if (told.length === 150) child.kill('SIGKILL');
    });
    await Promise.all([once(child, 'exit'), once(lines, 'close')]);
    const check = await checkStoreFolder(dataDir, [k1]);
    expect(check).to.include({ faultCount: 0 });
    await use([k1], async (connection) => {
      const ids = await connection.collection<{ _id: number }>('entries').distinct('_id');
      expect(ids).to.include.members(told.map((line) => Number(line.slice('insert '.length))));
    });
  });
});
