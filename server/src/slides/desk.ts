import type { Agenda } from 'agenda';
import type { Config } from '../config/index.js';
import { type Antivirus, createAntivirus } from '../platform/antivirus.js';
import type { Logger } from '../platform/log.js';
import { createSealedFiles, type SealedFiles } from '../platform/sealed-file.js';
import { createDecoders, type Decoders } from './decoding/decoders.js';
import { openSlide } from './formats/open-slide.js';
import type { ObjectStore } from './storage/object-store.js';
import { openSlideStorage, type SlideStorage } from './storage/slide-storage.js';
import { createSlidePool, type SlidePool } from './tiles/slide-pool.js';

export type SlideConfig = Pick<
  Config,
  | 'uploadsDir'
  | 'identityKeys'
  | 'clamd'
  | 'slideStore'
  | 's3'
  | 'slidesAtRest'
  | 'slideKeys'
  | 'integrityDays'
>;

export interface SlideSettings {
  readonly config: SlideConfig;
  readonly log: Logger;
  readonly jobs: Agenda;
  /** Disk space that stays free. */
  readonly reserveBytes?: number | undefined;
}

/** What the rooms of this step work with. */
export interface Desk {
  readonly storage: SlideStorage;
  readonly labels: SealedFiles;
  readonly where: Config['slideStore'];
  /** null: none is configured. */
  readonly objects: ObjectStore | null;
  readonly atRest: Config['slidesAtRest'];
  readonly slideKeys: Config['slideKeys'];
  readonly integrityDays: number;
  readonly pool: SlidePool;
  /** Whatever decodes what a sender made. */
  readonly decoders: Decoders;
  /** null: none is configured. */
  readonly antivirus: Antivirus | null;
  readonly log: Logger;
  readonly jobs: Agenda;
}

const RESERVE_BYTES = 64 * 1024 * 1024;
const OPEN_SLIDES = 256;

let current: Desk | null = null;

export async function openDesk(settings: SlideSettings): Promise<void> {
  const decoders = createDecoders();
  current = {
    storage: await openSlideStorage({
      uploadsDir: settings.config.uploadsDir,
      reserveBytes: settings.reserveBytes ?? RESERVE_BYTES,
    }),
    labels: createSealedFiles(settings.config),
    where: settings.config.slideStore,
    objects: settings.config.s3 ? await openObjects(settings.config.s3) : null,
    atRest: settings.config.slidesAtRest,
    slideKeys: settings.config.slideKeys,
    integrityDays: settings.config.integrityDays,
    pool: createSlidePool({
      maxOpen: OPEN_SLIDES,
      open: (file) => openSlide(file, (...tile) => decoders.run('cut', ...tile)),
    }),
    decoders,
    antivirus: createAntivirus(settings.config.clamd),
    log: settings.log,
    jobs: settings.jobs,
  };
}

/** Loaded for those who have one: it is as large as the rest of the server. */
async function openObjects(settings: NonNullable<Config['s3']>): Promise<ObjectStore> {
  const { createObjectStore } = await import('./storage/object-store.js');
  return createObjectStore(settings);
}

export function desk(): Desk {
  if (!current) throw new Error('configureSlides has not been called');
  return current;
}

export async function closeDesk(): Promise<void> {
  const closing = current;
  current = null;
  await closing?.decoders.stop();
  await closing?.pool.close();
  closing?.objects?.close();
}
