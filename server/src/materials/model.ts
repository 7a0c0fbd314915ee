import type { MaterialRequest } from '@relecture/shared/materials/schema.js';
import type { Person } from '@relecture/shared/users/schema.js';
import { model, Schema, type Types } from 'mongoose';
import { keepSecret } from '../platform/secret-text.js';

/** Something the reviewer needs from the sender; holds the review while it is open. */
export interface MaterialRequestRecord {
  _id: Types.ObjectId;
  reviewId: Types.ObjectId;
  caseId: Types.ObjectId;
  networkId: string;
  items: MaterialRequest['items'];
  reason: string;
  pin: MaterialRequest['pin'];
  askedAt: Date;
  askedBy: Person;
  /** Set when the sender answered; null with `cancelledAt` set when the reviewer gave it up. */
  answeredAt: Date | null;
  answeredBy: Person | null;
  answer: MaterialRequest['answer'];
  cancelledAt: Date | null;
  /** What the sender is answering: it becomes the answer when the review's gate names it. */
  proposals: Array<{
    id: string;
    at: Date;
    by: Person;
    answer: NonNullable<MaterialRequest['answer']>;
  }>;
}

const mixed = { type: Schema.Types.Mixed, required: true };
const schema = new Schema<MaterialRequestRecord>(
  {
    reviewId: { type: Schema.Types.ObjectId, required: true },
    caseId: { type: Schema.Types.ObjectId, required: true },
    networkId: { type: String, required: true },
    items: mixed,
    reason: { type: String, required: true },
    pin: { type: Schema.Types.Mixed, default: null },
    askedAt: { type: Date, required: true },
    askedBy: mixed,
    answeredAt: { type: Date, default: null },
    answeredBy: { type: Schema.Types.Mixed, default: null },
    answer: { type: Schema.Types.Mixed, default: null },
    cancelledAt: { type: Date, default: null },
    proposals: { type: [Schema.Types.Mixed], default: [] } as never,
  },
  { versionKey: false, minimize: false },
);
schema.index({ caseId: 1, askedAt: 1 });
keepSecret(schema, 'material-request', [
  'reason',
  'items.*.detail',
  'answer.comment',
  'proposals.*.answer.comment',
]);
export const MaterialRequestModel = model<MaterialRequestRecord>('MaterialRequest', schema);
