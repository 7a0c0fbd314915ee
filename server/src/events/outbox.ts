import { AsyncLocalStorage } from 'node:async_hooks';
import type { RecordKind } from '@relecture/shared/events/catalog.js';
import { now } from '../platform/clock.js';
import type { Logger } from '../platform/log.js';
import { handlersOf, type PublishedEvent } from './bus.js';
import { type Delivery, type Outgoing, outgoingModel, outgoingModels } from './travel.js';

/** After so many failures, some four hours, an entry is set aside for that listener: an administrator looks at it. */
export const MOST_ATTEMPTS = 10;
const FIRST_PAUSE_MS = 30_000;

let log: Logger | null = null;
let stopping = false;

/** With the app: from here on entries are handed on. */
export function openOutbox(logger: Logger): void {
  log = logger;
  stopping = false;
}

/** One publisher a record: each listener hears a record's entries one by one, in their order. */
const running = new Map<string, { again: boolean; done: Promise<void> }>();
const recoveries = new Set<Promise<unknown>>();
/** Inside a listener: it may move other records, but never waits for one that is being published, perhaps by its caller. */
const inListener = new AsyncLocalStorage<true>();

/**
 * Hands a record's unpublished entries to their listeners, oldest first. A listener that fails is asked again later
 * (`recoverOutbox`) and holds back neither the others nor the caller, whose act stays done; it hears the record's
 * later entries after the one it failed on.
 */
export async function publishRecord(kind: RecordKind, id: string): Promise<void> {
  const key = `${kind}:${id}`;
  const current = running.get(key);
  if (current) {
    current.again = true;
    if (!inListener.getStore()) await current.done;
    return;
  }
  if (stopping) return;
  const publisher = { again: true, done: Promise.resolve() };
  running.set(key, publisher);
  publisher.done = (async () => {
    try {
      while (publisher.again && !stopping) {
        publisher.again = false;
        await publishOnce(kind, id);
      }
    } finally {
      running.delete(key);
    }
  })();
  await publisher.done;
}

async function publishOnce(kind: RecordKind, id: string): Promise<void> {
  const model = outgoingModel(kind);
  const record = await model.findById(id, { timeline: 1, version: 1, outboxPending: 1 }).lean<Outgoing>();
  if (!record || record.outboxPending === 0) return;
  /** Listeners that wait for an earlier entry of this record. */
  const waiting = new Set<string>();
  for (const entry of record.timeline) {
    if (entry.published) continue;
    if (stopping) return;
    const before = entry.delivery ?? { done: [], failed: [] };
    const after = await deliver({ kind, recordId: id, version: record.version, entry }, before, waiting);
    const setAside = after.failed.filter(({ nextAt }) => nextAt === null).length;
    const settled = handlersOf(entry.event).every(
      ({ name }) =>
        after.done.includes(name) ||
        after.failed.some(({ listener, nextAt }) => listener === name && nextAt === null),
    );
    const mine = { _id: id, timeline: { $elemMatch: { id: entry.id, published: false } } };
    if (settled) {
      await model.updateOne(mine, {
        $set: {
          'timeline.$.published': true,
          ...(setAside > 0 ? { 'timeline.$.delivery': after } : {}),
        },
        ...(setAside > 0 ? {} : { $unset: { 'timeline.$.delivery': 1 } }),
        $inc: { outboxPending: -1, ...(setAside > 0 ? { outboxSetAside: 1 } : {}) },
      });
    } else if (JSON.stringify(after) !== JSON.stringify(before)) {
      await model.updateOne(mine, { $set: { 'timeline.$.delivery': after } });
    }
  }
}

/** Asks each listener that has not had the entry and need not wait. */
async function deliver(event: PublishedEvent, before: Delivery, waiting: Set<string>): Promise<Delivery> {
  const done = [...before.done];
  const failed = new Map(before.failed.map((failure) => [failure.listener, failure]));
  for (const { name, handle } of handlersOf(event.entry.event)) {
    const failure = failed.get(name);
    if (done.includes(name) || failure?.nextAt === null || waiting.has(name)) continue;
    if (failure?.nextAt && failure.nextAt > now()) {
      waiting.add(name);
      continue;
    }
    try {
      await inListener.run(true, () => handle(event));
      done.push(name);
      failed.delete(name);
    } catch (error) {
      const attempts = (failure?.attempts ?? 0) + 1;
      const nextAt =
        attempts >= MOST_ATTEMPTS ? null : new Date(now().getTime() + FIRST_PAUSE_MS * 2 ** (attempts - 1));
      failed.set(name, { listener: name, attempts, nextAt });
      if (nextAt) waiting.add(name);
      logFailure(event, name, attempts, error as Error);
    }
  }
  return { done, failed: [...failed.values()] };
}

/** Ids of records and names of errors; never a message, which may quote what it choked on. */
function logFailure(
  { kind, recordId, entry }: PublishedEvent,
  listener: string,
  attempts: number,
  error: Error,
) {
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8);
  log?.error(
    { event: entry.event, kind, recordId, listener, attempts, error: error.name, frames },
    attempts >= MOST_ATTEMPTS ? 'listener failed too often, entry set aside' : 'listener failed',
  );
}

/** At start, and from time to time: whatever a crash or a failing listener left behind is handed on. */
export async function recoverOutbox(): Promise<number> {
  const recovery = (async () => {
    let recovered = 0;
    for (const [kind, model] of outgoingModels()) {
      for await (const record of model
        .find({ outboxPending: { $gt: 0 } }, { _id: 1 })
        .lean()
        .cursor()) {
        if (stopping) return recovered;
        await publishRecord(kind, String(record._id));
        recovered += 1;
      }
    }
    return recovered;
  })();
  recoveries.add(recovery);
  try {
    return await recovery;
  } finally {
    recoveries.delete(recovery);
  }
}

/** Nothing more is handed on; answers when the listeners that run have ended. What is left waits in the store. */
export async function closeOutbox(): Promise<void> {
  stopping = true;
  await Promise.allSettled([...recoveries, ...[...running.values()].map(({ done }) => done)]);
}
