import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agenda } from 'agenda';
import type { Config } from '../config/index.js';
import { createFieldCipher, type FieldCipher } from '../platform/field-cipher.js';
import type { Logger } from '../platform/log.js';

export interface ArrivalNeeds {
  readonly config: Pick<
    Config,
    'uploadsDir' | 'identityKeys' | 'identityHashKey' | 'watchRoot' | 'arrivalQuietSeconds'
  >;
  readonly jobs: Agenda;
  readonly log: Logger;
}

/** What the rooms of this step work with. */
export interface ArrivalDesk {
  /** UPLOADS_DIR/arrivals: one folder for each arrival, under its random name. */
  readonly folder: string;
  /** Where organisations' folders may lie; null: nowhere. */
  readonly watchRoot: string | null;
  /** A file or a series that has not changed for so long is whole. */
  readonly quietMs: number;
  readonly cipher: FieldCipher;
  readonly jobs: Agenda;
  readonly log: Logger;
}

let current: ArrivalDesk | null = null;

export async function openArrivalDesk({ config, jobs, log }: ArrivalNeeds): Promise<void> {
  const folder = join(config.uploadsDir, 'arrivals');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  current = {
    folder,
    watchRoot: config.watchRoot,
    quietMs: config.arrivalQuietSeconds * 1000,
    cipher: createFieldCipher(config),
    jobs,
    log,
  };
}

export function arrivalDesk(): ArrivalDesk {
  if (!current) throw new Error('createArrivals has not been called');
  return current;
}

/** Keyed: a file's name is a patient's, and names can be guessed. In hex, so that no two names are taken for one. */
export const originOf = (...parts: string[]): string =>
  arrivalDesk().cipher.fingerprint(Buffer.from(parts.join('\0')).toString('hex'), 'arrival');
