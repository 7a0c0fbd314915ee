import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCase } from '@relecture/server/cases/index.js';
import { reviewsOfCase } from '@relecture/server/reviews/index.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Notification } from '@relecture/shared/notifications/schema.js';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { attach, createCase, sendByPost } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';
import { startDyingServer } from './start-dying.js';

/** The server is killed with -9 between two writes of the path. Nothing that was said to be done is lost or half done. */
describe('the path through a kill -9', () => {
  let folder: string;
  let app: TestApp | null = null;
  let child: ChildProcess | null = null;
  let childEnded: Promise<unknown> | null = null;

  before(function () {
    // The dying server and the one after it need one store of their own, on this disk.
    if (process.env.TEST_MONGODB_URI) this.skip();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-killed-'));
  });
  afterEach(async () => {
    await app?.stop();
    app = null;
    child?.kill('SIGKILL');
    await childEnded;
    child = null;
    childEnded = null;
    await rm(folder, { recursive: true, force: true });
  });

  const settings = () => ({
    NODE_ENV: 'test',
    DATA_DIR: join(folder, 'data'),
    UPLOADS_DIR: join(folder, 'up'),
  });
  const start = async (more: Record<string, string> = {}) => {
    // Its connections break before the process is gone, and with it the lock on its store.
    await childEnded;
    app = await startTestApp({ ...settings(), ...more });
    return app;
  };
  const inLife = async <T>(work: (people: People) => Promise<T>): Promise<{ people: People; made: T }> => {
    const first = await start();
    const people = await makePeople(first);
    const made = await work(people);
    await first.stop();
    app = null;
    return { people, made };
  };
  /** By post, so that what routing and admission answer does not wait for pictures. */
  const readyToSend = async (client: Client): Promise<string> => {
    const { id } = await createCase(client, { materialBy: 'shipment' });
    await attach(client, id);
    const items = [{ kind: 'block', label: 'A1', count: 1 }];
    await client.post(`/api/cases/${id}/shipments`, { items, sentOn: '2026-11-20' });
    return id;
  };

  async function startDying(death: Record<string, string> = {}): Promise<string> {
    const dying = startDyingServer({ ...settings(), ...death });
    child = dying.child;
    childEnded = dying.ended;
    return await dying.url;
  }

  /** True when the server said that it is done. */
  const ask = (url: string, client: Client, method: string, path: string, body: object = {}) =>
    fetch(`${url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${client.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }).then(
      ({ ok }) => ok,
      () => false,
    );
  /** People keep their sessions through the restart; the address is another. */
  const get = async <T>(running: TestApp, client: Client, path: string) => {
    const headers = { Authorization: `Bearer ${client.token}` };
    return (await (await fetch(`${running.url}${path}`, { headers })).json()) as T;
  };
  const told = async (running: TestApp, client: Client, event: string) =>
    (await get<{ items: Notification[] }>(running, client, '/api/notifications?limit=100')).items.filter(
      (item) => item.event === event,
    );
  const nothingTwice = async (id: string) => {
    for (const record of [await getCase(id), ...(await reviewsOfCase(id))]) {
      expect(record.outboxPending).to.equal(0);
      const events = record.timeline.map((entry) => entry.event);
      expect(events, 'nothing happens twice').to.deep.equal([...new Set(events)]);
    }
  };

  for (const [when, event] of [
    ['before', 'case.submitted'],
    ['after', 'case.routed'],
  ] as const) {
    it(`routes after the restart a case whose server died ${when} ${event} was heard, and tells it once`, async () => {
      const { people, made: id } = await inLife(({ submitter }) => readyToSend(submitter));
      const url = await startDying({ DIE_AT: event, DIE_WHEN: when });
      expect(await ask(url, people.submitter, 'POST', `/api/cases/${id}/submit`)).to.equal(false);

      const second = await start();
      const page = await get<CasePage>(second, people.submitter, `/api/cases/${id}`);
      expect(page.status).to.equal('routed');
      expect(page.reviews.map(({ status }) => status)).to.deep.equal(['routed']);
      expect(page.progress).to.equal('submitted');
      expect(await told(second, people.submitter, 'case.routed')).to.have.length(1);
      await nothingTwice(id);
    });
  }

  for (const [when, event] of [
    ['before', 'review.admitted'],
    ['after', 'review.assigned'],
  ] as const) {
    it(`assigns after the restart a case whose server died ${when} ${event} was heard, and tells it once`, async () => {
      const { people, made: sent } = await inLife(({ submitter }) => sendByPost(submitter));
      const parcel = `/api/cases/${sent.id}/shipments/${sent.shipments[0]?.id}`;
      const url = await startDying({ DIE_AT: event, DIE_WHEN: when });
      expect(await ask(url, people.coordinator, 'PATCH', parcel, { receivedOn: '2026-11-23' })).to.equal(
        false,
      );

      const second = await start();
      const page = await get<CasePage>(second, people.submitter, `/api/cases/${sent.id}`);
      expect(page.reviews.map(({ status }) => status)).to.deep.equal(['assigned']);
      expect((await getCase(sent.id)).projection.progress).to.equal('assigned');
      const reader = [people.reviewer, people.otherReviewer].find(
        ({ userId }) => userId === page.reviews[0]?.assignment?.reviewer.id,
      ) as Client;
      expect(await told(second, reader, 'review.assigned')).to.have.length(1);
      expect(await told(second, people.submitter, 'shipment.received')).to.have.length(1);
      await nothingTwice(sent.id);
    });
  }

  it('announces after the restart a message whose server died before anybody heard of it', async () => {
    const { people, made: sent } = await inLife(({ submitter }) => sendByPost(submitter));
    const url = await startDying({ DIE_AT: 'message.posted', DIE_WHEN: 'before' });
    const text = { text: 'Le bloc est parti.' };
    expect(await ask(url, people.submitter, 'POST', `/api/cases/${sent.id}/messages`, text)).to.equal(false);
    const second = await start();
    // Nobody reads it yet: those who choose a reader are told.
    expect(await told(second, people.coordinator, 'message.posted')).to.have.length(1);
    expect(await told(second, people.submitter, 'message.posted')).to.have.length(0);
  });

  it('puts the mail of what was told in the queue, when it died before it could', async () => {
    const smtp = { SMTP_URL: 'smtp://127.0.0.1:9' };
    const { people, made: id } = await inLife(({ submitter }) => readyToSend(submitter));
    const url = await startDying({ DIE_AT: 'case.routed', DIE_WHEN: 'before', ...smtp });
    expect(await ask(url, people.submitter, 'POST', `/api/cases/${id}/submit`)).to.equal(false);
    await start(smtp);
    const lines = await mongoose.connection.collection('notifications').find({}).toArray();
    expect(lines.map(({ event }) => event)).to.include('case.routed');
    expect(lines.filter(({ mailQueuedAt }) => !(mailQueuedAt instanceof Date))).to.deep.equal([]);
    const jobs = await mongoose.connection.collection('jobs').find({ name: 'send-mail' }).toArray();
    expect(jobs.map(({ data }) => data.userId)).to.include(people.submitter.userId);
  });

  it('keeps every submission of a burst that it acknowledged, and leaves none half done', async () => {
    const { people, made: ids } = await inLife(async ({ submitter }) => {
      const ready: string[] = [];
      for (let made = 0; made < 16; made++) ready.push(await readyToSend(submitter));
      return ready;
    });
    const url = await startDying();
    let acknowledged = 0;
    const answers = await Promise.all(
      ids.map(async (id) => {
        const done = await ask(url, people.submitter, 'POST', `/api/cases/${id}/submit`);
        acknowledged += done ? 1 : 0;
        if (acknowledged === 4) child?.kill('SIGKILL');
        return done;
      }),
    );
    expect(answers.filter(Boolean).length).to.be.at.least(4);

    const second = await start();
    let sent = 0;
    for (const [index, id] of ids.entries()) {
      const page = await get<CasePage>(second, people.submitter, `/api/cases/${id}`);
      const state = [page.status, ...page.reviews.map(({ status }) => status)].join(' ');
      expect(state, id).to.be.oneOf(answers[index] ? ['routed routed'] : ['draft', 'routed routed']);
      await nothingTwice(id);
      if (page.status !== 'draft') sent += 1;
    }
    expect(await told(second, people.submitter, 'case.routed')).to.have.length(sent);
    const outbox = await get<{ pending: number }>(second, people.admin, '/api/admin/outbox');
    expect(outbox.pending).to.equal(0);
  });
});
