import type { Agenda, Job } from 'agenda';
import { createTransport } from 'nodemailer';
import type { Config } from '../config/index.js';
import type { Logger } from '../platform/log.js';
import { getUser } from '../users/index.js';

interface MailJob {
  userId: string;
  caseNumber: string;
}

/** What is safe to send through the open: a case number and where to look. Never what it is about, never a name. */
const words = {
  fr: {
    subject: (number: string) => `Relecture : du nouveau sur le dossier ${number}`,
    text: (number: string, address: string) =>
      `Bonjour,\n\nLe dossier ${number} a avancé ou vous attend.\nConnectez-vous pour le voir : ${address}\n\nCe message ne contient aucune donnée de santé. Merci de ne pas y répondre.\n`,
  },
  en: {
    subject: (number: string) => `Relecture: news on case ${number}`,
    text: (number: string, address: string) =>
      `Hello,\n\nCase ${number} has moved on, or waits for you.\nSign in to see it: ${address}\n\nThis message holds no health data. Please do not reply.\n`,
  },
};

/** E-mail goes through jobs: a mail server that is down delays a mail, never a reading. */
export function createMailer(
  config: Pick<Config, 'smtpUrl' | 'mailFrom' | 'publicUrl'>,
  jobs: Agenda,
  log: Logger,
) {
  if (!config.smtpUrl) return null;
  const transport = createTransport(config.smtpUrl);
  jobs.define('send-mail', async (job: Job<MailJob>) => {
    const { userId, caseNumber } = job.attrs.data;
    const user = await getUser(userId);
    if (!user?.active) return;
    const { subject, text } = words[user.language];
    try {
      await transport.sendMail({
        from: config.mailFrom,
        to: user.email,
        subject: subject(caseNumber),
        text: text(caseNumber, config.publicUrl ?? ''),
      });
    } catch (error) {
      log.warn({ job: 'send-mail', error: (error as Error).name }, 'mail not sent, will be tried again');
      const failures = (job.attrs.failCount ?? 0) + 1;
      if (failures <= 8) job.schedule(new Date(Date.now() + 60_000 * 2 ** failures));
      throw error;
    }
  });
  return {
    /** Answers when the job is in the store. */
    async send(userId: string, caseNumber: string) {
      await jobs.now('send-mail', { userId, caseNumber });
    },
  };
}
