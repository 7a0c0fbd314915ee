import { once } from 'node:events';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** clamd does not answer, or not as it should: the file is neither clean nor infected, it waits. */
export class AntivirusUnavailableError extends Error {
  override name = 'AntivirusUnavailableError';
  readonly code = 'ANTIVIRUS_UNAVAILABLE';
}

export interface Antivirus {
  /**
   * Asks clamd about every byte. `open` gives the bytes from the start, perhaps again.
   * @throws {AntivirusUnavailableError}
   */
  scan(open: () => Readable | Promise<Readable>): Promise<'clean' | 'infected'>;
}

/** clamd takes no more than its StreamMaxLength at once (25 MB in older ones); a slide has gigabytes. */
const LARGEST_PIECE = 16 * 1024 * 1024;
const SMALLEST_PIECE = 1024 * 1024;
/** What lies across the border of two pieces is in both. */
const OVERLAP = 64 * 1024;
const SILENCE_MS = 120_000;
const HUNG_UP: readonly string[] = ['EPIPE', 'ECONNRESET'];
const TOO_LONG = 'INSTREAM size limit exceeded. ERROR';

/** `setting`: the path of a unix socket, or host:port (config). */
export function createAntivirus(setting: string | null): Antivirus | null {
  if (setting === null) return null;
  const where = address(setting);
  return {
    async scan(open) {
      for (let piece = LARGEST_PIECE; piece >= SMALLEST_PIECE; piece /= 2) {
        const verdict = await scanPieces(where, await open(), piece);
        if (verdict !== 'too-long') return verdict;
      }
      throw new AntivirusUnavailableError('its StreamMaxLength is below 1 MB');
    },
  };
}

function address(setting: string): NetConnectOpts {
  if (setting.startsWith('/')) return { path: setting };
  const at = setting.lastIndexOf(':');
  return { host: setting.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(setting.slice(at + 1)) };
}

type Verdict = 'clean' | 'infected' | 'too-long';

async function scanPieces(where: NetConnectOpts, source: Readable, piece: number): Promise<Verdict> {
  let session = await Session.open(where);
  let sent = 0;
  let tail = Buffer.alloc(0);
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      for (let rest = chunk; rest.length > 0; ) {
        if (sent >= piece) {
          const verdict = await session.verdict();
          if (verdict !== 'clean') return verdict;
          session = await Session.open(where);
          await session.send(tail);
          sent = tail.length;
        }
        const part = rest.subarray(0, piece - sent);
        if (!(await session.send(part))) return await session.verdict();
        sent += part.length;
        tail = Buffer.concat([tail, part]).subarray(-OVERLAP);
        rest = rest.subarray(part.length);
      }
    }
    return await session.verdict();
  } finally {
    source.destroy();
    session.close();
  }
}

/** One INSTREAM conversation (clamd(8)): lengths and bytes, a length of zero, one line of answer. */
class Session {
  readonly #socket: Socket;
  readonly #answer: Promise<string>;
  #answered = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#answer = this.#read();
    // Awaited in `verdict`; a conversation that is left before must not end the process.
    this.#answer.catch(() => undefined);
  }

  static async open(where: NetConnectOpts): Promise<Session> {
    const socket = connect(where);
    socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error('silence')));
    try {
      await once(socket, 'connect');
    } catch (error) {
      socket.destroy();
      throw new AntivirusUnavailableError('no connection', { cause: error });
    }
    const session = new Session(socket);
    socket.write('zINSTREAM\0');
    return session;
  }

  async #read(): Promise<string> {
    let text = '';
    try {
      for await (const chunk of this.#socket as AsyncIterable<Buffer>) {
        text += chunk.toString('latin1');
        if (text.endsWith('\0')) break;
      }
    } catch (error) {
      // It hangs up on a piece that is too long, and its word is lost with the bytes still on their way. Should it
      // be something else, the smaller pieces will tell.
      if (text === '' && HUNG_UP.includes((error as NodeJS.ErrnoException).code ?? '')) text = TOO_LONG;
      if (text === '') throw new AntivirusUnavailableError('the connection broke', { cause: error });
    }
    this.#answered = true;
    return text.replace(/\0$/, '').trim();
  }

  /** false: it has answered already. */
  async send(bytes: Buffer): Promise<boolean> {
    if (this.#answered || this.#socket.destroyed) return false;
    const head = Buffer.alloc(4);
    head.writeUInt32BE(bytes.length);
    this.#socket.write(head);
    if (!this.#socket.write(bytes)) {
      await Promise.race([once(this.#socket, 'drain').catch(() => undefined), this.#settled()]);
    }
    return true;
  }

  async #settled(): Promise<void> {
    await this.#answer.catch(() => undefined);
  }

  async verdict(): Promise<Verdict> {
    if (!this.#answered && !this.#socket.destroyed) this.#socket.write(Buffer.alloc(4));
    const text = await this.#answer;
    this.close();
    if (text.endsWith(' OK')) return 'clean';
    if (text.endsWith(' FOUND')) return 'infected';
    if (text === TOO_LONG) return 'too-long';
    throw new AntivirusUnavailableError('an answer nobody knows');
  }

  close(): void {
    this.#socket.destroy();
  }
}
