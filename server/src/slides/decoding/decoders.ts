import { stat } from 'node:fs/promises';
import { SlideRefusal } from '../formats/refusal.js';
import type { SlideFile } from '../formats/slide-file.js';
import { Decoder, DecoderCrashError, DecodingStoppedError } from './decoder.js';
import type { DecodingJob, DecodingJobs } from './jobs.js';

type Answer<J extends DecodingJob> = Awaited<ReturnType<DecodingJobs[J]>>;

export interface Decoders {
  /**
   * Carries out one job of jobs.ts in a process of its own. Rejects with `SlideRefusal`: the file is refused, by
   * the job, by its limits, or because two processes fell over it; with any other error: try again later.
   */
  run<J extends DecodingJob>(job: J, ...args: Parameters<DecodingJobs[J]>): Promise<Answer<J>>;
  /** Has a process ready: a file is on its way. */
  warm(): void;
  /** Ends every process; what they were at rejects with `DecodingStoppedError`. */
  stop(): Promise<void>;
}

/** Two of the preparation (ingest-jobs.ts), two for people who wait for an answer or a small picture. */
const AT_ONCE = 4;
/** So many stay for the next jobs, as the preparation asks for two at once; the others were for a rush. */
const KEPT = 2;
/** Those that are idle for so long give their memory back. */
const IDLE_MS = 5 * 60_000;
/** What C libraries leave behind goes with the process. */
const JOBS_PER_PROCESS = 200;

export function createDecoders(start: () => Decoder = () => new Decoder()): Decoders {
  const idle: Decoder[] = [];
  const all = new Set<Decoder>();
  const waiting: Array<() => void> = [];
  let running = 0;
  let stopping = false;
  const resting = setTimeout(() => release(), IDLE_MS);
  resting.unref();

  function open(): Decoder {
    const decoder = start();
    all.add(decoder);
    return decoder;
  }

  function drop(decoder: Decoder): void {
    all.delete(decoder);
    decoder.stop().catch((error: Error) => process.emitWarning(error));
  }

  function release(): void {
    for (const decoder of idle.splice(0)) drop(decoder);
  }

  function keep(decoder: Decoder): void {
    if (stopping || !decoder.alive || decoder.served >= JOBS_PER_PROCESS || idle.length >= KEPT) {
      drop(decoder);
      return;
    }
    idle.push(decoder);
    resting.refresh();
  }

  async function enter(): Promise<void> {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  async function attempt(job: DecodingJob, args: readonly unknown[], bytes: number): Promise<unknown> {
    if (stopping) throw new DecodingStoppedError();
    let decoder = idle.pop();
    while (decoder && !decoder.alive) {
      all.delete(decoder);
      decoder = idle.pop();
    }
    const taken = decoder ?? open();
    try {
      return await taken.run(job, args, bytes);
    } finally {
      keep(taken);
    }
  }

  /** A fault may be the process's own history: the file is refused only when a fresh one falls over it too. */
  async function persevere(job: DecodingJob, args: readonly unknown[], bytes: number): Promise<unknown> {
    try {
      return await attempt(job, args, bytes);
    } catch (error) {
      if (!(error instanceof DecoderCrashError)) throw error;
    }
    release();
    try {
      return await attempt(job, args, bytes);
    } catch (error) {
      if (!(error instanceof DecoderCrashError)) throw error;
      throw new SlideRefusal('SLIDE_DECODER_CRASH', {}, job);
    }
  }

  return {
    async run<J extends DecodingJob>(job: J, ...args: Parameters<DecodingJobs[J]>): Promise<Answer<J>> {
      const [subject] = args;
      const bytes = Buffer.isBuffer(subject) ? subject.length : await sizeOf(subject);
      await enter();
      try {
        return (await persevere(job, args, bytes)) as Answer<J>;
      } finally {
        leave();
      }
    },
    warm() {
      resting.refresh();
      if (!stopping && idle.length === 0 && running < AT_ONCE) idle.push(open());
    },
    async stop() {
      stopping = true;
      clearTimeout(resting);
      await Promise.all([...all].map((decoder) => decoder.stop()));
    },
  };
}

/** Missing: the job says so in its own words. */
async function sizeOf(file: SlideFile): Promise<number> {
  if (typeof file !== 'string' && 'url' in file.at) return file.at.bytes;
  const path = typeof file === 'string' ? file : 'path' in file.at ? file.at.path : '';
  return await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
