import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { desk } from './desk.js';
import { authorizeImage, grantEpoch, onGrantsDropped } from './grants.js';
import { locateSlide } from './locations.js';
import type { SlideLocation, TileAccess } from './tiles/tile-handler.js';
import {
  TILE_PROCESS_SETTINGS,
  type TileOrder,
  type TileProcessSettings,
  type TileQuestion,
} from './tiles/tile-messages.js';

const STOP_MS = 10_000;
const REPLACE_MS = 500;
/** What a tile leaves behind is small: 15 MB less for each process, at the same speed. */
const YOUNG_GENERATION = '--max-semi-space-size=2';

export interface TileProcesses {
  /** The port that all of them share. */
  readonly port: number;
  /** Each finishes what it is sending. */
  stop(): Promise<void>;
}

const workers = new Set<Worker>();

function tell(order: TileOrder): void {
  for (const worker of workers) if (worker.isConnected()) worker.send(order);
}

/** The file of this content goes: nobody keeps it open. */
export async function closeEverywhere(contentHash: string): Promise<void> {
  tell({ kind: 'gone', contentHash });
  await desk().pool.evict(contentHash);
}

/**
 * Tiles are sent by processes of their own that share the port, so that readers use every core and a long query
 * never holds a tile up. One that dies is replaced. Rejects with the error's code when the port cannot be had.
 */
export async function startTileProcesses(
  count: number,
  settings: TileProcessSettings,
): Promise<TileProcesses> {
  // The same kind of file as this one: compiled, or a source under tsx.
  const file = new URL(`./tiles/tile-process${extname(import.meta.url)}`, import.meta.url);
  const execArgv = [...process.execArgv, YOUNG_GENERATION];
  cluster.setupPrimary({ exec: fileURLToPath(file), args: [], execArgv, silent: false });
  let stopping = false;
  const forgetDrops = onGrantsDropped((epoch) => tell({ kind: 'drop', epoch }));

  /** A process that dies at once, time and again, must not be started time and again at once. */
  const replace = () => {
    if (stopping) return;
    start().catch((error: Error) => desk().log.error({ error: error.name }, 'no tile process'));
  };

  const start = async (): Promise<number> => {
    const worker = cluster.fork({ [TILE_PROCESS_SETTINGS]: JSON.stringify(settings) });
    workers.add(worker);
    worker.on('message', (message: TileQuestion | { failed: string }) => {
      if ('failed' in message) return;
      answer(worker, message).catch((error: Error) => {
        desk().log.error({ error: error.name }, 'a tile process was not answered');
      });
    });
    // A message to a process that is dying: its end is told below, and is no reason to end with it.
    worker.on('error', (error: Error) =>
      desk().log.warn({ error: error.name }, 'a tile process does not hear'),
    );
    worker.once('exit', () => {
      workers.delete(worker);
      if (stopping) return;
      desk().log.error('a tile process ended; another one starts');
      setTimeout(replace, REPLACE_MS).unref();
    });
    return await listening(worker);
  };

  const stop = async () => {
    stopping = true;
    forgetDrops();
    await Promise.all([...workers].map(stopWorker));
  };

  try {
    // Port 0 too: node:cluster gives every process the same one.
    const ports = await Promise.all(Array.from({ length: count }, () => start()));
    return { port: ports[0] ?? settings.port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listening(worker: Worker): Promise<number> {
  return await new Promise<number>((resolve, reject) => {
    worker.once('listening', ({ port }: { port: number }) => {
      worker.send({ kind: 'drop', epoch: grantEpoch() } satisfies TileOrder);
      resolve(port);
    });
    worker.once('exit', () => reject(new Error('a tile process ended at once')));
    worker.on('message', (message: { failed?: string }) => {
      if (message.failed) reject(Object.assign(new Error(message.failed), { code: message.failed }));
    });
  });
}

async function answer(worker: Worker, { id, slideId, authorization, cookie }: TileQuestion): Promise<void> {
  const epoch = grantEpoch();
  let access: TileAccess = 'unknown';
  let location: SlideLocation | null = null;
  try {
    access = await authorizeImage({ authorization, cookie }, slideId);
    if (access === 'granted') location = await locateSlide(slideId);
  } catch {
    // Not granted: the tile process passes the request on, and the server meets, words and logs the same trouble.
    access = 'unknown';
  }
  const order: TileOrder = { kind: 'answer', answer: { id, epoch, access, location } };
  if (worker.isConnected()) worker.send(order);
}

async function stopWorker(worker: Worker): Promise<void> {
  if (worker.isDead()) return;
  const gone = once(worker, 'exit');
  if (worker.isConnected()) worker.send({ kind: 'stop' } satisfies TileOrder);
  // A stuck request does not hold the stop for ever.
  const force = setTimeout(() => worker.process.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(force);
}
