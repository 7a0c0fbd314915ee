import cluster from 'node:cluster';
import { once } from 'node:events';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { expect } from 'chai';
import { io } from 'socket.io-client';
import { createCase } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';
import { pyramid } from './files.js';

/** The same product with processes of their own at the door: nobody may notice, but for the speed. */
describe('tile processes', () => {
  let app: TestApp;
  let people: People;
  let slide: Slide;

  before(async () => {
    app = await startTestApp({ TILE_PROCESSES: '2' });
    people = await makePeople(app);
    const draft = await createCase(people.submitter);
    const form = new FormData();
    form.set('stain', 'HES');
    form.set('slide', new Blob([new Uint8Array(await pyramid())]), 'lame.tif');
    const sent = await people.submitter.call<Slide>('POST', `/api/cases/${draft.id}/slides`, form);
    expect(sent.status).to.equal(201);
    slide = sent.body;
    while (!['ready', 'rejected'].includes(slide.state)) {
      slide = (await people.submitter.get<Slide>(`/api/slides/${slide.id}`)).body;
    }
    expect(slide.state).to.equal('ready');
  });
  after(() => app.stop());

  const tile = (client: Client, place = '0/0/0') =>
    client.call('GET', `/api/slides/${slide.id}/tiles/${place}`);
  const anew = (headers: Record<string, string>) =>
    fetch(`${app.url}/api/slides/${slide.id}/tiles/0/0/0`, { headers: { ...headers, Connection: 'close' } });

  it('send tiles by token and by cookie, through whichever process a connection meets', async () => {
    for (let n = 0; n < 6; n += 1) {
      const byCookie = await anew({ Cookie: people.submitter.cookies });
      expect(byCookie.status).to.equal(200);
      expect(byCookie.headers.get('content-type')).to.equal('image/jpeg');
      expect(byCookie.headers.get('cache-control')).to.match(/private.*immutable/);
      expect((await byCookie.arrayBuffer()).byteLength).to.be.greaterThan(100);
    }
    expect((await tile(people.submitter, '1/0/0')).status).to.equal(200);
  });

  it('refuse what the server refuses, in its words', async () => {
    expect(problemOf(await tile(app.anonymous)).code).to.equal('NOT_SIGNED_IN');
    expect(problemOf(await tile(people.stranger)).code).to.equal('NOT_FOUND');
    expect(problemOf(await tile(people.submitter, '0/99/0')).code).to.equal('SLIDE_TILE_NOT_FOUND');
    expect((await tile(people.submitter)).status).to.equal(200);
  });

  it('pass everything else on: pages, uploads, sockets, and who calls', async () => {
    expect((await app.anonymous.get<{ status: string }>('/api/health')).body.status).to.equal('ok');
    const link = io(app.url, {
      auth: { token: people.submitter.token },
      transports: ['websocket'],
      forceNew: true,
    });
    await new Promise<void>((resolve, reject) => {
      link.once('connect', () => resolve());
      link.once('connect_error', reject);
    });
    link.disconnect();
    // A large body goes through as it comes.
    const form = new FormData();
    form.set('slide', new Blob([new Uint8Array(20_000_000)]), 'vide.bin');
    const draft = await createCase(people.submitter);
    const answer = await people.submitter.call('POST', `/api/cases/${draft.id}/slides`, form);
    expect(problemOf(answer).code).to.equal('SLIDE_REFUSED');
  });

  it('forget a right as soon as the session ends, whichever process remembers it', async () => {
    const leaving = await app.signIn(await emailOf(people.submitter), 'correct horse battery');
    for (let n = 0; n < 6; n += 1) expect((await anew({ Cookie: leaving.cookies })).status).to.equal(200);
    expect((await leaving.post('/api/auth/sign-out')).status).to.equal(204);
    for (let n = 0; n < 6; n += 1) expect((await anew({ Cookie: leaving.cookies })).status).to.equal(401);
  });

  it('are replaced when they die, and the server lives on', async () => {
    const dying = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    expect(dying).to.have.length(2);
    // One after the other: a port that nobody chose (0) is kept as long as one of them has it.
    for (const worker of dying) {
      const replaced = once(cluster, 'listening');
      worker.process.kill('SIGKILL');
      await replaced;
    }
    expect((await anew({ Cookie: people.submitter.cookies })).status).to.equal(200);
    expect((await app.anonymous.get<{ status: string }>('/api/health')).body.status).to.equal('ok');
  });

  it('forget a slide that was removed', async () => {
    for (let n = 0; n < 6; n += 1)
      expect((await anew({ Cookie: people.submitter.cookies })).status).to.equal(200);
    expect((await people.submitter.delete(`/api/slides/${slide.id}`)).status).to.equal(204);
    for (let n = 0; n < 6; n += 1)
      expect((await anew({ Cookie: people.submitter.cookies })).status).to.equal(404);
  });

  const emailOf = async (client: Client) => (await client.get<{ email: string }>('/api/users/me')).body.email;
});
