import type { Agenda } from 'agenda';
import type { Config } from '../config/index.js';
import { listen, onSignal } from '../events/index.js';
import type { Logger } from '../platform/log.js';
import { createMailer } from './mail.js';
import { TOLD_EVENTS } from './recipients.js';
import { tellEvent, tellMessage } from './service.js';

export function listenToNotificationEvents({
  config,
  jobs,
  log,
}: {
  config: Config;
  jobs: Agenda;
  log: Logger;
}): void {
  const mailer = createMailer(config, jobs, log);
  listen('notifications.tell', TOLD_EVENTS, async (event) => {
    const { told, caseNumber } = await tellEvent(event);
    await mailer.send(told, caseNumber);
  });
  onSignal((message) => {
    if (message.kind !== 'message' || !message.caseId || !message.by) return;
    tellMessage(message.id, message.caseId, message.by).catch((error: Error) => {
      log.error({ error: error.name, messageId: message.id }, 'message was not announced');
    });
  });
}
