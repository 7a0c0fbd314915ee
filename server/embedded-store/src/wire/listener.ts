import { createServer, type Server, type Socket } from 'node:net';
import { type Doc, doc, int, type Value } from '../bson/values.js';
import { runCommand } from '../commands/registry.js';
import type { Store } from '../commands/types.js';
import { CommandError, codes } from '../errors.js';
import type { Log } from '../log.js';
import { Frames } from './frames.js';
import { databaseOf, encodeReply, type Message, maxMessageBytes, parseMessage } from './message.js';

const maxConnections = 1000;
/** Of messages that were begun and not finished, on all connections. */
const maxUnfinishedBytes = 256_000_000;

/** Speaks MongoDB's wire protocol on a unix socket. */
export class Listener {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly store: Store;
  private readonly log: Log;
  private connections = 0;
  private unfinished = 0;

  constructor(store: Store, log: Log) {
    this.store = store;
    this.log = log;
    this.server = createServer((socket) => this.accept(socket));
    this.server.maxConnections = maxConnections;
  }

  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ path, exclusive: true }, () => {
        this.server.off('error', reject);
        this.server.on('error', (error) => this.log('error', `store listener: ${error.message}`));
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private accept(socket: Socket): void {
    this.connections += 1;
    const connectionId = this.connections;
    const frames = new Frames();
    // Requests of one connection are answered one after another, in order.
    let turn: Promise<void> = Promise.resolve();
    let waiting = 0;
    let waitingBytes = 0;
    const forget = (): void => {
      this.unfinished -= frames.size;
      frames.size = 0;
    };
    this.sockets.add(socket);
    socket.on('close', () => {
      this.sockets.delete(socket);
      forget();
    });
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      if (socket.destroyed) return;
      let messages: Buffer[];
      const before = frames.size;
      try {
        messages = frames.push(chunk);
        if (this.unfinished + frames.size - before > maxUnfinishedBytes)
          throw new RangeError('too much of unfinished messages');
      } catch (error) {
        this.log('warn', `store connection ${connectionId} closed: ${(error as Error).message}`);
        socket.destroy();
        return;
      } finally {
        this.unfinished += frames.size - before;
      }
      for (const bytes of messages) {
        waiting += 1;
        waitingBytes += bytes.length;
        // A client that only sends is not allowed to fill the memory.
        if (waiting > 100 || waitingBytes > maxMessageBytes) socket.pause();
        turn = turn
          .then(() => this.answer(socket, bytes, connectionId))
          .catch((error: unknown) => {
            this.log('error', `store connection ${connectionId} failed: ${placeOf(error)}`);
            socket.destroy();
          })
          .finally(() => {
            waiting -= 1;
            waitingBytes -= bytes.length;
            if (waiting < 50 && waitingBytes < maxMessageBytes && socket.isPaused()) socket.resume();
          });
      }
    });
  }

  private async answer(socket: Socket, bytes: Buffer, connectionId: number): Promise<void> {
    if (socket.destroyed) return;
    const requestId = bytes.readInt32LE(4);
    let message: Message | undefined;
    let reply: Doc;
    try {
      message = parseMessage(bytes);
      reply = await runCommand({
        store: this.store,
        database: databaseOf(message.body),
        body: message.body,
        connectionId,
      });
    } catch (error) {
      reply = errorReply(error, this.log);
    }
    if (message?.silent || socket.destroyed) return;
    const encoded = encode(reply, { requestId, legacy: message?.legacy ?? false }, this.log);
    if (!socket.write(encoded)) await drained(socket);
  }
}

function encode(reply: Doc, request: { requestId: number; legacy: boolean }, log: Log): Buffer {
  try {
    return encodeReply(reply, request);
  } catch (error) {
    return encodeReply(errorReply(error, log), request);
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}

function errorReply(error: unknown, log: Log): Doc {
  const known =
    error instanceof CommandError
      ? error
      : new CommandError(codes.internal, `The embedded store failed: ${String(error)}`);
  // The text of an unexpected error may hold data: only its place goes to the log.
  if (known !== error) log('error', `store command failed: ${placeOf(error)}`);
  const reply = doc({ ok: 0, errmsg: known.message, code: int(known.code), codeName: known.codeName });
  for (const [name, value] of Object.entries(known.details)) reply.set(name, value as Value);
  return reply;
}

function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return `${error.name} ${lines
    .slice(0, 4)
    .map((line) => line.trim())
    .join(' ')}`;
}
