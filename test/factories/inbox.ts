import { recoverOutbox } from '@relecture/server/events/index.js';
import type { Notification } from '@relecture/shared/notifications/schema.js';
import mongoose from 'mongoose';
import type { Client } from '../support/app.js';

/** What the bell of one person says of one case. */
async function inboxOf(client: Client, caseId: string): Promise<Notification[]> {
  const { body } = await client.get<{ items: Notification[] }>('/api/notifications?limit=100');
  return body.items.filter((item) => item.caseId === caseId);
}

export const told = async (client: Client, event: Notification['event'], caseId: string) =>
  (await inboxOf(client, caseId)).filter((item) => item.event === event);

/** As after a crash in which every listener had acted and none of it was marked: each entry is handed on once more. */
export async function handOnAgain(collection: 'cases' | 'reviews' | 'slides', id: string): Promise<void> {
  const records = mongoose.connection.collection(collection);
  const _id = new mongoose.Types.ObjectId(id);
  const record = await records.findOne({ _id });
  if (!record) throw new Error(`no ${id} in ${collection}`);
  const timeline = (record.timeline as object[]).map((entry) => ({ ...entry, published: false }));
  await records.updateOne({ _id }, { $set: { timeline, outboxPending: timeline.length } });
  await recoverOutbox();
}
