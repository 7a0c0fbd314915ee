import type { RecordKind } from '@relecture/shared/events/catalog.js';
import type { Logger } from '../platform/log.js';
import { handlersOf } from './bus.js';
import { type Travelling, travellingModel, travellingModels } from './travel.js';

let log: Logger | null = null;
export function setOutboxLog(logger: Logger): void {
  log = logger;
}

const inFlight = new Set<string>();

/**
 * Hands a record's unpublished entries to their listeners, oldest first, then marks each as published. A listener that
 * fails leaves its entry in the outbox: `recoverOutbox` hands it on again, and the caller's own act stays done.
 */
export async function publishRecord(kind: RecordKind, id: string): Promise<void> {
  const model = travellingModel(kind);
  const record = await model.findById(id, { timeline: 1, version: 1, outboxPending: 1 }).lean<Travelling>();
  if (!record || record.outboxPending === 0) return;
  for (const entry of record.timeline) {
    const key = `${kind}:${id}:${entry.id}`;
    if (entry.published || inFlight.has(key)) continue;
    inFlight.add(key);
    try {
      for (const { name, handle } of handlersOf(entry.event)) {
        try {
          await handle({ kind, recordId: id, version: record.version, entry });
        } catch (error) {
          const { name: errorName, stack } = error as Error;
          const frames = (stack ?? '')
            .split('\n')
            .filter((line) => line.trimStart().startsWith('at '))
            .slice(0, 8);
          log?.error(
            { event: entry.event, kind, recordId: id, listener: name, error: errorName, frames },
            'listener failed',
          );
          return;
        }
      }
      await model.updateOne(
        { _id: id, timeline: { $elemMatch: { id: entry.id, published: false } } },
        { $set: { 'timeline.$.published': true }, $inc: { outboxPending: -1 } },
      );
    } finally {
      inFlight.delete(key);
    }
  }
}

/** At start, and from time to time: whatever a crash or a failing listener left behind is handed on. */
export async function recoverOutbox(): Promise<number> {
  let recovered = 0;
  for (const [kind, model] of travellingModels()) {
    for await (const record of model
      .find({ outboxPending: { $gt: 0 } }, { _id: 1 })
      .lean()
      .cursor()) {
      await publishRecord(kind, String(record._id));
      recovered += 1;
    }
  }
  return recovered;
}
