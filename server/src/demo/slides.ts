import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { SyntheticKind } from '../slides/synthetic/index.js';
import type { DrawingOrder, FromDrawing } from './draw-thread.js';
import type { Progress } from './progress.js';

/** The masters that the demo cases take their copies from. */
export type SlideKind = 'lymphoid' | 'gland' | 'sarcoma' | 'ihc' | 'large';

const MASTERS: Record<
  SlideKind,
  { kind: SyntheticKind; width: number; height: number; stain: string; block: string }
> = {
  lymphoid: { kind: 'he-lymphoid', width: 6000, height: 4600, stain: 'HES', block: 'A1' },
  gland: { kind: 'he-gland', width: 5200, height: 4200, stain: 'HES', block: 'A1' },
  sarcoma: { kind: 'he-sarcoma', width: 5600, height: 4400, stain: 'HES', block: 'B1' },
  ihc: { kind: 'ihc-dab', width: 5200, height: 4000, stain: 'Ki-67', block: 'A1' },
  large: { kind: 'he-gland', width: 20_000, height: 16_000, stain: 'HES', block: 'A2' },
};

export const stainOf = (kind: SlideKind): { stain: string; block: string } => MASTERS[kind];

export interface Masters {
  /** Where the slide is, once it is drawn. */
  path(kind: SlideKind): string | Promise<string>;
  /** A file that is no slide, for the case that shows a refusal. */
  readonly notASlide: string;
}

export interface Drawing extends Masters {
  /** Ends the threads if they still draw, and removes the folder. */
  remove(): Promise<void>;
}

export const mastersFolder = (dataDir: string): string => join(dataDir, 'demo-slides');

/**
 * Draws the masters into a folder of their own, which goes when the demo is made. Two threads: the large slide takes
 * as long as all the others, and the cases that need those are walked meanwhile.
 */
export async function drawMasters(dataDir: string, progress: Progress): Promise<Drawing> {
  const folder = mastersFolder(dataDir);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = (kind: SlideKind) => join(folder, `${kind}.svs`);
  const orders = new Map<SlideKind, DrawingOrder>();
  for (const [index, [name, master]] of Object.entries(MASTERS).entries()) {
    const { kind, width, height, block, stain } = master;
    // Several invented patients share a master: its code says the block alone.
    const label = { examNumber: '26H00000', block, stain, laboratory: 'RELECTURE DEMO', code: block };
    const drawn = name as SlideKind;
    orders.set(drawn, { path: path(drawn), kind, width, height, seed: 4200 + index, label });
  }
  const notASlide = join(folder, 'notes.txt');
  await writeFile(notASlide, 'Ceci n’est pas une lame.\n'.repeat(50));

  const ready = new Map<SlideKind, Promise<string>>();
  const threads = BENCHES.map((bench) => {
    const thread = new Worker(threadEntry(), {
      workerData: bench.map((kind) => orders.get(kind)),
      name: 'demo-slides',
    });
    for (const kind of bench) {
      const drawn = whenDrawn(thread, path(kind), (share) => {
        const { width, height } = MASTERS[kind];
        progress.part(`lame / slide ${width} × ${height} px`, share);
      });
      // Whoever needs the slide meets the error; until then it is nobody's.
      drawn.catch(() => undefined);
      ready.set(kind, drawn);
    }
    return thread;
  });
  return {
    path: (kind) => ready.get(kind) ?? Promise.reject(new Error(`demo: nobody draws ${kind}`)),
    notASlide,
    async remove() {
      await Promise.all(threads.map((thread) => thread.terminate()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Who draws what, in the order the cases ask for it. */
const BENCHES: readonly (readonly SlideKind[])[] = [['lymphoid', 'sarcoma', 'ihc', 'gland'], ['large']];

function whenDrawn(thread: Worker, path: string, onShare: (share: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    thread.on('message', (message: FromDrawing) => {
      if (message.path !== path) return;
      if (message.type === 'progress') onShare(message.share);
      else {
        onShare(1);
        resolve(path);
      }
    });
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('the slide was not drawn')));
  });
}

/** Compiled, the thread runs draw-thread.js; from the sources it first registers tsx, as the store's thread does. */
function threadEntry(): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL('./draw-thread.js', import.meta.url);
  const tsx = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/\.cjs$/, '.mjs');
  const loader = JSON.stringify(pathToFileURL(tsx).href);
  const source = JSON.stringify(new URL('./draw-thread.ts', import.meta.url).href);
  const code = `import { register } from ${loader}; register(); await import(${source});`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}
