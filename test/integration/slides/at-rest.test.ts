import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearFormerPlaces, verifySlides } from '@relecture/server/slides/index.js';
import type { Notification } from '@relecture/shared/notifications/schema.js';
import type { SlideStorageReport } from '@relecture/shared/slides/integrity.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { expect } from 'chai';
import mongoose, { Types } from 'mongoose';
import { makePeople, PASSWORD, type People } from '../../factories/people.js';
import { type Reading, startReading } from '../../factories/readings.js';
import { type Client, problemOf, removeFolder, startTestApp, type TestApp } from '../../support/app.js';
import { type ObjectStoreServer, startObjectStore } from '../../support/object-store.js';
import { until } from '../arrivals/waiting.js';

const K1 = `k1:${'11'.repeat(32)}`;
const K2 = `k2:${'22'.repeat(32)}`;

describe('slides at rest', function () {
  this.timeout(300_000);
  let folder: string;
  let objects: ObjectStoreServer;
  let app: TestApp;
  let people: People;
  let reading: Reading;
  let reader: Client;
  let email: string;
  /** As a reader had it before anything was moved. */
  let tile: Buffer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-at-rest-'));
    objects = await startObjectStore();
    app = await start({});
    people = await makePeople(app);
    reading = await startReading(people);
    reader = reading.reader;
    const account = await mongoose.connection
      .collection('users')
      .findOne({ _id: new Types.ObjectId(reader.userId) });
    email = String(account?.email);
    tile = await tileOf();
  });
  after(async () => {
    await app?.stop();
    await objects?.remove();
    await removeFolder(folder);
  });

  const start = (settings: Record<string, string>) =>
    startTestApp({
      DATA_DIR: join(folder, 'data'),
      UPLOADS_DIR: join(folder, 'uploads'),
      ...(process.env.TEST_MONGODB_URI ? { MONGODB_URI: app?.config.mongodbUri ?? '' } : {}),
      ...settings,
    });
  async function restart(settings: Record<string, string>): Promise<void> {
    await app.stop();
    app = await start(settings);
    reader = await app.signIn(email, PASSWORD);
  }
  const record = () =>
    mongoose.connection.collection('slides').findOne({ _id: new Types.ObjectId(reading.slideId) });
  const placed = (form: string, keyId: string | null) =>
    until(async () => {
      const place = (await record())?.place;
      return place?.form === form && place.keyId === keyId ? place : null;
    });
  async function files(): Promise<string[]> {
    await clearFormerPlaces(new Date());
    const { storageKey } = (await record()) as unknown as { storageKey: string };
    return (await readdir(join(folder, 'uploads', 'slides', storageKey.slice(0, 2), storageKey))).sort();
  }
  async function pathTo(name: string): Promise<string> {
    const { storageKey } = (await record()) as unknown as { storageKey: string };
    return join(folder, 'uploads', 'slides', storageKey.slice(0, 2), storageKey, name);
  }
  async function tileOf(): Promise<Buffer> {
    const answer = await reader.get<Buffer>(`/api/slides/${reading.slideId}/tiles/0/0/0`);
    expect(answer.status).to.equal(200);
    return answer.body;
  }
  const thumbnail = async () => await reader.get<Buffer>(`/api/slides/${reading.slideId}/thumbnail?size=128`);

  it('lie as they are when no setting says otherwise, and their hash is written down', async () => {
    const place = await placed('plain', null);
    expect(place).to.include({ where: 'folder', form: 'plain', former: null });
    expect(place.sha256).to.match(/^[0-9a-f]{64}$/);
    expect((await thumbnail()).status).to.equal(200);
    expect(await files()).to.include.members(['slide', 'thumbnail-128.jpg']);
  });

  it('are sealed once the setting says so, small pictures too, and read as before', async () => {
    const { sha256 } = await placed('plain', null);
    await restart({ SLIDES_AT_REST: 'sealed', SLIDE_KEYS: K1 });
    expect((await placed('sealed', 'k1')).sha256).to.equal(sha256);
    expect((await thumbnail()).status).to.equal(200);
    const names = await files();
    expect(names).to.include.members(['sealed', 'thumbnail-128']);
    expect(names).to.not.include.members(['slide']);
    expect(names).to.not.include.members(['thumbnail-128.jpg']);
    for (const name of names) {
      const bytes = await readFile(await pathTo(name));
      expect(bytes.includes(Buffer.from([0xff, 0xd8, 0xff, 0xe0])), `${name} in plain`).to.equal(false);
      expect(bytes.subarray(0, 2).toString('latin1')).to.not.equal('II');
    }
    expect((await tileOf()).equals(tile)).to.equal(true);
  });

  it('are sealed anew under a newer key while the older one is still there', async () => {
    const before = await stat(await pathTo('sealed'));
    await restart({ SLIDES_AT_REST: 'sealed', SLIDE_KEYS: `${K2},${K1}` });
    await placed('sealed', 'k2');
    expect((await stat(await pathTo('sealed'))).ino).to.not.equal(before.ino);
    await restart({ SLIDES_AT_REST: 'sealed', SLIDE_KEYS: K2 });
    expect((await tileOf()).equals(tile)).to.equal(true);
  });

  it('say plainly when their bytes are no longer what was stored, to the administrator and to whoever reads', async () => {
    const admin = await app.signIn(await emailOf(people.admin), PASSWORD);
    const report = async () => (await admin.get<SlideStorageReport>('/api/admin/slide-storage')).body;
    expect(await verifySlides(10)).to.deep.equal({ compared: 1, troubled: 0 });
    expect(await report()).to.deep.include({
      atRest: 'sealed',
      slides: 1,
      sealed: 1,
      waiting: 0,
      intact: 1,
      troubles: [],
    });

    const path = await pathTo('sealed');
    const whole = await readFile(path);
    const altered = Buffer.from(whole);
    altered[altered.length - 40] = (altered[altered.length - 40] ?? 0) ^ 1;
    await writeFile(path, altered);
    expect(await verifySlides(10)).to.deep.equal({ compared: 1, troubled: 1 });
    const [trouble] = (await report()).troubles;
    expect(trouble).to.include({
      slideId: reading.slideId,
      caseNumber: reading.caseNumber,
      state: 'damaged',
    });
    const slide = async () => (await reader.get<Slide>(`/api/slides/${reading.slideId}`)).body;
    expect((await slide()).warnings).to.include('stored_copy_damaged');
    expect(app.logged()).to.include('stored slides are not what was stored');
    const told = async () =>
      (await admin.get<{ items: Notification[] }>('/api/notifications')).body.items.map(({ event }) => event);
    await until(async () => ((await told()).includes('slide.damaged') ? true : null));
    expect(await verifySlides(10), 'told once').to.deep.equal({ compared: 1, troubled: 1 });
    expect((await reader.get('/api/admin/slide-storage')).status).to.equal(403);

    await writeFile(path, whole);
    await verifySlides(10);
    expect((await slide()).warnings).to.not.include('stored_copy_damaged');
    expect((await report()).troubles).to.deep.equal([]);
    await until(async () => ((await told()).includes('slide.restored') ? true : null));
    expect((await told()).filter((event) => event === 'slide.damaged')).to.have.length(1);
  });

  it('lie there once: a plain copy that a broken move left beside goes with the next comparison', async () => {
    await placed('sealed', 'k2');
    for (const name of ['slide', 'slide.new', 'sealed.new']) await writeFile(await pathTo(name), 'left');
    const admin = await app.signIn(await emailOf(people.admin), PASSWORD);
    expect((await admin.post('/api/admin/slide-storage/verify', {})).status).to.equal(202);
    await until(async () => ((await files()).some((name) => /^slide|new$/.test(name)) ? null : true));
    expect((await tileOf()).equals(tile)).to.equal(true);
  });

  it('go to an object store when that is asked, sealed or not, and are read from there', async () => {
    const { sha256 } = await placed('sealed', 'k2');
    const toStore = { ...objects.settings, SLIDE_STORE: 's3', SLIDE_KEYS: K2 };
    await restart({ ...toStore, SLIDES_AT_REST: 'sealed' });
    const inStore = async (form: string) =>
      await until(async () => {
        const place = (await record())?.place;
        return place?.where === 's3' && place.form === form ? place : null;
      });
    expect((await inStore('sealed')).sha256).to.equal(sha256);
    expect(await files())
      .to.not.include('sealed')
      .and.not.include('slide');
    expect((await tileOf()).equals(tile)).to.equal(true);
    expect((await thumbnail()).status).to.equal(200);
    expect(await verifySlides(10)).to.deep.equal({ compared: 1, troubled: 0 });

    await restart({ ...toStore, SLIDES_AT_REST: 'plain' });
    const { object } = await inStore('plain');
    await clearFormerPlaces(new Date());
    expect((await tileOf()).equals(tile)).to.equal(true);
    const kept = (await readdir(objects.folder, { recursive: true })).filter((name) => /_object$/.test(name));
    expect(kept).to.have.length(1);
    expect(kept[0]).to.include(object.name);
  });

  it('say that the store does not answer, and are not called damaged for it', async () => {
    await objects.stop();
    await restart({ ...objects.settings, SLIDE_STORE: 's3' });
    const answer = await reader.get(`/api/slides/${reading.slideId}/tiles/0/0/0`);
    expect(answer.status).to.equal(503);
    expect(problemOf(answer).code).to.equal('SLIDE_STORE_UNAVAILABLE');
    expect(await verifySlides(10).catch(({ code }: { code?: string }) => code)).to.equal(
      'SLIDE_STORE_UNAVAILABLE',
    );
    expect((await record())?.integrity.state).to.equal('intact');
    objects = await startObjectStore(objects);
    expect((await tileOf()).equals(tile)).to.equal(true);
    await restart({ ...objects.settings, SLIDES_AT_REST: 'sealed', SLIDE_KEYS: K2 });
    await placed('sealed', 'k2');
    expect(await files()).to.include('sealed');
    expect((await tileOf()).equals(tile)).to.equal(true);
  });

  it('cannot be read, and say so, when the key is gone; and come back with it, in plain when that is asked', async () => {
    await restart({ SLIDES_AT_REST: 'plain', SLIDE_KEYS: K1 });
    const answer = await reader.get(`/api/slides/${reading.slideId}/tiles/0/0/0`);
    expect(answer.status).to.be.at.least(400);
    expect(problemOf(answer).code).to.equal('SLIDE_DAMAGED');
    await restart({ SLIDES_AT_REST: 'plain', SLIDE_KEYS: K2 });
    await placed('plain', null);
    expect(await files())
      .to.include('slide')
      .and.not.include('sealed');
    expect((await tileOf()).equals(tile)).to.equal(true);
  });

  async function emailOf({ userId }: Client): Promise<string> {
    const account = await mongoose.connection
      .collection('users')
      .findOne({ _id: new Types.ObjectId(userId) });
    return String(account?.email);
  }
});
