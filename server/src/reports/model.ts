import type { Report, ReportContent } from '@relecture/shared/reports/schema.js';
import type { Person } from '@relecture/shared/users/schema.js';
import { model, Schema, type Types } from 'mongoose';
import { keepSecret } from '../platform/secret-text.js';

/** What a reviewer is writing; one a review, replaced at each save under the version last read. */
export interface ReportDraftRecord {
  /** The review's id. */
  _id: Types.ObjectId;
  version: number;
  content: ReportContent;
  updatedAt: Date;
}

/** A signed report. Written once; only `bound` and `readBySenderAt` are set later. */
export interface ReportRecord {
  _id: Types.ObjectId;
  reviewId: Types.ObjectId;
  caseId: Types.ObjectId;
  caseNumber: string;
  networkId: string;
  kind: Report['kind'];
  number: number;
  content: ReportContent;
  amendment: string;
  signedAt: Date;
  signedBy: Person;
  signerRpps: string | null;
  seal: Report['seal'];
  verificationCode: string;
  pdf: { storedAs: string; sha256: string; bytes: number };
  /**
   * True once the review's own timeline names it: the gate is what signs. A document that a crash left unbound is not
   * a report, and the next signature takes its place.
   */
  bound: boolean;
  readBySenderAt: Date | null;
}

const TEXTS = [
  'content.microscopy',
  'content.ancillary',
  'content.conclusion',
  'content.concordance.comment',
  'content.recommendation',
];

const mixed = { type: Schema.Types.Mixed, required: true };
const draftSchema = new Schema<ReportDraftRecord>(
  {
    version: { type: Number, required: true },
    content: mixed,
    updatedAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
keepSecret(draftSchema, 'report-draft', TEXTS);
export const ReportDraftModel = model<ReportDraftRecord>('ReportDraft', draftSchema);

const schema = new Schema<ReportRecord>(
  {
    reviewId: { type: Schema.Types.ObjectId, required: true },
    caseId: { type: Schema.Types.ObjectId, required: true },
    caseNumber: { type: String, required: true },
    networkId: { type: String, required: true },
    kind: { type: String, enum: ['preliminary', 'final', 'addendum', 'correction'], required: true },
    number: { type: Number, required: true },
    content: mixed,
    amendment: { type: String, default: '' },
    signedAt: { type: Date, required: true },
    signedBy: mixed,
    signerRpps: { type: String, default: null },
    seal: mixed,
    verificationCode: { type: String, required: true },
    pdf: mixed,
    bound: { type: Boolean, required: true },
    readBySenderAt: { type: Date, default: null },
  },
  { versionKey: false, minimize: false },
);
schema.index({ reviewId: 1, number: 1 }, { unique: true });
schema.index({ caseId: 1, signedAt: 1 });
keepSecret(schema, 'report', [...TEXTS, 'amendment']);
export const ReportModel = model<ReportRecord>('Report', schema);
