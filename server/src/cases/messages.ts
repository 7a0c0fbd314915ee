import type { CaseMessage } from '@relecture/shared/cases/schema.js';
import type { Types } from 'mongoose';
import { onlyEntry, publishRecord } from '../events/index.js';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import { asPerson, type Principal } from '../platform/principal.js';
import { MessageModel } from './model.js';
import { mayPostMessage } from './policy.js';
import { seeCaseFor } from './service.js';

/** Oldest first. A case holds tens of messages; the newest 500 are kept in view. */
export async function listMessages(caseId: string, principal: Principal): Promise<CaseMessage[]> {
  const record = await seeCaseFor(caseId, principal, mayPostMessage);
  await recordAccess({
    actorId: principal.id,
    action: 'message.read',
    recordKind: 'case',
    recordId: caseId,
  });
  const newest = await MessageModel.find({ caseId: record._id }).sort({ at: -1 }).limit(500).lean();
  return newest.reverse().map((message) => ({
    id: String(message._id),
    at: message.at.toISOString(),
    by: message.by,
    text: message.text,
  }));
}

export async function postMessage(caseId: string, text: string, principal: Principal): Promise<CaseMessage> {
  const record = await seeCaseFor(caseId, principal, mayPostMessage);
  const at = now();
  const message = await MessageModel.create({
    ...onlyEntry('message.posted', at, principal, { caseId }),
    caseId: record._id,
    at,
    by: asPerson(principal),
    text,
  });
  await recordAccess({
    actorId: principal.id,
    action: 'message.posted',
    recordKind: 'case',
    recordId: caseId,
  });
  await publishRecord('message', String(message._id));
  return { id: String(message._id), at: at.toISOString(), by: asPerson(principal), text };
}

export const countMessages = (caseId: Types.ObjectId): Promise<number> =>
  MessageModel.countDocuments({ caseId }).exec();
