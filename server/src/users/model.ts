import type {
  Leave,
  NetworkMembership,
  PostalAddress,
  Role,
  SlideRules,
} from '@relecture/shared/users/schema.js';
import { model, Schema, type Types } from 'mongoose';

export interface OrganisationRecord {
  _id: Types.ObjectId;
  name: string;
  city: string;
  region: string;
  kind: 'chu' | 'clcc' | 'ch' | 'private';
  address: PostalAddress | null;
  slideRules: SlideRules;
}

/** For a house that has decided nothing: nothing is destroyed. */
const DEFAULT_SLIDE_RULES: SlideRules = { labels: 'keep', quotaBytes: null, retentionMonths: null };

/** A house of before these rules were kept has no such field. */
export const slideRulesOf = ({
  slideRules,
}: Partial<Pick<OrganisationRecord, 'slideRules'>>): SlideRules => ({
  ...DEFAULT_SLIDE_RULES,
  ...slideRules,
});

const organisationSchema = new Schema<OrganisationRecord>(
  {
    name: { type: String, required: true, unique: true },
    city: { type: String, required: true },
    region: { type: String, required: true },
    kind: { type: String, enum: ['chu', 'clcc', 'ch', 'private'], required: true },
    address: {
      type: new Schema(
        { service: String, street: String, postcode: String, town: String, phone: String },
        { _id: false },
      ),
      default: null,
    },
    slideRules: {
      type: new Schema(
        {
          labels: { type: String, enum: ['keep', 'destroy_after_sign_out'] },
          quotaBytes: { type: Number, default: null },
          retentionMonths: { type: Number, default: null },
        },
        { _id: false },
      ),
      default: () => ({ ...DEFAULT_SLIDE_RULES }),
    },
  },
  { versionKey: false },
);
export const OrganisationModel = model<OrganisationRecord>('Organisation', organisationSchema);

export interface UserRecord {
  _id: Types.ObjectId;
  /** Lower case; what people sign in with. */
  email: string;
  passwordHash: string;
  /** Known to the administrator who gave it. */
  passwordTemporary: boolean;
  firstName: string;
  lastName: string;
  title: string;
  rpps: string | null;
  roles: Role[];
  organisationId: Types.ObjectId;
  networks: NetworkMembership[];
  national: boolean;
  language: 'fr' | 'en';
  active: boolean;
  demo: boolean;
  /** Open reviews a reviewer accepts at a time. */
  capacity: number;
  leaves: Leave[];
  /** Organisations with which a conflict of interest was declared. */
  conflicts: string[];
  createdAt: Date;
}

const userSchema = new Schema<UserRecord>(
  {
    email: { type: String, required: true, unique: true },
    passwordHash: { type: String, required: true },
    passwordTemporary: { type: Boolean, default: false },
    firstName: { type: String, required: true },
    lastName: { type: String, required: true },
    title: { type: String, default: '' },
    rpps: { type: String, default: null },
    roles: { type: [String], required: true },
    organisationId: { type: Schema.Types.ObjectId, required: true },
    networks: {
      type: [
        new Schema(
          {
            networkId: String,
            as: { type: String, enum: ['reviewer', 'coordinator'] },
            competences: [String],
            ages: { type: String, enum: ['all', 'adult', 'child'], default: 'all' },
            third: { type: Boolean, default: false },
          },
          { _id: false },
        ),
      ],
      default: [],
    },
    national: { type: Boolean, default: false },
    language: { type: String, enum: ['fr', 'en'], default: 'fr' },
    active: { type: Boolean, default: true },
    demo: { type: Boolean, default: false },
    capacity: { type: Number, default: 12 },
    leaves: { type: [new Schema({ from: String, to: String }, { _id: false })], default: [] },
    conflicts: { type: [String], default: [] },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
userSchema.index({ 'networks.networkId': 1, active: 1 });
userSchema.index({ organisationId: 1, active: 1 });
userSchema.index({ national: 1, active: 1 });
userSchema.index({ roles: 1, active: 1 });
export const UserModel = model<UserRecord>('User', userSchema);

/** One signed-in browser: a family of refresh tokens, of which only the newest is good. */
export interface SessionRecord {
  _id: Types.ObjectId;
  userId: Types.ObjectId;
  /** SHA-256 of the newest refresh token. */
  currentHash: string;
  /** The one before, still accepted for a few seconds: two tabs may refresh at once. */
  previousHash: string | null;
  rotatedAt: Date;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
}

const sessionSchema = new Schema<SessionRecord>(
  {
    userId: { type: Schema.Types.ObjectId, required: true, index: true },
    currentHash: { type: String, required: true },
    previousHash: { type: String, default: null },
    rotatedAt: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true, expires: 0 },
    revokedAt: { type: Date, default: null },
  },
  { versionKey: false },
);
export const SessionModel = model<SessionRecord>('Session', sessionSchema);
