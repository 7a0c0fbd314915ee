/**
 * A process that decodes what senders made, one order at a time. Started by decoders.ts with limits on memory and
 * time, without the server's settings and secrets; what goes wrong here (a fault of a C library, gigabytes, an
 * endless loop) ends this process and nothing else.
 */
import { statSync } from 'node:fs';
import { SlideRefusal } from '../formats/refusal.js';
import { DECODING, type DecodingJob } from './jobs.js';
import { writesAsItGoes } from './limits.js';
import type { DecodingNews, DecodingOrder, FailedJob } from './messages.js';

const ALIVE_MS = 500;

const tell = (news: DecodingNews) => process.send?.(news);

/** One of the table; which arguments go with which job, decoders.ts has checked where it was called. */
const work = (job: DecodingJob, args: readonly unknown[]): Promise<unknown> =>
  (DECODING[job] as (...given: readonly unknown[]) => Promise<unknown>)(...args);

async function carryOut({ job, args }: DecodingOrder): Promise<DecodingNews> {
  const target = writesAsItGoes(job) && typeof args[1] === 'string' ? args[1] : null;
  const alive = setInterval(() => {
    tell({ kind: 'alive', written: writtenBytes(target), rss: process.memoryUsage.rss() });
  }, ALIVE_MS);
  try {
    return { kind: 'done', value: await work(job, args) };
  } catch (error) {
    if (error instanceof SlideRefusal) {
      const { code, params, message } = error;
      return { kind: 'refused', code, params, detail: message.slice(code.length + 2) };
    }
    return { kind: 'failed', error: describe(error) };
  } finally {
    clearInterval(alive);
  }
}

/** By this process, and by the program it may have started, which grows the target. */
function writtenBytes(target: string | null): number {
  const own = process.resourceUsage().fsWrite * 512;
  return own + (target === null ? 0 : (statSync(target, { throwIfNoEntry: false })?.size ?? 0));
}

function describe(error: unknown): FailedJob {
  const { name, message, code, cause } = error as Partial<NodeJS.ErrnoException> & { cause?: unknown };
  return {
    name: name ?? 'Error',
    message: message ?? '',
    code: code === undefined ? null : String(code),
    cause: cause instanceof Error ? cause.message : null,
  };
}

process.on('message', (order: DecodingOrder) => {
  carryOut(order).then(tell, (error: Error) => tell({ kind: 'failed', error: describe(error) }));
});
// The server is gone, kill -9 included: so do we, at once, with the programs that we have started.
process.on('disconnect', () => {
  if (process.platform === 'win32') process.exit(0);
  process.kill(-process.pid, 'SIGKILL');
});
tell({ kind: 'ready' });
