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
  // One listener, not two: were the lines to fail and come later, a mail listener would long have found none to send.
  listen('notifications.tell', TOLD_EVENTS, async (event) => {
    await tellEvent(event);
    if (mailer) await mailEvent(event, mailer.send);
  });
}
