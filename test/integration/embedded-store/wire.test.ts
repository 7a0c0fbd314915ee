import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import type { EmbeddedStore } from '@relecture/embedded-store';
import { expect } from 'chai';
import * as fc from 'fast-check';
import mongoose, { mongo } from 'mongoose';
import { startInFreshFolder } from './store.js';

const { BSON } = mongo;

/** An OP_MSG with the sections given. */
function opMsg(sections: Buffer[], flags = 0, operation = 2013): Buffer {
  const checksum = flags & 1 ? Buffer.alloc(4) : Buffer.alloc(0);
  const head = Buffer.alloc(20);
  const message = Buffer.concat([head, ...sections, checksum]);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(7, 4);
  message.writeInt32LE(operation, 12);
  message.writeUInt32LE(flags, 16);
  return message;
}

function body(document: object): Buffer {
  return Buffer.concat([Buffer.from([0]), BSON.serialize(document)]);
}

function sequence(name: string, documents: object[]): Buffer {
  const content = Buffer.concat([
    Buffer.from(`${name}\0`),
    ...documents.map((document) => BSON.serialize(document)),
  ]);
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeInt32LE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

describe('embedded store wire protocol', () => {
  let store: EmbeddedStore;
  let dataDir: string;
  let path: string;
  before(async () => {
    ({ store, dataDir } = await startInFreshFolder());
    path = decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(store.uri)?.[1] as string);
  });
  after(async () => {
    await store.stop();
    await rm(dataDir, { recursive: true });
  });

  async function open(): Promise<Socket> {
    const socket = connect(path);
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    return socket;
  }

  /** The next whole message, or undefined when the connection ends first. */
  function reply(socket: Socket): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      let received = Buffer.alloc(0);
      const onData = (chunk: Buffer): void => {
        received = Buffer.concat([received, chunk]);
        if (received.length < 4 || received.length < received.readInt32LE(0)) return;
        socket.off('data', onData);
        resolve(received);
      };
      socket.on('data', onData);
      socket.once('close', () => resolve(undefined));
    });
  }

  async function ask(message: Buffer): Promise<Record<string, unknown> | undefined> {
    const socket = await open();
    socket.write(message);
    const answer = await reply(socket);
    socket.destroy();
    if (!answer) return undefined;
    return BSON.deserialize(answer.subarray(answer.readInt32LE(12) === 1 ? 36 : 21));
  }

  async function stillThere(): Promise<void> {
    expect(await ask(opMsg([body({ ping: 1, $db: 'admin' })]))).to.deep.equal({ ok: 1 });
  }

  it('takes document sequences, checksums and messages in pieces', async () => {
    const insert = opMsg(
      [body({ insert: 'pieces', $db: 'wire' }), sequence('documents', [{ _id: 1 }, { _id: 2 }])],
      1,
    );
    const socket = await open();
    for (const byte of insert.subarray(0, 30)) socket.write(Buffer.from([byte]));
    socket.write(insert.subarray(30));
    const answer = await reply(socket);
    expect(BSON.deserialize((answer as Buffer).subarray(21))).to.include({ n: 2, ok: 1 });
    const count = opMsg([body({ count: 'pieces', $db: 'wire' })]);
    socket.write(Buffer.concat([count, count]));
    expect(await reply(socket)).to.not.equal(undefined);
    socket.destroy();
  });

  it('answers the greeting of old drivers in their form', async () => {
    const document = BSON.serialize({ ismaster: 1 });
    const rest = Buffer.concat([Buffer.alloc(4), Buffer.from('admin.$cmd\0'), Buffer.alloc(8), document]);
    const head = Buffer.alloc(16);
    head.writeInt32LE(16 + rest.length, 0);
    head.writeInt32LE(2004, 12);
    expect(await ask(Buffer.concat([head, rest]))).to.include({ ismaster: true, ok: 1 });
  });

  it('refuses wrong messages with an error and stays', async () => {
    const find = { find: 'x', $db: 'wire' };
    for (const message of [
      opMsg([body(find)], 1 << 5),
      opMsg([body(find), body(find)]),
      opMsg([]),
      opMsg([Buffer.from([9, 5, 0, 0, 0, 0])]),
      opMsg([body({ find: 'x' })]),
      opMsg([body({ ...find, filter: 5 })]),
      opMsg([body(find), sequence('find', [{}])]),
      opMsg([body(find)], 0, 2012),
    ]) {
      expect((await ask(message))?.ok).to.equal(0);
    }
    await stillThere();
  });

  it('takes lists as long as a command can be, and refuses a longer command', async () => {
    const inList = (length: number) =>
      body({ count: 'x', query: { a: { $in: Array.from({ length }, (_, n) => n) } }, $db: 'wire' });
    expect(await ask(opMsg([inList(1_000_000)]))).to.include({ ok: 1 });
    const longer = ['a', 'b'].map((name) => [name, name.repeat(8_400_000)]);
    const count = { count: 'x', query: Object.fromEntries(longer), $db: 'wire' };
    expect(await ask(opMsg([body(count)]))).to.include({ ok: 0, code: 10334 });
    await stillThere();
  });

  it('ends connections whose lengths cannot be', async () => {
    for (const length of [0, 15, -1, 2 ** 31 - 1, 48_000_001]) {
      const message = opMsg([body({ ping: 1, $db: 'admin' })]);
      message.writeInt32LE(length, 0);
      expect(await ask(message)).to.equal(undefined);
    }
    await stillThere();
  });

  it('survives any bytes after a plausible header', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(2013, 2004, 2012, 1),
        async (bytes, operation) => {
          const message = Buffer.concat([Buffer.alloc(16), bytes]);
          message.writeInt32LE(message.length, 0);
          message.writeInt32LE(operation, 12);
          const answer = await ask(message);
          if (answer) expect(answer.ok).to.equal(0);
        },
      ),
      { numRuns: 150 },
    );
    await stillThere();
  });

  it('survives commands with damaged bytes', async () => {
    const good = opMsg([
      body({
        update: 'x',
        updates: [{ q: { a: { $in: [1, 'x'] } }, u: { $push: { b: { $each: [1] } } }, upsert: false }],
        $db: 'wire',
      }),
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 20, max: good.length - 1 }), fc.nat(255)), {
          minLength: 1,
          maxLength: 4,
        }),
        async (changes) => {
          const damaged = Buffer.from(good);
          for (const [at, byte] of changes) damaged[at] = byte;
          // A changed flag may ask for no answer: a ping behind it always gets one.
          const socket = await open();
          socket.write(damaged);
          socket.write(opMsg([body({ ping: 1, $db: 'admin' })]));
          expect(await reply(socket)).to.not.equal(undefined);
          socket.destroy();
        },
      ),
      { numRuns: 150 },
    );
    await stillThere();
  });

  it('holds a bounded amount of messages that are begun and never finished', async () => {
    const part = Buffer.alloc(40_000_000);
    part.writeInt32LE(48_000_000, 0);
    const sockets = await Promise.all(Array.from({ length: 10 }, open));
    const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of sockets) socket.write(part);
    await Promise.race(closed);
    await stillThere();
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
    // What they held is free again.
    const whole = body({ ping: 1, filler: 'x'.repeat(15_000_000), $db: 'admin' });
    expect(await ask(opMsg([whole]))).to.have.property('ok');
  });

  it('serves 200 connections, some of them half open', async () => {
    const silent = await Promise.all(Array.from({ length: 100 }, open));
    for (const socket of silent) socket.write(Buffer.from([200, 0]));
    const client = await mongoose.createConnection(store.uri, { maxPoolSize: 100 }).asPromise();
    const numbers = client.collection<{ _id: number }>('numbers');
    await Promise.all(Array.from({ length: 300 }, (_, _id) => numbers.insertOne({ _id })));
    expect(await numbers.countDocuments()).to.equal(300);
    for (const socket of silent) socket.destroy();
    await client.close();
    await stillThere();
  });
});
