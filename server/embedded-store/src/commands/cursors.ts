import { randomBytes } from 'node:crypto';
import { type Doc, doc, RawDocument, type Value } from '../bson/values.js';
import { writeDocument } from '../bson/write.js';
import { CommandError, codes } from '../errors.js';

export type Results = Iterator<Doc | RawDocument, void>;

interface Cursor {
  id: bigint;
  namespace: string;
  results: Results;
  /** Taken from the results but too large for the batch before. */
  pending: Doc | RawDocument | undefined;
  lastUsed: number;
}

const maxBatchBytes = 16 * 1024 * 1024 - 16 * 1024;
const idleMinutes = 10;
const maxOpen = 5000;

export class Cursors {
  private readonly open = new Map<bigint, Cursor>();

  /** The reply to a command that opens a cursor; results that fit in the first batch leave none open. */
  start(namespace: string, results: Results, batchSize: number | undefined, single: boolean): Doc {
    const cursor: Cursor = { id: 0n, namespace, results, pending: undefined, lastUsed: Date.now() };
    const { batch, finished } = this.take(cursor, batchSize ?? 101);
    if (!finished && !single) {
      if (this.open.size >= maxOpen) throw new CommandError(codes.badValue, 'Too many open cursors');
      cursor.id = newCursorId();
      this.open.set(cursor.id, cursor);
    }
    return doc({ cursor: doc({ firstBatch: batch, id: cursor.id, ns: namespace }), ok: 1 });
  }

  more(id: bigint, namespace: string, batchSize: number | undefined): Doc {
    const cursor = this.open.get(id);
    if (!cursor) throw new CommandError(codes.cursorNotFound, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new CommandError(
        codes.unauthorized,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    cursor.lastUsed = Date.now();
    let taken: { batch: Value[]; finished: boolean };
    try {
      taken = this.take(cursor, batchSize ?? Number.MAX_SAFE_INTEGER);
    } catch (error) {
      this.open.delete(id);
      throw error;
    }
    if (taken.finished) this.open.delete(id);
    return doc({
      cursor: doc({ nextBatch: taken.batch, id: taken.finished ? 0n : id, ns: cursor.namespace }),
      ok: 1,
    });
  }

  kill(id: bigint): boolean {
    return this.open.delete(id);
  }

  /** A client that went away leaves its cursors behind. */
  expire(now: number): void {
    for (const cursor of this.open.values()) {
      if (now - cursor.lastUsed > idleMinutes * 60_000) this.open.delete(cursor.id);
    }
  }

  get size(): number {
    return this.open.size;
  }

  private take(cursor: Cursor, wanted: number): { batch: Value[]; finished: boolean } {
    const batch: Value[] = [];
    let bytes = 0;
    while (batch.length < wanted) {
      let item = cursor.pending;
      cursor.pending = undefined;
      if (!item) {
        const next = cursor.results.next();
        if (next.done) return { batch, finished: true };
        item = next.value;
      }
      const raw = item instanceof RawDocument ? item : new RawDocument(writeDocument(item));
      bytes += raw.bytes.length + 16;
      if (bytes > maxBatchBytes && batch.length > 0) {
        cursor.pending = raw;
        return { batch, finished: false };
      }
      batch.push(raw);
    }
    // A full batch: look ahead so that the client need not ask for an empty one.
    if (wanted > 0) {
      const next = cursor.results.next();
      if (next.done) return { batch, finished: true };
      cursor.pending = next.value;
    }
    return { batch, finished: false };
  }
}

function newCursorId(): bigint {
  // Positive and not zero, which means no cursor.
  return (randomBytes(8).readBigUInt64LE() >> 1n) | 1n;
}
