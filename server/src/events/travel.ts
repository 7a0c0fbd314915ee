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
  /** Every listener has had it, but for those that were set aside. */
  published: boolean;
  /** Only while some listener has failed: who has had it, who has not and when they are asked again. */
  delivery?: Delivery;
}

export interface Delivery {
  done: string[];
  /** `nextAt` null: set aside after too many failures, until an administrator asks again. */
  failed: Array<{ listener: string; attempts: number; nextAt: Date | null }>;
}

/** What a record carries whose events go through the outbox: written together, in one document. */
export interface Outgoing {
  _id: Types.ObjectId;
  version: number;
  timeline: StoredEntry[];
  /** Entries not yet handed to every listener; 0 nearly always, so a partial index over it stays tiny. */
  outboxPending: number;
  /** Entries that a listener could not take after many attempts; absent or 0 nearly always. */
  outboxSetAside?: number;
}

/** What a record that passes the gate carries: cases, slides and reviews. */
export interface Travelling extends Outgoing {
  status: string;
  party: Party;
  /** Since when `party` has held the clock. */
  since: Date;
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
    delivery: { type: Schema.Types.Mixed, default: undefined },
  },
  { _id: false, minimize: false },
);

export const outgoingFields = {
  version: { type: Number, required: true, default: 0 },
  timeline: { type: [entrySchema], required: true },
  outboxPending: { type: Number, required: true, default: 0 },
  outboxSetAside: { type: Number, default: 0 },
} as const;

/** Fields of `Travelling` for a mongoose schema; `statuses` is the closed list of the record's kind. */
export const travelFields = (statuses: readonly string[]) => ({
  ...outgoingFields,
  status: { type: String, enum: statuses, required: true },
  party: { type: String, required: true },
  since: { type: Date, required: true },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});

/** The indexes that find unhandled entries without reading a million handled ones. */
export function addOutboxIndex<T extends Outgoing>(schema: Schema<T>): void {
  schema.index({ outboxPending: 1 }, { partialFilterExpression: { outboxPending: { $gt: 0 } } });
  schema.index({ outboxSetAside: 1 }, { partialFilterExpression: { outboxSetAside: { $gt: 0 } } });
}

/** Kinds of record that pass the gate; a message only tells that it is there. */
export type TravellingKind = Exclude<RecordKind, 'message'>;

const models = new Map<RecordKind, Model<Outgoing>>();

/** Each kind of record that passes the gate says so once, beside its model. */
export function registerTravelling<T extends Travelling>(kind: TravellingKind, model: Model<T>): void {
  registerOutgoing(kind, model);
}

export function registerOutgoing<T extends Outgoing>(kind: RecordKind, model: Model<T>): void {
  models.set(kind, model as unknown as Model<Outgoing>);
}

export const outgoingModels = (): ReadonlyMap<RecordKind, Model<Outgoing>> => models;

export function outgoingModel(kind: RecordKind): Model<Outgoing> {
  const model = models.get(kind);
  if (!model) throw new Error(`no model registered for ${kind}`);
  return model;
}

export const travellingModel = (kind: TravellingKind): Model<Travelling> =>
  outgoingModel(kind) as unknown as Model<Travelling>;
