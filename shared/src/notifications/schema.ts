import { z } from 'zod';
import { eventName } from '../events/catalog.js';
import { instant, objectId, pageOf } from '../http/page.js';

/** One line of a person's inbox: worded by the page from the event; holds no patient data. */
export const notification = z.object({
  id: objectId,
  at: instant,
  event: eventName,
  caseId: objectId,
  caseNumber: z.string(),
  reviewId: objectId.nullable(),
  networkId: z.string().nullable(),
  readAt: instant.nullable(),
});
export type Notification = z.infer<typeof notification>;
export const notificationPage = pageOf(notification).extend({ unread: z.number().int() });
