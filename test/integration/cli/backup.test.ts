import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedStore, startEmbeddedStore } from '@relecture/embedded-store';
import { openBackupSet } from '@relecture/server/cli/backup/backup-set.js';
import { makeBackup } from '@relecture/server/cli/backup/make-backup.js';
import { pruneBackups } from '@relecture/server/cli/backup/prune-backups.js';
import { refuseUnlessEmpty, restoreBackup } from '@relecture/server/cli/backup/restore-backup.js';
import { createObjectStore, type ObjectStore } from '@relecture/server/slides/storage/object-store.js';
import { expect } from 'chai';
import mongoose, { type Connection } from 'mongoose';
import { startObjectStore } from '../../support/object-store.js';
import { run } from './run.js';

const KEYS = [{ id: 'b1', key: randomBytes(32) }];
const STORE_KEYS = [{ id: 's1', key: randomBytes(32) }];
const MARK = 'NOM-DE-NAISSANCE-EN-CLAIR';

describe('relecture backup and restore', () => {
  let folder: string;
  let store: EmbeddedStore;
  let connection: Connection;
  let s3: Awaited<ReturnType<typeof startObjectStore>>;
  let objects: ObjectStore;
  const keys = { plain: 'a1'.repeat(16), sealed: 'b2'.repeat(16), object: 'c3'.repeat(16) };
  const objectName = `slides/${keys.object}/0011223344556677`;
  const bytes = { plain: randomBytes(700_000), sealed: randomBytes(700_000), object: randomBytes(300_000) };
  const foldersIn = (name: string) => ({
    dataDir: join(folder, name, 'data'),
    uploadsDir: join(folder, name, 'uploads'),
    mongodbUri: null,
    backupKeys: KEYS,
    storeKeys: STORE_KEYS,
  });
  const target = (name: string) => join(folder, 'backups', name);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-test-'));
    const { dataDir, uploadsDir } = foldersIn('live');
    store = await startEmbeddedStore({ dataDir: join(dataDir, 'store'), keys: STORE_KEYS });
    connection = await mongoose.createConnection(store.uri).asPromise();
    await connection.collection('slides').insertMany([
      { status: 'ready', storageKey: keys.plain, place: null },
      { status: 'ready', storageKey: keys.sealed, place: { where: 'folder', form: 'sealed', object: null } },
      {
        status: 'ready',
        storageKey: keys.object,
        place: { where: 's3', form: 'plain', object: { name: objectName } },
      },
    ]);
    await connection.collection('log').createIndex({ n: 1 }, { unique: true });
    for (const [key, name] of [
      [keys.plain, 'slide'],
      [keys.sealed, 'sealed'],
    ] as const) {
      await mkdir(join(uploadsDir, 'slides', key.slice(0, 2), key), { recursive: true });
      await writeFile(
        join(uploadsDir, 'slides', key.slice(0, 2), key, name),
        name === 'slide' ? bytes.plain : bytes.sealed,
      );
    }
    await mkdir(join(uploadsDir, 'attachments'));
    await writeFile(join(uploadsDir, 'attachments', 'one'), MARK);
    await writeFile(join(dataDir, 'secrets.json'), `{"identityKey":"${MARK}"}`);
    s3 = await startObjectStore();
    objects = createObjectStore({
      bucket: s3.settings.S3_BUCKET ?? '',
      endpoint: s3.settings.S3_ENDPOINT ?? null,
      region: 'us-east-1',
      accessKeyId: s3.settings.S3_ACCESS_KEY_ID ?? '',
      secretAccessKey: s3.settings.S3_SECRET_ACCESS_KEY ?? '',
    });
    await objects.write(objectName, pieces(bytes.object));
  });
  after(async () => {
    await connection.close();
    await store.stop();
    objects.close();
    await s3.remove();
    await rm(folder, { recursive: true, force: true });
  });

  async function* pieces(whole: Buffer): AsyncGenerator<Buffer> {
    yield whole;
  }

  /** Writes one after the other until told to stop; answers how many were acknowledged so far. */
  function keepWriting() {
    let acknowledged = 0;
    let going = true;
    const done = (async () => {
      for (; going; acknowledged += 1)
        await connection.collection('log').insertOne({ n: acknowledged, text: MARK });
    })();
    return {
      acknowledged: () => acknowledged,
      async stop() {
        going = false;
        await done;
      },
    };
  }

  it('copies store, slides and objects while the server writes, encrypted; restores them whole at one moment', async () => {
    const writing = keepWriting();
    while (writing.acknowledged() < 20) await new Promise((resolve) => setImmediate(resolve));
    const before = writing.acknowledged();
    const made = await makeBackup(foldersIn('live'), target('hot'), objects);
    const after = writing.acknowledged();
    expect(after, 'writes went on meanwhile').to.be.above(before);
    const again = await makeBackup(foldersIn('live'), target('hot'), objects);
    await writing.stop();
    expect(made).to.include({ files: 6, copied: 6, store: true });
    expect(again, 'only the store is copied again').to.include({ files: 6, copied: 1 });

    for (const file of await readdir(target('hot'), { recursive: true, withFileTypes: true }))
      if (file.isFile())
        expect((await readFile(join(file.parentPath, file.name))).includes(MARK), file.name).to.equal(false);

    await objects.remove(objectName);
    const restored = foldersIn('restored');
    await refuseUnlessEmpty(restored);
    const result = await restoreBackup(restored, target('hot'), objects, made.name);
    expect(result).to.include({ name: made.name, files: 6, slidesMissing: 0 });
    expect(result.store).to.include({ faultCount: 0 });
    const slide = join(restored.uploadsDir, 'slides', 'a1', keys.plain, 'slide');
    expect((await readFile(slide)).equals(bytes.plain)).to.equal(true);
    expect((await fetch(await objects.addressOf(objectName))).status).to.equal(200);
    expect(await readFile(join(restored.dataDir, 'secrets.json'), 'utf8')).to.contain(MARK);

    const copy = await startEmbeddedStore({ dataDir: join(restored.dataDir, 'store'), keys: STORE_KEYS });
    const reader = await mongoose.createConnection(copy.uri).asPromise();
    const log = await reader.collection('log').find().sort({ n: 1 }).toArray();
    await reader.close();
    await copy.stop();
    expect(log.map(({ n }) => n as number)).to.deep.equal(log.map((_, n) => n));
    expect(log.length).to.be.within(before, after + 1);
    const refused = await failure(refuseUnlessEmpty(restored));
    expect(refused).to.contain('n’est pas vide');
  });

  it('says when a slide is missing, a blob was altered, or the key is another', async () => {
    const live = foldersIn('live');
    const slide = join(live.uploadsDir, 'slides', 'b2', keys.sealed, 'sealed');
    await rm(slide);
    const made = await makeBackup(live, target('cut'), objects);
    await writeFile(slide, bytes.sealed);
    const missing = await restoreBackup(foldersIn('missing'), target('cut'), objects, null);
    expect(missing).to.include({ name: made.name, slidesMissing: 1 });

    const otherKey = { ...foldersIn('other'), backupKeys: [{ id: 'b1', key: randomBytes(32) }] };
    expect(await failure(restoreBackup(otherKey, target('cut'), objects, null))).to.include('BACKUP_KEYS');
    expect(await failure(restoreBackup(otherKey, target('nowhere'), objects, null))).to.include(
      'introuvable',
    );

    for (const file of await readdir(join(target('cut'), 'blobs'), {
      recursive: true,
      withFileTypes: true,
    })) {
      const path = join(file.parentPath, file.name);
      if (!file.isFile() || (await stat(path)).size < 700_000) continue;
      const altered = await readFile(path);
      altered.writeUInt8(altered.readUInt8(100_000) ^ 1, 100_000);
      await writeFile(path, altered);
    }
    const altered = await failure(restoreBackup(foldersIn('altered'), target('cut'), objects, null));
    expect(altered).to.include('(uploads/slides/').and.to.include('--backup');
    const left = await readdir(join(folder, 'altered', 'data')).catch(() => []);
    expect(left, 'the store comes last').not.to.contain('store');
  });

  it('goes on where it was cut', async () => {
    const away: ObjectStore = { ...objects, addressOf: async () => 'http://127.0.0.1:9/nothing' };
    await failure(makeBackup(foldersIn('live'), target('again'), away));
    expect(await readdir(target('again')), 'no backup yet').to.have.members(['blobs', 'under-way']);
    const made = await makeBackup(foldersIn('live'), target('again'), objects);
    expect(made, 'the object and the store').to.include({ files: 6, copied: 2 });
    expect(await readdir(target('again'))).to.have.members(['blobs', made.name]);
    const restored = await restoreBackup(foldersIn('restored-again'), target('again'), objects, null);
    expect(restored).to.include({ files: 6, slidesMissing: 0 });
  });

  it('restores nothing of a sealed store whose key is missing, and all of it with the key', async () => {
    await makeBackup(foldersIn('live'), target('keyless'), objects);
    const folders = foldersIn('keyless');
    for (const [storeKeys, code] of [
      [[], 'STORE_SEALED'],
      [[{ id: 's1', key: randomBytes(32) }], 'STORE_KEY_WRONG'],
    ] as const) {
      const keyless = { ...folders, storeKeys: [...storeKeys] };
      const refused = await restoreBackup(keyless, target('keyless'), objects, null).catch(
        (error: Error) => error,
      );
      expect(refused).to.have.property('message').that.contains(`[${code}]`);
      await refuseUnlessEmpty(folders);
    }
    const settings = {
      DATA_DIR: folders.dataDir,
      UPLOADS_DIR: folders.uploadsDir,
      BACKUP_KEYS: `b1:${KEYS[0]?.key.toString('hex')}`,
      STORE_KEYS: '',
      ...s3.settings,
    };
    for (let turn = 0; turn < 2; turn += 1) {
      const { code, err } = await run(['restore', target('keyless')], settings);
      expect(code).to.equal(1);
      expect(err).to.contain('[STORE_SEALED]');
    }
    const restored = await restoreBackup(folders, target('keyless'), objects, null);
    expect(restored.store).to.include({ faultCount: 0 });
  });

  it('keeps the newest backups and what they hold, and leaves alone what another backup may be writing', async () => {
    const live = foldersIn('live');
    const changing = join(live.uploadsDir, 'attachments', 'one');
    const set = openBackupSet(target('pruned'), KEYS);
    const made: string[] = [];
    for (const text of ['first', 'second', 'third']) {
      await writeFile(changing, `${text} ${MARK}`);
      made.push((await makeBackup(live, target('pruned'), objects)).name);
    }
    const [first, second, third] = made as [string, string, string];
    expect(await pruneBackups(set, 3)).to.deep.equal({ backups: [], files: 0, bytes: 0 });
    // A day later the blobs of what goes are still young; three days later they go.
    const day = 24 * 3600 * 1000;
    expect(await pruneBackups(set, 2, Date.now() + day)).to.deep.equal({
      backups: [first],
      files: 0,
      bytes: 0,
    });
    const pruned = await pruneBackups(set, 1, Date.now() + 3 * day);
    expect(pruned).to.include({ files: 4 });
    expect(pruned.backups).to.deep.equal([second]);
    expect(await set.list()).to.deep.equal([third]);
    const restored = await restoreBackup(foldersIn('restored-pruned'), target('pruned'), objects, null);
    expect(restored).to.include({ files: 6, slidesMissing: 0 });
    expect(
      await readFile(join(foldersIn('restored-pruned').uploadsDir, 'attachments', 'one'), 'utf8'),
    ).to.equal(`third ${MARK}`);
  });

  it('removes nothing while a backup it keeps cannot be read', async () => {
    await makeBackup(foldersIn('live'), target('unread'), objects);
    await makeBackup(foldersIn('live'), target('unread'), objects);
    const others = openBackupSet(target('unread'), [{ id: 'b1', key: randomBytes(32) }]);
    await failure(pruneBackups(others, 1));
    expect(await others.list()).to.have.length(2);
  });

  it('copies again what has lost its bytes', async () => {
    const made = await makeBackup(foldersIn('live'), target('lost'), objects);
    const set = openBackupSet(target('lost'), KEYS);
    const [lost] = (await set.readManifest(made.name)).entries.filter(({ path }) => path.endsWith('/slide'));
    await set.removeBlob(lost?.blob ?? '');
    expect(await makeBackup(foldersIn('live'), target('lost'), objects)).to.include({ files: 6, copied: 2 });
  });

  it('refuses to lie inside the data', async () => {
    expect(
      await failure(makeBackup(foldersIn('live'), join(foldersIn('live').uploadsDir, 'backup'), null)),
    ).to.contain('ne peut pas être dans');
  });

  it('says that a folder cannot be made', async () => {
    await writeFile(target('a-file'), '');
    expect(await failure(makeBackup(foldersIn('live'), target('a-file'), null))).to.contain(
      'ne peut pas être fait (EEXIST)',
    );
  });
});

/** The sentence an operation fails with. */
async function failure(operation: Promise<unknown>): Promise<string> {
  try {
    await operation;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the operation was expected to fail');
}
