import type { RoutingAnswer, RuleTrial } from '@relecture/shared/routing/drafts.js';
import type { RuleSet } from '@relecture/shared/routing/schema.js';
import type { Person } from '@relecture/shared/users/schema.js';
import { model, Schema, type Types } from 'mongoose';

/** A rule set being written. One document, so that every change of it is one atomic write. */
export interface DraftRecord {
  _id: Types.ObjectId;
  version: string;
  baseVersion: string;
  status: 'open' | 'published' | 'abandoned';
  /** Counts the changes: who writes names the one they saw. */
  revision: number;
  /** Everyone who changed anything: none of them may publish. */
  authors: Person[];
  updatedAt: Date;
  rules: RuleSet;
  trial: RuleTrial | null;
  publishedBy: Person | null;
  publishedAt: Date | null;
}

const draft = new Schema<DraftRecord>(
  {
    version: { type: String, required: true, unique: true },
    baseVersion: { type: String, required: true },
    status: { type: String, required: true },
    revision: { type: Number, required: true },
    authors: { type: [Schema.Types.Mixed] as never, required: true },
    updatedAt: { type: Date, required: true },
    rules: { type: Schema.Types.Mixed, required: true },
    trial: { type: Schema.Types.Mixed, default: null },
    publishedBy: { type: Schema.Types.Mixed, default: null },
    publishedAt: { type: Date, default: null },
  },
  { versionKey: false, minimize: false, collection: 'ruledrafts' },
);
draft.index({ status: 1, updatedAt: -1 });
export const DraftModel = model<DraftRecord>('RuleDraft', draft);

/** A case that a trial would have sent elsewhere. Codes only: what was typed stays with the case. */
export interface MovedRecord {
  _id: Types.ObjectId;
  draftId: Types.ObjectId;
  caseId: Types.ObjectId;
  site: string | null;
  morphology: string | null;
  before: RoutingAnswer;
  after: RoutingAnswer;
}

const mixed = { type: Schema.Types.Mixed, required: true };
const moved = new Schema<MovedRecord>(
  {
    draftId: { type: Schema.Types.ObjectId, required: true },
    caseId: { type: Schema.Types.ObjectId, required: true },
    site: { type: String, default: null },
    morphology: { type: String, default: null },
    before: mixed,
    after: mixed,
  },
  { versionKey: false, minimize: false, collection: 'rulemoves' },
);
moved.index({ draftId: 1, _id: 1 });
export const MovedModel = model<MovedRecord>('RuleMove', moved);
