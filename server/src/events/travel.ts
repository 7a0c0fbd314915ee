import type { EventName, RecordKind } from '@relecture/shared/events/catalog.js';
import type { Party } from '@relecture/shared/events/status.js';
import type { Person } from '@relecture/shared/users/schema.js';
import { type Model, Schema, type Types } from 'mongoose';

export type EventParams = Record<string, string | number | boolean | string[] | null>;

/** A timeline entry as stored: it is the event, and `published` is its place in the outbox. */
export interface StoredEntry {
  id: string;
  at: Date;
  event: EventName;
  by: Person | null;
  from: string | null;
  to: string;
  party: Party;
  params: EventParams;
  published: boolean;
}

/** What a record that passes the gate carries: cases, slides and reviews. */
export interface Travelling {
  _id: Types.ObjectId;
  status: string;
  version: number;
  party: Party;
  /** Since when `party` has held the clock. */
  since: Date;
  timeline: StoredEntry[];
  /** Entries not yet handed to every listener; 0 nearly always, so a partial index over it stays tiny. */
  outboxPending: number;
  createdAt: Date;
  updatedAt: Date;
}

const entrySchema = new Schema<StoredEntry>(
  {
    id: { type: String, required: true },
    at: { type: Date, required: true },
    event: { type: String, required: true },
    by: { type: Schema.Types.Mixed, default: null },
    from: { type: String, default: null },
    to: { type: String, required: true },
    party: { type: String, required: true },
    params: { type: Schema.Types.Mixed, required: true },
    published: { type: Boolean, required: true },
  },
  { _id: false, minimize: false },
);

/** Fields of `Travelling` for a mongoose schema; `statuses` is the closed list of the record's kind. */
export const travelFields = (statuses: readonly string[]) => ({
  status: { type: String, enum: statuses, required: true },
  version: { type: Number, required: true, default: 0 },
  party: { type: String, required: true },
  since: { type: Date, required: true },
  timeline: { type: [entrySchema], required: true },
  outboxPending: { type: Number, required: true, default: 0 },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});

/** The index that finds unhandled entries at start without reading a million handled ones. */
export function addOutboxIndex<T extends Travelling>(schema: Schema<T>): void {
  schema.index({ outboxPending: 1 }, { partialFilterExpression: { outboxPending: { $gt: 0 } } });
}

const models = new Map<RecordKind, Model<Travelling>>();

/** Each kind of record that passes the gate says so once, beside its model. */
export function registerTravelling<T extends Travelling>(kind: RecordKind, model: Model<T>): void {
  models.set(kind, model as unknown as Model<Travelling>);
}

export const travellingModels = (): ReadonlyMap<RecordKind, Model<Travelling>> => models;

export function travellingModel(kind: RecordKind): Model<Travelling> {
  const model = models.get(kind);
  if (!model) throw new Error(`no model registered for ${kind}`);
  return model;
}
