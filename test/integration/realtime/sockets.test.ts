import { createSecretKey } from 'node:crypto';
import type {
  ChangeMessage,
  ClientToServerEvents,
  JoinAnswer,
  ServerToClientEvents,
} from '@relecture/shared/events/sockets.js';
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { io, type Socket } from 'socket.io-client';
import { submitByPost } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';

type Link = Socket<ServerToClientEvents, ClientToServerEvents>;

describe('sockets', () => {
  let app: TestApp;
  let people: People;
  const links: Link[] = [];

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  afterEach(() => {
    for (const link of links.splice(0)) link.disconnect();
  });
  after(() => app.stop());

  const dial = (token: unknown): Link => {
    const link: Link = io(app.url, {
      auth: { token },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    links.push(link);
    return link;
  };
  const connect = async (client: Client): Promise<Link> => {
    const link = dial(client.token);
    await new Promise<void>((resolve, reject) => {
      link.once('connect', () => resolve());
      link.once('connect_error', reject);
    });
    return link;
  };
  const join = (link: Link, room: string) =>
    new Promise<JoinAnswer>((resolve) => link.emit('join', room, resolve));
  const heard = (link: Link, wanted: (message: ChangeMessage) => boolean) =>
    new Promise<ChangeMessage>((resolve) => {
      link.on('changed', (message) => {
        if (wanted(message)) resolve(message);
      });
    });

  it('opens to a good token only', async () => {
    for (const token of [undefined, '', 'a.b.c', 42, { $gt: '' }]) {
      const link = dial(token);
      const error = await new Promise<Error>((resolve) => link.once('connect_error', resolve));
      expect(error.message).to.equal('NOT_SIGNED_IN');
    }
  });

  it('lets people into the rooms of what they may read, and no other', async () => {
    const sent = await submitByPost(people);
    const sender = await connect(people.submitter);
    const stranger = await connect(people.stranger);
    expect(await join(sender, `case:${sent.id}`)).to.deep.equal({ ok: true });
    for (const room of [
      `case:${sent.id}`,
      'case:000000000000000000000000',
      `user:${people.submitter.userId}`,
      'network:LYMPHOPATH',
      'national',
      'everything',
    ]) {
      expect(await join(stranger, room), room).to.deep.equal({ ok: false, code: 'FORBIDDEN' });
    }
    expect(await join(await connect(people.coordinator), 'network:LYMPHOPATH')).to.deep.equal({ ok: true });
    expect(await join(await connect(people.national), 'national')).to.deep.equal({ ok: true });
  });

  it('tells the sender that the case moved, with ids and nothing else', async () => {
    const sent = await submitByPost(people);
    const link = await connect(people.submitter);
    const reader = [people.reviewer, people.otherReviewer].find(
      ({ userId }) => userId === sent.reviews[0]?.assignment?.reviewer.id,
    ) as Client;
    const news = heard(link, ({ event }) => event === 'review.opened');
    await reader.post(`/api/reviews/${sent.reviews[0]?.id}/open`, {});
    const message = await news;
    expect(message.caseId).to.equal(sent.id);
    expect(Object.keys(message)).to.have.members(['kind', 'id', 'version', 'caseId', 'event']);
    expect(JSON.stringify(message)).to.not.contain('KERVELLA');
  });

  it('closes when the session ends', async () => {
    const own = await makePeople(app);
    const link = await connect(own.submitter);
    const closed = new Promise<string>((resolve) => link.once('disconnect', resolve));
    await own.submitter.post('/api/auth/sign-out');
    expect(await closed).to.equal('io server disconnect');
  });

  it('closes when its token has run out', async () => {
    const { sid } = jwt.decode(people.submitter.token ?? '') as { sid: string };
    const token = jwt.sign({ sid }, createSecretKey(app.config.tokenSecret), {
      subject: people.submitter.userId,
      audience: 'api',
      issuer: 'relecture',
      expiresIn: 3,
    });
    const link = dial(token);
    const told = new Promise<void>((resolve) => link.once('session-expired', () => resolve()));
    const closed = new Promise<string>((resolve) => link.once('disconnect', resolve));
    await told;
    expect(await closed).to.equal('io server disconnect');
  });

  it('goes on with a renewed token of the same person, not of another', async () => {
    const link = await connect(people.submitter);
    const renew = (token: string | null) =>
      new Promise<JoinAnswer>((resolve) => link.emit('renew', token ?? '', resolve));
    expect(await renew(people.submitter.token)).to.deep.equal({ ok: true });
    expect(await renew(people.stranger.token)).to.deep.equal({ ok: false, code: 'FORBIDDEN' });
    expect(await renew('nonsense')).to.deep.equal({ ok: false, code: 'NOT_SIGNED_IN' });
  });
});
