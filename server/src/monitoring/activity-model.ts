import { model, Schema } from 'mongoose';
import type { DayOfWork, PlainDay } from './board.js';

/** What a network did on a day (of Paris): figures over months are sums of these, whatever the number of readings. */
export interface ActivityRecord extends PlainDay {
  networkId: string;
  /** How the record is made up: figures of an earlier make are made again. */
  form: number;
  /** When the readings were looked at: of two who look at once, the later look stays. */
  readAt: Date;
}

/** The same day told apart, kept beside it: it weighs ten times as much, and a board's first page needs none of it. */
export interface GroupsRecord extends Pick<DayOfWork, 'day' | 'groups'> {
  networkId: string;
  readAt: Date;
}

const mixed = { type: Schema.Types.Mixed, required: true };
const schema = new Schema<ActivityRecord>(
  {
    networkId: { type: String, required: true },
    day: { type: String, required: true },
    opened: { type: Number, required: true },
    tenths: { type: [Number], required: true },
    systematic: mixed,
    advice: mixed,
    asked: { type: Number, default: 0 },
    form: { type: Number, required: true },
    readAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false, collection: 'activity' },
);
schema.index({ networkId: 1, day: 1 }, { unique: true });

const groupsSchema = new Schema<GroupsRecord>(
  {
    networkId: { type: String, required: true },
    day: { type: String, required: true },
    groups: mixed,
    readAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false, collection: 'activitygroups' },
);
groupsSchema.index({ networkId: 1, day: 1 }, { unique: true });

export const ActivityModel = model<ActivityRecord>('Activity', schema);
export const GroupsModel = model<GroupsRecord>('ActivityGroups', groupsSchema);
