import { type SlideStatus, slideStatus } from '@relecture/shared/events/status.js';
import type { LabelResult } from '@relecture/shared/slides/checks.js';
import type { IntegrityState } from '@relecture/shared/slides/integrity.js';
import type { SlideRefusalFacts } from '@relecture/shared/slides/refusals.js';
import type { IngestStep } from '@relecture/shared/slides/schema.js';
import type { SlideWarning } from '@relecture/shared/slides/warnings.js';
import type { Person } from '@relecture/shared/users/schema.js';
import { model, Schema, type Types } from 'mongoose';
import { addOutboxIndex, registerTravelling, type Travelling, travelFields } from '../events/index.js';
import { keepSecret } from '../platform/secret-text.js';
import type { FocusFindings } from './formats/focus.js';
import type { TileSample } from './formats/quality.js';
import type { SlideFormat, SlideLevel, SlideMetadata } from './formats/slide.js';

/** Images of the glass itself, kept apart: they may show the patient's name. */
export type LabelName = 'label' | 'macro';

/** What the label of the glass says; encrypted in the store, since it may name the patient. */
export interface LabelFindings {
  /** Read by the machine from the photograph. */
  codes: string[];
  /** Typed by a person. */
  says: string;
  /** Compared by a person without typing it: agrees, or not. */
  byEye: boolean | null;
  by: Person | null;
  at: Date | null;
  result: LabelResult['result'];
}

export interface SlidePlace {
  readonly where: 'folder' | 's3';
  /** Name and size of the object; null in the folder, where names follow from the storage key. */
  readonly object: { readonly name: string; readonly bytes: number } | null;
  readonly form: 'plain' | 'sealed';
  /** Of the setting's key that sealed it. */
  readonly keyId: string | null;
  /** Of the readable bytes, unsealed. */
  readonly sha256: string;
  readonly bytes: number;
  /** How it lay before, while that file is still there. */
  readonly former: Pick<SlidePlace, 'where' | 'form' | 'object'> | null;
  readonly at: Date;
}

export interface SlideRecord extends Travelling {
  status: SlideStatus;
  caseId: Types.ObjectId;
  /** Whose case it is: whose rules and quota it follows. */
  organisationId: Types.ObjectId;
  /** Its bytes are in the organisation's count (usage.ts). */
  counted: boolean;
  /** Who sent it: alone may continue an interrupted upload. */
  createdBy: Types.ObjectId;
  /** Random name of its files; it is also the name of its resumable upload. Never the sender's file name. */
  storageKey: string;
  stain: string;
  block: string;
  /** Announced size while receiving, true size afterwards. */
  bytes: number;
  receivedBytes: number;
  /** Of the file as the sender had it, before anything was taken out: this is what a report seals. */
  sha256: string | null;
  format: SlideFormat | null;
  width: number | null;
  height: number | null;
  mpp: number | null;
  mppSource: SlideMetadata['mppSource'];
  /** Calibration typed by a person; wins over the file's, and is shown as such. */
  manualMpp: number | null;
  objective: number | null;
  /** Name of the colour profile the file had, where its colours are not sRGB; they are shown in sRGB. */
  colourProfile: string | null;
  levels: SlideLevel[];
  /** null until looked for; must be known before the slide is scrubbed, because afterwards they are gone from it. */
  associated: LabelName[] | null;
  /** The rule by which names were taken out. */
  scrubVersion: string | null;
  steps: Array<{ step: IngestStep; at: Date }>;
  refusal: SlideRefusalFacts | null;
  warnings: SlideWarning[];
  quality: TileSample | null;
  /** Readable already, but its focus and its label are still looked at: no reader is asked before. */
  checking: boolean;
  checkTries: number;
  focus: FocusFindings | null;
  label: LabelFindings | null;
  /** The case was a draft when it came; cleared when the case is sent. A deleted draft takes such slides with it. */
  draft: boolean;
  late: boolean;
  /** How often its preparation was begun: a file that brings the process down must not do so for ever. */
  attempts: number;
  /** When the photographs of its label were destroyed, by the rule of its organisation. */
  labelsDestroyedAt: Date | null;
  /** By which rule, and when, its bytes were given up; the record stays. */
  purge: { at: Date; months: number; organisation: string } | null;
  /** How its readable bytes lie now, and what they are; null until somebody looked (`place.ts`). */
  place: SlidePlace | null;
  /** When the stored bytes were last read and compared with that. */
  integrity: { state: IntegrityState; at: Date } | null;
  /** Which process prepares it now. */
  lease: { owner: string; until: Date } | null;
}

const anything = { type: Schema.Types.Mixed, default: null };
const number = { type: Number, default: null };
const schema = new Schema<SlideRecord>(
  {
    ...travelFields(slideStatus.options),
    caseId: { type: Schema.Types.ObjectId, required: true },
    organisationId: { type: Schema.Types.ObjectId, required: true },
    counted: { type: Boolean, default: true },
    createdBy: { type: Schema.Types.ObjectId, required: true },
    storageKey: { type: String, required: true, unique: true },
    stain: { type: String, default: '' },
    block: { type: String, default: '' },
    bytes: { type: Number, required: true },
    receivedBytes: { type: Number, required: true },
    sha256: { type: String, default: null },
    format: { type: String, default: null },
    width: number,
    height: number,
    mpp: number,
    mppSource: { type: String, default: 'unknown' },
    manualMpp: number,
    objective: number,
    colourProfile: { type: String, default: null },
    levels: { type: [Schema.Types.Mixed], default: [] } as never,
    associated: { type: Schema.Types.Mixed, default: null } as never,
    scrubVersion: { type: String, default: null },
    steps: { type: [Schema.Types.Mixed], default: [] } as never,
    refusal: anything as never,
    warnings: { type: [String], default: [] },
    quality: anything as never,
    checking: { type: Boolean, default: false },
    checkTries: { type: Number, default: 0 },
    focus: anything as never,
    label: anything as never,
    draft: { type: Boolean, required: true },
    late: { type: Boolean, required: true },
    attempts: { type: Number, default: 0 },
    labelsDestroyedAt: { type: Date, default: null },
    purge: anything as never,
    place: anything as never,
    integrity: anything as never,
    lease: anything as never,
  },
  { versionKey: false, minimize: false },
);
schema.index({ caseId: 1, createdAt: 1, _id: 1 });
schema.index({ caseId: 1, sha256: 1 });
schema.index({ organisationId: 1, counted: 1 });
/** What the retention rule of a house looks at. */
schema.index({ organisationId: 1, status: 1, caseId: 1 });
/** The same file in another case of the house. */
schema.index({ sha256: 1 });
/** Unfinished ones at a start, abandoned ones in a sweep. */
schema.index({ status: 1, createdAt: 1 });
/** Those that lie otherwise than the setting says; those whose bytes were not compared for longest. */
schema.index({ status: 1, 'place.where': 1, 'place.form': 1, 'place.keyId': 1 });
schema.index({ 'place.former.where': 1, 'place.at': 1 }, { sparse: true });
schema.index({ 'place.object.name': 1 }, { sparse: true });
schema.index({ status: 1, 'integrity.at': 1 });
schema.index({ status: 1, 'integrity.state': 1 });
schema.index({ draft: 1, createdAt: 1 }, { partialFilterExpression: { draft: true } });
addOutboxIndex(schema);
keepSecret(schema, 'slide', ['stain', 'block', 'label.codes.*', 'label.says']);

export const SlideModel = model<SlideRecord>('Slide', schema);
registerTravelling('slide', SlideModel);
