import { outboxState } from '@relecture/shared/events/outbox.js';
import { recordAccess } from '../platform/access-log.js';
import { type Api, only } from '../platform/endpoint.js';
import { outboxFigures, retrySetAside } from './set-aside.js';

const tag = 'Administration';

export function registerOutboxRoutes(api: Api): void {
  api.get(
    '/api/admin/outbox',
    {
      summary: 'Events that still wait for a listener, or were set aside',
      tag,
      access: only('admin'),
      answer: outboxState,
    },
    () => outboxFigures(),
  );
  api.post(
    '/api/admin/outbox/retry',
    {
      summary: 'Hand on once more what was set aside',
      tag,
      access: only('admin'),
      answer: outboxState,
    },
    async ({ principal }) => {
      await recordAccess({
        actorId: principal.id,
        action: 'outbox.retried',
        recordKind: 'outbox',
        recordId: 'outbox',
      });
      await retrySetAside();
      return await outboxFigures();
    },
  );
}
