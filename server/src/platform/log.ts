import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/**
 * Structured logs. What may identify a patient is never handed to the logger; the redaction below is the second
 * fence, for a body or a document that a later change would log whole.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    redact: {
      paths: [
        'patient',
        '*.patient',
        'content',
        '*.content',
        'body',
        '*.body',
        'password',
        '*.password',
        'req.headers.authorization',
        'req.headers.cookie',
        'accessToken',
      ],
      censor: '[removed]',
    },
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return destination ? pino(options, destination) : pino(options);
}
