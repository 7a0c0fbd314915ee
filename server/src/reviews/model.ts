import type { AdmissionLack } from '@relecture/shared/assignments/admission.js';
import type { CalendarId } from '@relecture/shared/assignments/calendars.js';
import type { Intent, Urgency } from '@relecture/shared/cases/schema.js';
import { type ReviewStatus, reviewStatus } from '@relecture/shared/events/status.js';
import type { Concordance } from '@relecture/shared/reports/schema.js';
import type { LadderStep } from '@relecture/shared/reviews/reading-ladder.js';
import type { Forecast, ParcelState } from '@relecture/shared/reviews/schema.js';
import type { Person } from '@relecture/shared/users/schema.js';
import { model, Schema, type Types } from 'mongoose';
import { addOutboxIndex, registerTravelling, type Travelling, travelFields } from '../events/index.js';
import { keepSecret } from '../platform/secret-text.js';

export interface StoredAssignment {
  reviewer: Person;
  reviewerId: Types.ObjectId;
  assignedAt: Date;
  acceptedAt: Date | null;
  by: 'engine' | 'coordinator' | 'self';
  round: number;
}

/** What a signature concluded, for figures; the last three are absent on readings signed before they were kept. */
export interface Outcome {
  agreement: string | null;
  kind: string;
  types?: Concordance['types'];
  impact?: Concordance['therapeuticImpact'];
  /** The reader's own diagnosis; null when there is no tumour, or none that can be named. */
  morphology?: string | null;
}

/** One reading of one case by one network, at one level. */
export interface ReviewRecord extends Travelling {
  status: ReviewStatus;
  caseId: Types.ObjectId;
  caseNumber: string;
  networkId: string;
  level: 2 | 3;
  intent: Intent;
  urgency: Urgency;
  /** The sender's organisation: its people never read this review. */
  organisationId: Types.ObjectId;
  organisationName: string;
  region: string;
  /** Facts for lists, taken when the review was opened and refreshed by events; no patient identity. */
  summary: {
    primarySite: string | null;
    morphology: string | null;
    diagnosisText: string | null;
    question: string;
    slideCount: number;
    stains: string[];
    slideIds: Types.ObjectId[];
    parcel: ParcelState | null;
  };
  /** What the case lacks before it is admitted, as last looked at. */
  lacks: AdmissionLack[];
  assignment: StoredAssignment | null;
  /** The expert centre that a coordinator gave it to; absent on readings of before this was kept. */
  centre?: { organisationId: Types.ObjectId; name: string; at: Date } | null;
  /** People who declined or were relieved: the next round does not ask them again. */
  declinedBy: Types.ObjectId[];
  /** Null while it is not known, or stands still. */
  dueAt: Date | null;
  /** When it was due before its reader's time stood still, and since when it does. */
  pausedDue: { dueAt: Date; since: Date } | null;
  /** Public holidays that its reader keeps (date-holidays' states of France); absent before it was given. */
  calendar?: CalendarId;
  /** When to look at the due date next; null: not looked at since it was given. */
  warnAt: Date | null;
  /** Whether it will probably be late, as last looked at. */
  forecast: Forecast | null;
  /** Not opened by then, it goes to somebody else; null when nobody has it, or somebody said what to do. */
  openBy: Date | null;
  openedAt: Date | null;
  signedAt: Date | null;
  reportId: Types.ObjectId | null;
  /** Where its signature led: closed, or a third reading; and whether the collegial session discusses it. */
  ladder: LadderStep | null;
  /** When the collegial session discussed it, as said by whom; absent before this was kept. */
  discussed?: { on: string; by: Person } | null;
  /** Slides this review's reader has opened. */
  readSlideIds: Types.ObjectId[];
  openMaterialRequestId: Types.ObjectId | null;
  /** Status to resume when the material has come. */
  heldFrom: ReviewStatus | null;
  /** When the patient's clock started: the case's submission, whatever reassignments follow. */
  submittedAt: Date;
  /** Set at signature, for figures: concordance agreement and its kind. */
  outcome: Outcome | null;
  /** While a signature is being made: nobody else signs, and no stroke slips between the seal and the gate. */
  sealing: { token: string; until: Date } | null;
}

const anyObject = { type: Schema.Types.Mixed, required: true };
const schema = new Schema<ReviewRecord>(
  {
    ...travelFields(reviewStatus.options),
    caseId: { type: Schema.Types.ObjectId, required: true },
    caseNumber: { type: String, required: true },
    networkId: { type: String, required: true },
    level: { type: Number, enum: [2, 3], required: true },
    intent: { type: String, required: true },
    urgency: { type: String, required: true },
    organisationId: { type: Schema.Types.ObjectId, required: true },
    organisationName: { type: String, required: true },
    region: { type: String, required: true },
    summary: anyObject,
    lacks: { type: [Schema.Types.Mixed], default: [] } as never,
    assignment: { type: Schema.Types.Mixed, default: null },
    centre: { type: Schema.Types.Mixed, default: null },
    declinedBy: { type: [Schema.Types.ObjectId], default: [] },
    dueAt: { type: Date, default: null },
    pausedDue: { type: Schema.Types.Mixed, default: null },
    calendar: { type: String, default: undefined },
    warnAt: { type: Date, default: null },
    forecast: { type: Schema.Types.Mixed, default: null },
    openBy: { type: Date, default: null },
    openedAt: { type: Date, default: null },
    signedAt: { type: Date, default: null },
    reportId: { type: Schema.Types.ObjectId, default: null },
    ladder: { type: Schema.Types.Mixed, default: null },
    discussed: { type: Schema.Types.Mixed, default: null },
    readSlideIds: { type: [Schema.Types.ObjectId], default: [] },
    openMaterialRequestId: { type: Schema.Types.ObjectId, default: null },
    heldFrom: { type: String, default: null },
    submittedAt: { type: Date, required: true },
    outcome: { type: Schema.Types.Mixed, default: null },
    sealing: { type: Schema.Types.Mixed, default: null },
  },
  { versionKey: false, minimize: false },
);
// Opening a review twice for the same desk is the same review: the routing handler may run again after a crash.
schema.index({ caseId: 1, networkId: 1, level: 1 }, { unique: true });
schema.index({ caseId: 1, createdAt: 1, _id: 1 });
schema.index({ 'assignment.reviewerId': 1, status: 1, dueAt: 1, _id: 1 });
schema.index({ 'assignment.reviewerId': 1, status: 1, submittedAt: 1, _id: 1 });
schema.index({ networkId: 1, status: 1, dueAt: 1, _id: 1 });
schema.index({ networkId: 1, status: 1, submittedAt: 1, _id: 1 });
// A national coordinator's board is not bound to a network.
schema.index({ status: 1, dueAt: 1, _id: 1 });
schema.index({ status: 1, submittedAt: 1, _id: 1 });
schema.index({ networkId: 1, signedAt: 1, _id: 1 });
schema.index({ networkId: 1, createdAt: 1, _id: 1 });
schema.index({ signedAt: 1, _id: 1 });
schema.index({ createdAt: 1, _id: 1 });
schema.index({ organisationId: 1, networkId: 1, signedAt: -1 });
schema.index({ 'ladder.session': 1, networkId: 1, dueAt: 1, _id: 1 }, { sparse: true });
schema.index(
  { networkId: 1, dueAt: 1, _id: 1 },
  { name: 'probably_late', partialFilterExpression: { 'forecast.late': true } },
);
schema.index(
  { dueAt: 1, _id: 1 },
  { name: 'all_probably_late', partialFilterExpression: { 'forecast.late': true } },
);
schema.index({ status: 1, warnAt: 1 });
schema.index({ status: 1, openBy: 1 });
addOutboxIndex(schema);
keepSecret(schema, 'review', [
  'timeline.*.params.reason',
  'summary.diagnosisText',
  'summary.question',
  'summary.stains.*',
]);

export const ReviewModel = model<ReviewRecord>('Review', schema);
registerTravelling('review', ReviewModel);
