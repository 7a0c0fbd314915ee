import type { RoutingDecision, RoutingInput } from '@relecture/shared/routing/schema.js';
import type { Person } from '@relecture/shared/users/schema.js';
import { model, Schema, type Types } from 'mongoose';
import { keepSecret } from '../platform/secret-text.js';

/** One choice of networks for one case: what went in, what came out, under which rules. Kept for ever, for replay. */
export interface DecisionRecord {
  _id: Types.ObjectId;
  caseId: Types.ObjectId;
  /** The timeline entry that asked for it: running the handler again decides nothing twice. */
  entryId: string;
  at: Date;
  decidedBy: 'engine' | 'coordinator';
  by: Person | null;
  reason: string | null;
  input: RoutingInput;
  decision: RoutingDecision;
}

const mixed = { type: Schema.Types.Mixed, required: true };
const schema = new Schema<DecisionRecord>(
  {
    caseId: { type: Schema.Types.ObjectId, required: true },
    entryId: { type: String, required: true, unique: true },
    at: { type: Date, required: true },
    decidedBy: { type: String, enum: ['engine', 'coordinator'], required: true },
    by: { type: Schema.Types.Mixed, default: null },
    reason: { type: String, default: null },
    input: mixed,
    decision: mixed,
  },
  { versionKey: false, minimize: false, collection: 'routingdecisions' },
);
schema.index({ caseId: 1, at: -1, _id: -1 });
schema.index({ decidedBy: 1, at: -1 });
keepSecret(schema, 'decision', ['reason', 'input.suspectedEntity', 'input.title', 'input.question']);
export const DecisionModel = model<DecisionRecord>('RoutingDecision', schema);

/** A rule set as published; cases keep the version that routed them. */
export interface RuleSetRecord {
  _id: string;
  validFrom: string;
  publishedAt: Date;
  /** Null: shipped with the product. */
  publishedBy: Person | null;
  rules: unknown;
  /** Rolled back: routes nothing new, and still explains the cases it routed. */
  withdrawn: { at: Date; by: Person; reason: string } | null;
}
const ruleSetSchema = new Schema<RuleSetRecord>(
  {
    _id: { type: String, required: true },
    validFrom: { type: String, required: true },
    publishedAt: { type: Date, required: true },
    publishedBy: { type: Schema.Types.Mixed, default: null },
    rules: mixed,
    withdrawn: { type: Schema.Types.Mixed, default: null },
  },
  { versionKey: false, minimize: false, collection: 'rulesets' },
);
export const RuleSetModel = model<RuleSetRecord>('RuleSet', ruleSetSchema);
