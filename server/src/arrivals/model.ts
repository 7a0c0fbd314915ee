import type { ArrivalSource, ArrivalState } from '@relecture/shared/arrivals/schema.js';
import { arrivalSource, arrivalState } from '@relecture/shared/arrivals/schema.js';
import type { SlideRefusalFacts } from '@relecture/shared/slides/refusals.js';
import { model, Schema, type Types } from 'mongoose';
import type { Lease } from '../platform/lease.js';
import { keepSecret } from '../platform/secret-text.js';

/** A slide on its way into a case without a browser. Until then its bytes lie in UPLOADS_DIR/arrivals/<storageKey>. */
export interface ArrivalRecord {
  _id: Types.ObjectId;
  organisationId: Types.ObjectId;
  source: ArrivalSource;
  state: ArrivalState;
  /** Keyed hash of where it comes from: the same file is never taken twice, a series under way is one arrival. */
  origin?: string | undefined;
  /** Secret: file names carry patients' names. */
  name: string;
  /** Secret: the file in its folder, or the study and the series on the other server. */
  place: string;
  /** Secret: what else may hold the exam number (barcode, accession number). */
  clues: string;
  stain: string;
  block: string;
  storageKey: string;
  files: number;
  /** How many of them are here. */
  filesHere: number;
  bytes: number;
  received: number;
  sha256: string | null;
  duplicate: boolean;
  proposed: Types.ObjectId[];
  caseId: Types.ObjectId | null;
  /** Who attached it; null: the rule did. */
  attachedBy: Types.ObjectId | null;
  slideId: Types.ObjectId | null;
  refusal: SlideRefusalFacts | null;
  lease: Lease | null;
  createdAt: Date;
  /** When its last byte came. */
  updatedAt: Date;
}

const id = { type: Schema.Types.ObjectId, default: null } as never;
const text = { type: String, default: '' };
const count = { type: Number, default: 0 };
const schema = new Schema<ArrivalRecord>(
  {
    organisationId: { type: Schema.Types.ObjectId, required: true },
    source: { type: String, enum: arrivalSource.options, required: true },
    state: { type: String, enum: arrivalState.options, required: true },
    origin: { type: String },
    name: text,
    place: text,
    clues: text,
    stain: text,
    block: text,
    storageKey: { type: String, required: true, unique: true },
    files: count,
    filesHere: count,
    bytes: count,
    received: count,
    sha256: { type: String, default: null },
    duplicate: { type: Boolean, default: false },
    proposed: { type: [Schema.Types.ObjectId], default: [] } as never,
    caseId: id,
    attachedBy: id,
    slideId: id,
    refusal: { type: Schema.Types.Mixed, default: null } as never,
    lease: { type: Schema.Types.Mixed, default: null } as never,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
schema.index({ origin: 1 }, { unique: true, partialFilterExpression: { origin: { $exists: true } } });
schema.index({ organisationId: 1, state: 1, _id: -1 });
schema.index({ organisationId: 1, sha256: 1 });
schema.index({ state: 1, updatedAt: 1 });
keepSecret(schema, 'arrival', ['name', 'place', 'clues', 'stain', 'block']);
export const ArrivalModel = model<ArrivalRecord>('Arrival', schema);

/** Where the slides of one organisation come from. */
export interface SourceRecord {
  /** The organisation. */
  _id: Types.ObjectId;
  folder: { active: boolean; path: string; pattern: string; removeTaken: boolean };
  pacs: { active: boolean; url: string; user: string; password: string };
}

const sourceSchema = new Schema<SourceRecord>(
  {
    folder: {
      active: { type: Boolean, default: false },
      path: text,
      pattern: text,
      removeTaken: { type: Boolean, default: false },
    },
    pacs: { active: { type: Boolean, default: false }, url: text, user: text, password: text },
  },
  { versionKey: false },
);
sourceSchema.index({ 'folder.active': 1 });
keepSecret(sourceSchema, 'arrival-source', ['pacs.user', 'pacs.password']);
export const SourceModel = model<SourceRecord>('ArrivalSource', sourceSchema);

/** What a machine of an organisation shows to send slides; only its hash is kept. */
export interface TokenRecord {
  _id: Types.ObjectId;
  organisationId: Types.ObjectId;
  label: string;
  start: string;
  hash: string;
  createdBy: Types.ObjectId;
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const tokenSchema = new Schema<TokenRecord>(
  {
    organisationId: { type: Schema.Types.ObjectId, required: true },
    label: { type: String, required: true },
    start: { type: String, required: true },
    hash: { type: String, required: true, unique: true },
    createdBy: { type: Schema.Types.ObjectId, required: true },
    createdAt: { type: Date, required: true },
    lastUsedAt: { type: Date, default: null },
    revokedAt: { type: Date, default: null },
  },
  { versionKey: false, collection: 'dicomtokens' },
);
tokenSchema.index({ organisationId: 1, createdAt: 1 });
export const TokenModel = model<TokenRecord>('DicomToken', tokenSchema);
