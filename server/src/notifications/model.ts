import type { Notification } from '@relecture/shared/notifications/schema.js';
import { model, Schema, type Types } from 'mongoose';

export interface NotificationRecord {
  _id: Types.ObjectId;
  userId: Types.ObjectId;
  /** The timeline entry, or the message, that it tells: nobody is told twice. */
  sourceId: string;
  at: Date;
  event: Notification['event'];
  caseId: Types.ObjectId;
  caseNumber: string;
  reviewId: Types.ObjectId | null;
  networkId: string | null;
  readAt: Date | null;
  /** When its mail went into the queue; null without mail, or until then. */
  mailQueuedAt: Date | null;
}

const schema = new Schema<NotificationRecord>(
  {
    userId: { type: Schema.Types.ObjectId, required: true },
    sourceId: { type: String, required: true },
    at: { type: Date, required: true },
    event: { type: String, required: true },
    caseId: { type: Schema.Types.ObjectId, required: true },
    caseNumber: { type: String, required: true },
    reviewId: { type: Schema.Types.ObjectId, default: null },
    networkId: { type: String, default: null },
    readAt: { type: Date, default: null },
    mailQueuedAt: { type: Date, default: null },
  },
  { versionKey: false },
);
schema.index({ userId: 1, sourceId: 1 }, { unique: true });
schema.index({ sourceId: 1 });
schema.index({ userId: 1, at: -1, _id: -1 });
schema.index({ userId: 1, readAt: 1 });
export const NotificationModel = model<NotificationRecord>('Notification', schema);
