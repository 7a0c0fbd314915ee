import { recoverOutbox, signal } from '@relecture/server/events/index.js';
import { runAt } from '@relecture/server/platform/clock.js';
import { onRightsChange } from '@relecture/server/users/index.js';
import {
  type ChangeMessage,
  type ClientToServerEvents,
  type JoinAnswer,
  room,
  type ServerToClientEvents,
} from '@relecture/shared/events/sockets.js';
import type { User } from '@relecture/shared/users/schema.js';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { io, type Socket } from 'socket.io-client';
import { makePeople, makeUser, PASSWORD, type People } from '../../factories/people.js';
import { type Reading, startReading } from '../../factories/readings.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';

type Link = Socket<ServerToClientEvents, ClientToServerEvents>;

/** What a person may no longer read, their screens no longer hear: from the answer on, not from the next connection. */
describe('rooms are left at once', () => {
  let app: TestApp;
  let people: People;
  const links: Link[] = [];

  beforeEach(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  afterEach(async () => {
    for (const link of links.splice(0)) link.disconnect();
    await app.stop();
  });

  const connect = async (client: Client): Promise<Link> => {
    const link: Link = io(app.url, {
      auth: { token: client.token },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    links.push(link);
    await new Promise<void>((resolve, reject) => {
      link.once('connect', () => resolve());
      link.once('connect_error', reject);
    });
    return link;
  };
  const join = (link: Link, name: string) =>
    new Promise<JoinAnswer>((resolve) => link.emit('join', name, resolve));
  const roomsOf = ({ caseId, slideId }: Reading) => [room.case(caseId), room.slide(slideId)];
  /** In both rooms of the reading. */
  const enter = async (client: Client, reading: Reading): Promise<Link> => {
    const link = await connect(client);
    for (const name of roomsOf(reading)) expect(await join(link, name), name).to.deep.equal({ ok: true });
    return link;
  };
  let rounds = 0;
  /** Which of the two rooms still reach this socket: what is said last, to the person, comes after both. */
  const hears = async (link: Link, client: Client, reading: Reading): Promise<string[]> => {
    rounds += 1;
    const last = `round-${rounds}`;
    const heard: string[] = [];
    const ended = new Promise<void>((resolve) => {
      const listen = ({ id }: ChangeMessage) => {
        if (id === last) {
          link.off('changed', listen);
          resolve();
        } else if (id.endsWith(`/${last}`)) heard.push(id.slice(0, -last.length - 1));
      };
      link.on('changed', listen);
    });
    for (const name of roomsOf(reading)) signal({ kind: 'annotation', id: `${name}/${last}`, rooms: [name] });
    signal({ kind: 'notification', id: last, rooms: [room.user(client.userId)] });
    await ended;
    return heard;
  };
  /** Sees the case only because an expert of the house reads it. */
  const preparerOf = async (reader: Client): Promise<Client> => {
    const home = (await reader.get<User>('/api/users/me')).body.organisation.id;
    const { email } = await makeUser({ roles: ['preparer'], organisationId: home });
    return await app.signIn(email, PASSWORD);
  };
  const change = async (client: Client, body: object) => {
    const answer = await people.admin.patch(`/api/admin/users/${client.userId}`, body);
    expect(answer.status).to.equal(200);
  };
  const reassign = async ({ reviewId, other }: Reading) => {
    const answer = await people.coordinator.post(`/api/reviews/${reviewId}/assign`, {
      reviewerId: other.userId,
      reason: 'Absence imprévue.',
    });
    expect(answer.status).to.equal(200);
  };
  const shutOut = async (link: Link, client: Client, reading: Reading) => {
    expect(await hears(link, client, reading)).to.deep.equal([]);
    for (const name of roomsOf(reading))
      expect(await join(link, name), name).to.deep.equal({ ok: false, code: 'FORBIDDEN' });
  };

  it('by the house of a reader whose case went to somebody else, and by nobody else', async () => {
    const reading = await startReading(people);
    const preparer = await preparerOf(reading.reader);
    const [leaves, stays] = [await enter(preparer, reading), await enter(people.submitter, reading)];
    expect(await hears(leaves, preparer, reading)).to.deep.equal(roomsOf(reading));
    await reassign(reading);
    await shutOut(leaves, preparer, reading);
    expect(await hears(stays, people.submitter, reading)).to.deep.equal(roomsOf(reading));
  });

  it('but whoever prepares in either house is told, so that their lists change', async () => {
    const reading = await startReading(people);
    const links = await Promise.all(
      [reading.reader, reading.other].map(async (reader) => await connect(await preparerOf(reader))),
    );
    const told = links.map(
      (link) =>
        new Promise<string | undefined>((resolve) => {
          link.on('changed', ({ kind, caseId }) => {
            if (kind === 'case') resolve(caseId);
          });
        }),
    );
    await reassign(reading);
    expect(await Promise.all(told)).to.deep.equal([reading.caseId, reading.caseId]);
  });

  it('by a former reader whose replacement could first not be written, once it is', async () => {
    const reading = await startReading(people);
    const preparer = await preparerOf(reading.reader);
    const link = await enter(preparer, reading);
    const cases = mongoose.model('Case');
    const { findOneAndUpdate } = cases;
    let failures = 0;
    cases.findOneAndUpdate = ((...args: Parameters<typeof findOneAndUpdate>) => {
      if (!JSON.stringify(args[1]).includes('access.readerIds')) return findOneAndUpdate.apply(cases, args);
      failures += 1;
      throw new Error('no room left');
    }) as typeof findOneAndUpdate;
    try {
      // It was given to the other before this failed; what the caller is told of the failure is not asked here.
      await people.coordinator.post(`/api/reviews/${reading.reviewId}/assign`, {
        reviewerId: reading.other.userId,
        reason: 'Absence imprévue.',
      });
    } finally {
      cases.findOneAndUpdate = findOneAndUpdate;
    }
    expect(failures).to.be.greaterThan(0);
    await runAt(new Date(Date.now() + 3600_000), recoverOutbox);
    await shutOut(link, preparer, reading);
  });

  it('before the change of an account is answered', async () => {
    let ended = false;
    const stopHearing = onRightsChange(async () => {
      await new Promise<void>((resolve) => setImmediate(resolve));
      await mongoose.connection.db?.command({ ping: 1 });
      ended = true;
    });
    await change(people.reviewer, { active: false });
    stopHearing();
    expect(ended).to.equal(true);
  });

  it('by a reader who left the network, when the case goes to somebody else', async () => {
    const reading = await startReading(people);
    const link = await enter(reading.reader, reading);
    await change(reading.reader, { networks: [] });
    expect(await hears(link, reading.reader, reading), 'the case is still theirs').to.deep.equal(
      roomsOf(reading),
    );
    await reassign(reading);
    await shutOut(link, reading.reader, reading);
  });

  it('by the readers’ house when the sender withdraws the case', async () => {
    const reading = await startReading(people);
    const preparer = await preparerOf(reading.reader);
    const [leaves, stays] = [await enter(preparer, reading), await enter(people.submitter, reading)];
    const withdrawn = await people.submitter.post(`/api/cases/${reading.caseId}/withdraw`, {
      reason: 'Erreur.',
    });
    expect(withdrawn.status).to.equal(200);
    await shutOut(leaves, preparer, reading);
    expect(await hears(stays, people.submitter, reading)).to.deep.equal(roomsOf(reading));
  });

  it('by a person whose account is closed, with the whole socket', async () => {
    const reading = await startReading(people);
    const link = await enter(reading.reader, reading);
    const heard: ChangeMessage[] = [];
    let expired = false;
    link.on('session-expired', () => {
      expired = true;
    });
    const closed = new Promise<string>((resolve) => link.once('disconnect', resolve));
    await change(reading.reader, { active: false });
    // Said when the answer has come: nothing of it may arrive before the socket closes.
    link.on('changed', (message) => heard.push(message));
    for (const name of roomsOf(reading)) signal({ kind: 'annotation', id: name, rooms: [name] });
    expect(await closed).to.equal('io server disconnect');
    expect(expired).to.equal(true);
    expect(heard).to.deep.equal([]);
    await connect(reading.reader).then(
      () => expect.fail('a closed account opened a socket'),
      (error: Error) => expect(error.message).to.be.oneOf(['SESSION_EXPIRED', 'NOT_SIGNED_IN']),
    );
  });
});
