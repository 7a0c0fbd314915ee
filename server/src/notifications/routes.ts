import { pageQuery } from '@relecture/shared/http/page.js';
import { notificationPage } from '@relecture/shared/notifications/schema.js';
import { z } from 'zod';
import { type Api, signedIn } from '../platform/endpoint.js';
import { listNotifications, markAllRead, markRead } from './service.js';

const tag = 'Notifications';

export function registerNotificationRoutes(api: Api): void {
  api.get(
    '/api/notifications',
    { summary: 'My inbox, newest first', tag, access: signedIn, query: pageQuery, answer: notificationPage },
    ({ query, principal }) => listNotifications(principal, query.after, query.limit),
  );
  api.post(
    '/api/notifications/read-all',
    { summary: 'Mark all as read', tag, access: signedIn },
    async ({ principal }) => {
      await markAllRead(principal);
    },
  );
  api.post(
    '/api/notifications/:notificationId/read',
    {
      summary: 'Mark one as read',
      tag,
      access: signedIn,
      params: z.object({ notificationId: z.string().regex(/^[0-9a-f]{24}$/) }),
    },
    async ({ params, principal }) => {
      await markRead(params.notificationId, principal);
    },
  );
}
