import type { Agenda } from 'agenda';
import type { Config } from '../config/index.js';
import { listen } from '../events/index.js';
import type { Logger } from '../platform/log.js';
import { createMailer } from './mail.js';
import { TOLD_EVENTS } from './recipients.js';
import { mailEvent, tellEvent } from './service.js';

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
  listen('notifications.tell', TOLD_EVENTS, tellEvent);
  if (mailer) listen('notifications.mail', TOLD_EVENTS, (event) => mailEvent(event, mailer.send));
}
