import { watch } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearFormerPlaces, sweepObjects, verifySlides } from '@relecture/server/slides/index.js';
import { expect } from 'chai';
import mongoose, { Types } from 'mongoose';
import { makePeople } from '../../factories/people.js';
import { type Reading, startReading } from '../../factories/readings.js';
import { removeFolder, startTestApp, type TestApp } from '../../support/app.js';
import { type ObjectStoreServer, startObjectStore } from '../../support/object-store.js';
import { until } from '../arrivals/waiting.js';
import { type DyingServer, startDyingServer } from './start-dying.js';

/** The server is killed with -9 while it moves a slide to where a new setting wants it. The slide is never without its bytes. */
describe('a slide that is being moved, through a kill -9', function () {
  this.timeout(300_000);
  const sealed = { SLIDES_AT_REST: 'sealed', SLIDE_KEYS: `k1:${'11'.repeat(32)}` };
  let folder: string;
  let app: TestApp | null = null;
  let dying: DyingServer | null = null;
  let reading: Reading;
  let tile: Buffer;

  before(function () {
    // The dying server and the one after it need one store of their own, on this disk.
    if (process.env.TEST_MONGODB_URI) this.skip();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-moving-'));
    await start({});
    reading = await startReading(await makePeople(app as TestApp));
    tile = await tileOf();
    await placed('plain');
    await stop();
  });
  afterEach(async () => {
    await stop();
    dying?.child.kill('SIGKILL');
    await dying?.ended;
    dying = null;
    await removeFolder(folder);
  });

  const settings = () => ({
    NODE_ENV: 'test',
    DATA_DIR: join(folder, 'data'),
    UPLOADS_DIR: join(folder, 'uploads'),
  });
  const start = async (more: Record<string, string>) => {
    app = await startTestApp({ ...settings(), ...more });
  };
  const stop = async () => {
    await app?.stop();
    app = null;
  };
  /** Starts it under a setting that has the slide moved; its address is not needed. */
  const startDying = (more: Record<string, string>): DyingServer => {
    dying = startDyingServer({ ...settings(), ...more });
    dying.url.catch(() => undefined);
    return dying;
  };
  const record = () =>
    mongoose.connection.collection('slides').findOne({ _id: new Types.ObjectId(reading.slideId) });
  const placed = (form: string, where = 'folder') =>
    until(async () => {
      const place = (await record())?.place;
      return place?.form === form && place.where === where ? place : null;
    });
  /** People keep their sessions through the restart; the address is another. */
  async function tileOf(): Promise<Buffer> {
    const answer = await fetch(`${app?.url}/api/slides/${reading.slideId}/tiles/0/0/0`, {
      headers: { Authorization: `Bearer ${reading.reader.token}` },
    });
    expect(answer.status).to.equal(200);
    return Buffer.from(await answer.arrayBuffer());
  }
  async function files(): Promise<string[]> {
    const names = await readdir(join(folder, 'uploads', 'slides'), { recursive: true });
    return names.map((name) => name.split('/').at(-1) ?? '').filter((name) => /^(slide|sealed)/.test(name));
  }

  for (const [point, left] of [
    ['written', ['sealed.new', 'slide']],
    ['named', ['sealed', 'slide']],
  ] as const) {
    it(`is read as before, and lies once, after a death when it was ${point} and not recorded`, async () => {
      await startDying({ ...sealed, DIE_IN_MOVE: point }).ended;
      expect((await files()).sort()).to.deep.equal(left);

      await start(sealed);
      expect((await tileOf()).equals(tile)).to.equal(true);
      await placed('sealed');
      expect((await tileOf()).equals(tile)).to.equal(true);
      await clearFormerPlaces(new Date());
      expect(await files()).to.deep.equal(['sealed']);
      expect(await verifySlides(10)).to.deep.equal({ compared: 1, troubled: 0 });
    });
  }

  it('is read from where it lay when the death came as an object store had just taken it; no object is left over', async () => {
    const objects: ObjectStoreServer = await startObjectStore();
    const stored = async () =>
      (await readdir(objects.folder, { recursive: true })).filter((name) => name.endsWith('_object'));
    try {
      const toStore = { ...objects.settings, SLIDE_STORE: 's3' };
      const seen = watch(objects.folder, { recursive: true });
      seen.on('change', (_kind, name) => {
        if (String(name).endsWith('_object')) dying?.child.kill('SIGKILL');
      });
      await startDying(toStore).ended;
      seen.close();
      expect(await stored()).to.have.length(1);

      await start(toStore);
      expect((await tileOf()).equals(tile)).to.equal(true);
      await placed('plain', 's3');
      await clearFormerPlaces(new Date());
      await sweepObjects(new Date(Date.now() + 48 * 3600 * 1000));
      expect(await files()).to.deep.equal([]);
      expect(await stored()).to.have.length(1);
      expect((await tileOf()).equals(tile)).to.equal(true);
      expect(await verifySlides(10)).to.deep.equal({ compared: 1, troubled: 0 });
    } finally {
      await stop();
      await objects.remove();
    }
  });
});
