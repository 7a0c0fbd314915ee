import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The public sample of Aperio, where the samples stand beside the repository; null elsewhere. */
export async function readRealSlide(): Promise<Buffer | null> {
  const folder = resolve(root, process.env.RELECTURE_SAMPLES ?? '../shared/slides');
  const path = resolve(folder, 'CMU-1-Small-Region.svs');
  return existsSync(path) ? await readFile(path) : null;
}
