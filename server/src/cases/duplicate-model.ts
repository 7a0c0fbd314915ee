import type { DuplicateSign, DuplicateState } from '@relecture/shared/cases/duplicates.js';
import type { Person } from '@relecture/shared/users/schema.js';
import { model, Schema, type Types } from 'mongoose';

/** Two cases of one person from two senders, as ids: no word of who the person is. */
export interface DuplicateRecord {
  _id: Types.ObjectId;
  /** Both ids in order: two looks at once find one pair. */
  pair: string;
  caseIds: Types.ObjectId[];
  /** Networks that either case was told to: whose coordinators decide. */
  networkIds: string[];
  signs: DuplicateSign[];
  state: DuplicateState;
  foundAt: Date;
  decidedAt: Date | null;
  decidedBy: Person | null;
}

const schema = new Schema<DuplicateRecord>(
  {
    pair: { type: String, required: true, unique: true },
    caseIds: { type: [Schema.Types.ObjectId], required: true },
    networkIds: { type: [String], required: true },
    signs: { type: [String], required: true },
    state: { type: String, required: true },
    foundAt: { type: Date, required: true },
    decidedAt: { type: Date, default: null },
    decidedBy: { type: Schema.Types.Mixed, default: null },
  },
  { versionKey: false },
);
schema.index({ caseIds: 1 });
schema.index({ networkIds: 1, state: 1, foundAt: -1, _id: -1 });
schema.index({ state: 1, foundAt: -1, _id: -1 });

export const DuplicateModel = model<DuplicateRecord>('Duplicate', schema);
