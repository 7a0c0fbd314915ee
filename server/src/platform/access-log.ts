import { createHash } from 'node:crypto';
import { model, Schema } from 'mongoose';

/** What a person did to which record. Ids only: the log is read by auditors who may not know the patient. */
export interface AccessEvent {
  readonly actorId: string | null;
  readonly action: string;
  readonly recordKind: string;
  readonly recordId: string;
  readonly params?: Record<string, string | number | boolean>;
}

interface AccessEntry extends AccessEvent {
  seq: number;
  at: Date;
  previous: string;
  hash: string;
}

const schema = new Schema<AccessEntry>(
  {
    seq: { type: Number, required: true, unique: true },
    at: { type: Date, required: true },
    actorId: { type: String, default: null },
    action: { type: String, required: true },
    recordKind: { type: String, required: true },
    recordId: { type: String, required: true },
    params: { type: Schema.Types.Mixed },
    previous: { type: String, required: true },
    hash: { type: String, required: true },
  },
  { versionKey: false, collection: 'accesslog', minimize: false },
);
schema.index({ recordId: 1, seq: -1 });
schema.index({ actorId: 1, seq: -1 });
const AccessLogModel = model<AccessEntry>('AccessLog', schema);

const GENESIS = '0'.repeat(64);

/** The chain: each hash covers the entry and the hash before it, so that no past entry can change unseen. */
function hashEntry(entry: Omit<AccessEntry, 'hash'>): string {
  const canonical = JSON.stringify([
    entry.seq,
    entry.at.toISOString(),
    entry.actorId,
    entry.action,
    entry.recordKind,
    entry.recordId,
    entry.params ? Object.entries(entry.params).sort(([a], [b]) => (a < b ? -1 : 1)) : null,
    entry.previous,
  ]);
  return createHash('sha256').update(canonical).digest('hex');
}

interface Waiting {
  event: AccessEvent;
  at: Date;
  done: () => void;
  failed: (error: unknown) => void;
}

const waiting: Waiting[] = [];
let busy = false;

/**
 * Appends to the access log and returns once the entry is on disk. Entries that arrive together are written together:
 * a chain has one writer at a time, and one write carries the whole queue.
 */
export async function recordAccess(event: AccessEvent): Promise<void> {
  const written = new Promise<void>((done, failed) => {
    waiting.push({ event, at: new Date(), done, failed });
  });
  if (!busy) await writeQueue();
  await written;
}

async function writeQueue(): Promise<void> {
  busy = true;
  try {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 500);
      try {
        await appendBatch(batch);
        for (const item of batch) item.done();
      } catch (error) {
        for (const item of batch) item.failed(error);
      }
    }
  } finally {
    busy = false;
  }
}

async function appendBatch(batch: Waiting[]): Promise<void> {
  // Another process may have appended in between: the unique sequence refuses the batch, and it is chained anew.
  for (let attempt = 0; ; attempt++) {
    const last = await AccessLogModel.findOne({}, { seq: 1, hash: 1 }).sort({ seq: -1 }).lean();
    let seq = last?.seq ?? 0;
    let previous = last?.hash ?? GENESIS;
    const entries = batch.map(({ event, at }) => {
      seq += 1;
      const entry = { ...event, at, seq, previous };
      previous = hashEntry(entry);
      return { ...entry, hash: previous };
    });
    try {
      await AccessLogModel.collection.insertMany(entries, { ordered: true });
      return;
    } catch (error) {
      const { code, insertedCount } = error as { code?: number; insertedCount?: number };
      if (code !== 11000 || attempt >= 20) throw error;
      batch = batch.slice(insertedCount ?? 0);
    }
  }
}

export interface ChainCheck {
  readonly entries: number;
  /** Sequence number of the first entry that does not fit, null when the chain is whole. */
  readonly brokenAt: number | null;
}

/** Walks the whole log in order and recomputes each hash. */
export async function checkAccessChain(): Promise<ChainCheck> {
  let previous = GENESIS;
  let expected = 1;
  let entries = 0;
  for await (const entry of AccessLogModel.find().sort({ seq: 1 }).lean().cursor({ batchSize: 1000 })) {
    const { hash, ...rest } = entry;
    if (entry.seq !== expected || entry.previous !== previous || hashEntry(rest) !== hash) {
      return { entries, brokenAt: entry.seq };
    }
    previous = hash;
    expected += 1;
    entries += 1;
  }
  return { entries, brokenAt: null };
}

/** One page of the log, newest first, for the administrator. `before` is a sequence number. */
export async function readAccessLog(
  filter: { recordId?: string; actorId?: string },
  before: number | null,
  limit: number,
): Promise<Array<Omit<AccessEntry, 'previous'>>> {
  const query = { ...filter, ...(before === null ? {} : { seq: { $lt: before } }) };
  return await AccessLogModel.find(query, { _id: 0, previous: 0 }).sort({ seq: -1 }).limit(limit).lean();
}
