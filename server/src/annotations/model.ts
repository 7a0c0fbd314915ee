import type { Annotation, Shape } from '@relecture/shared/annotations/schema.js';
import type { Person } from '@relecture/shared/users/schema.js';
import { model, Schema, type Types } from 'mongoose';
import { keepSecret } from '../platform/secret-text.js';

export interface AnnotationContent {
  shape: Shape;
  category: Annotation['category'];
  label: string;
  note: string;
  deleted: boolean;
}

/** The current state of one shape: what the newest entry of its history says. */
export interface AnnotationRecord extends AnnotationContent {
  /** Made by the page. */
  _id: string;
  slideId: Types.ObjectId;
  reviewId: Types.ObjectId;
  caseId: Types.ObjectId;
  version: number;
  author: Person;
  createdAt: Date;
  updatedAt: Date;
}

/** One version of one shape; its words are never changed, and it is never removed. */
export interface AnnotationVersion extends AnnotationContent {
  /** `annotationId:version`: two writers of the same version meet here, and one of them is told. */
  _id: string;
  annotationId: string;
  slideId: Types.ObjectId;
  reviewId: Types.ObjectId;
  caseId: Types.ObjectId;
  version: number;
  by: Person;
  at: Date;
  action: 'created' | 'changed' | 'deleted' | 'restored';
  /** Not yet repeated in the current state; gone a moment later, unless the server was killed in between. */
  pending?: boolean;
}

const mixed = { type: Schema.Types.Mixed, required: true };
const content = {
  slideId: { type: Schema.Types.ObjectId, required: true },
  reviewId: { type: Schema.Types.ObjectId, required: true },
  caseId: { type: Schema.Types.ObjectId, required: true },
  version: { type: Number, required: true },
  shape: mixed,
  category: { type: String, required: true },
  label: { type: String, default: '' },
  note: { type: String, default: '' },
  deleted: { type: Boolean, default: false },
};

const schema = new Schema<AnnotationRecord>(
  {
    _id: { type: String, required: true },
    ...content,
    author: mixed,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  } as never,
  { versionKey: false, minimize: false },
);
schema.index({ slideId: 1, reviewId: 1, createdAt: 1, _id: 1 });
schema.index({ reviewId: 1, _id: 1 });
keepSecret(schema, 'annotation', ['label', 'note']);
export const AnnotationModel = model<AnnotationRecord>('Annotation', schema);

const versionSchema = new Schema<AnnotationVersion>(
  {
    _id: { type: String, required: true },
    annotationId: { type: String, required: true },
    ...content,
    by: mixed,
    at: { type: Date, required: true },
    action: { type: String, enum: ['created', 'changed', 'deleted', 'restored'], required: true },
    pending: { type: Boolean },
  } as never,
  { versionKey: false, minimize: false, collection: 'annotationversions' },
);
versionSchema.index({ annotationId: 1, version: 1 });
versionSchema.index({ reviewId: 1, pending: 1 }, { partialFilterExpression: { pending: true } });
keepSecret(versionSchema, 'annotation-version', ['label', 'note']);
export const AnnotationVersionModel = model<AnnotationVersion>('AnnotationVersion', versionSchema);
