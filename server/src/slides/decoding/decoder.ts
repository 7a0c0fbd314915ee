import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SlideRefusal } from '../formats/refusal.js';
import type { DecodingJob } from './jobs.js';
import { HEAP_MB, memoryFor, PROCESS_MB, STALL_MS, timeFor, writesAsItGoes } from './limits.js';
import type { DecodingNews, DecodingOrder } from './messages.js';

/** The decoding process ended in the middle of a file, and we did not end it. */
export class DecoderCrashError extends Error {
  override name = 'DecoderCrashError';
}

/** The server stops, or somebody outside ended the process: the file is looked at again later. */
export class DecodingStoppedError extends Error {
  override name = 'DecodingStoppedError';
}

const WATCH_MS = 50;
const PAGE_BYTES = 4096;
/** What a person, the system's memory keeper or a stop sends: not a fault of the file. */
const SENT_FROM_OUTSIDE: readonly string[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];
/** Sending to a process that is ending. */
const BROKEN_PIPE: readonly string[] = ['EPIPE', 'ECONNRESET', 'ERR_IPC_CHANNEL_CLOSED'];

/** One decoding process, from the server's side: an order at a time, watched while it works. */
export class Decoder {
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  #stopping = false;
  /** Orders it has carried out. */
  served = 0;

  constructor() {
    this.#child = start();
    this.#ready = this.#untilReady();
    // Asked for by `run`; one that nobody asks anything must not end the server.
    this.#ready.catch(() => undefined);
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && this.#child.connected;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** It has loaded everything. */
  async started(): Promise<void> {
    await this.#ready;
  }

  async #untilReady(): Promise<void> {
    const child = this.#child;
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', () => reject(new Error('a decoding process did not start')));
      child.on('error', (error) => reject(new Error('a decoding process did not start', { cause: error })));
    });
    // Nothing waits for an idle one: the server may end.
    child.unref();
    child.channel?.unref();
  }

  /** `fileBytes` sets the limits. Rejects with `SlideRefusal` when the file asks for more than them. */
  async run(job: DecodingJob, args: readonly unknown[], fileBytes: number): Promise<unknown> {
    await this.#ready;
    const child = this.#child;
    this.served += 1;
    let refusal: SlideRefusal | null = null;
    const stopFor = (limit: 'memory' | 'time') => {
      refusal ??= new SlideRefusal('SLIDE_DECODING_LIMIT', { limit }, job);
      this.#kill();
    };
    const watch = watching(child, job, fileBytes, stopFor);
    try {
      return await new Promise<unknown>((resolve, reject) => {
        const ended = (code: number | null, signal: NodeJS.Signals | null) => {
          if (refusal) reject(refusal);
          else if (this.#stopping || SENT_FROM_OUTSIDE.includes(signal ?? '')) {
            reject(new DecodingStoppedError());
          } else reject(new DecoderCrashError(`decoder ended: ${signal ?? code}`));
        };
        if (!this.alive) ended(child.exitCode, child.signalCode);
        child.on('exit', ended);
        child.on('message', (news: DecodingNews) => {
          watch.hear(news);
          if (news.kind === 'done') resolve(news.value);
          else if (news.kind === 'refused') {
            reject(new SlideRefusal(news.code, news.params, news.detail));
          } else if (news.kind === 'failed') {
            const { name, message, code, cause } = news.error;
            const error = new Error(message, cause === null ? {} : { cause: new Error(cause) });
            reject(Object.assign(error, { name, ...(code === null ? {} : { code }) }));
          }
        });
        child.ref();
        child.channel?.ref();
        child.send({ job, args } satisfies DecodingOrder, (error: NodeJS.ErrnoException | null) => {
          // The pipe breaks a moment before 'exit' says how it ended; any other trouble with a message is ours to mend.
          if (error && this.alive && !BROKEN_PIPE.includes(error.code ?? '')) reject(error);
        });
      });
    } finally {
      watch.stop();
      child.removeAllListeners('exit');
      child.removeAllListeners('message');
      child.unref();
      child.channel?.unref();
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (!this.alive) return;
    const gone = once(this.#child, 'exit');
    this.#child.ref();
    this.#kill();
    await gone;
  }

  /** With the programs that it has started: they are of its group. */
  #kill(): void {
    const { pid } = this.#child;
    if (process.platform === 'win32' || pid === undefined) this.#child.kill('SIGKILL');
    else {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // It ended by itself a moment ago.
        this.#child.kill('SIGKILL');
      }
    }
  }
}

/** Limits of the kernel first, which hold whatever the process does; then those that `watching` looks after. */
function start(): ChildProcess {
  // The same kind of file as this one: compiled, or a source under tsx.
  const kind = extname(import.meta.url);
  const file = fileURLToPath(new URL(`./decoding-process${kind}`, import.meta.url));
  const nodeArguments = kind === '.ts' ? loadingArguments(process.execArgv) : [];
  const heap = `--max-old-space-size=${HEAP_MB}`;
  const settings: ForkOptions = {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Neither secrets nor the store's address: what takes the process over finds none of them.
    env: ownEnvironment(),
  };
  if (process.platform === 'win32')
    return fork(file, [], { ...settings, execArgv: [...nodeArguments, heap] });
  const limits = `ulimit -c 0; ulimit -d ${PROCESS_MB * 1024} 2>/dev/null; exec "$0" "$@"`;
  return fork(file, [], {
    ...settings,
    // A group of its own: neither a terminal's signal nor a part of it outlives or ends it by mistake.
    detached: true,
    execPath: '/bin/sh',
    execArgv: ['-c', limits, process.execPath, heap, ...nodeArguments],
  });
}

/** How sources are found and read, and nothing else: a script that the server was given (`-e`) would start in our place. */
function loadingArguments(given: readonly string[]): string[] {
  const kept: string[] = [];
  for (const [n, argument] of given.entries()) {
    const [name] = argument.split('=');
    if (!LOADING.includes(name ?? '')) continue;
    const next = given[n + 1];
    kept.push(argument, ...(argument.includes('=') || next === undefined ? [] : [next]));
  }
  return kept;
}

const LOADING: readonly string[] = ['--conditions', '-C', '--import', '--require', '-r', '--loader'];

function ownEnvironment(): NodeJS.ProcessEnv {
  const { PATH, TMPDIR, TEMP, SystemRoot, NODE_V8_COVERAGE } = process.env;
  const given = { PATH, TMPDIR, TEMP, SystemRoot, NODE_V8_COVERAGE, LC_ALL: 'C.UTF-8' };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

interface Watch {
  hear(news: DecodingNews): void;
  stop(): void;
}

function watching(
  child: ChildProcess,
  job: DecodingJob,
  fileBytes: number,
  exceed: (limit: 'memory' | 'time') => void,
): Watch {
  const allowed = memoryFor(fileBytes);
  const deadline = setTimeout(() => exceed('time'), timeFor(job, fileBytes));
  let stall = writesAsItGoes(job) ? setTimeout(() => exceed('time'), STALL_MS) : null;
  let written = -1;
  let first: number | null = null;
  const look = (bytes: number) => {
    first ??= bytes;
    if (bytes - first > allowed) exceed('memory');
  };
  const eye = setInterval(() => {
    privateBytes(child.pid)
      .then((bytes) => bytes !== null && look(bytes))
      // It has just ended, which 'exit' tells.
      .catch(() => undefined);
  }, WATCH_MS);
  return {
    hear(news) {
      if (news.kind !== 'alive') return;
      if (process.platform !== 'linux') look(news.rss);
      if (news.written <= written || stall === null) return;
      written = news.written;
      stall.refresh();
    },
    stop() {
      clearTimeout(deadline);
      if (stall) clearTimeout(stall);
      stall = null;
      clearInterval(eye);
    },
  };
}

/** Memory that is the process's own, not the pages of files it reads; null where there is no /proc. */
async function privateBytes(pid: number | undefined): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const [, resident, shared] = (await readFile(`/proc/${pid}/statm`, 'latin1')).split(' ').map(Number);
  return ((resident ?? 0) - (shared ?? 0)) * PAGE_BYTES;
}
