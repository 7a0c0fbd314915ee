import { model, Schema } from 'mongoose';
import type { DayOfWork } from './board.js';

/** What a network did on a day (of Paris): figures over months are sums of these, whatever the number of readings. */
export interface ActivityRecord extends DayOfWork {
  networkId: string;
  /** How the record is made up: figures of an earlier make are made again. */
  form: number;
  /** When the readings were looked at: of two who look at once, the later look stays. */
  readAt: Date;
}

const split = { type: Schema.Types.Mixed, required: true };
const schema = new Schema<ActivityRecord>(
  {
    networkId: { type: String, required: true },
    day: { type: String, required: true },
    opened: { type: Number, required: true },
    tenths: { type: [Number], required: true },
    systematic: split,
    advice: split,
    asked: { type: Number, default: 0 },
    groups: split,
    form: { type: Number, required: true },
    readAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false, collection: 'activity' },
);
schema.index({ networkId: 1, day: 1 }, { unique: true });

export const ActivityModel = model<ActivityRecord>('Activity', schema);
