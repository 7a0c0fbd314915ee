import { execFile } from 'node:child_process';
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generateSyntheticSlide } from '@relecture/server/slides/synthetic/index.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { completeContent } from '../../factories/cases.js';
import type { Product } from '../product.js';

const run = promisify(execFile);

/** A drawn field of tissue, set side by side until the slide has its size: tiles of about 8 kB, all full of tissue. */
export async function makeSlide(folder: string, name: string, across: number, down: number): Promise<string> {
  const field = join(folder, 'field.tif');
  const square = join(folder, 'square.v');
  await generateSyntheticSlide({
    path: field,
    kind: 'he-gland',
    width: 6000,
    height: 5000,
    seed: 7,
    layout: 'tiff',
    label: { examNumber: '1', block: 'A1', stain: 'HES', laboratory: 'Banc' },
  });
  const path = join(folder, `${name}.tif`);
  await run('vips', ['crop', field, square, '1500', '1250', '1000', '1000']);
  const as = '[tile,tile-width=256,tile-height=256,pyramid,compression=jpeg,Q=80,bigtiff]';
  await run('vips', ['replicate', square, `${path}${as}`, String(across), String(down)]);
  return path;
}

export interface Sent {
  readonly slide: Slide;
  /** From the server's answer to the upload until a tile came, seconds. */
  readonly firstTileSeconds: number;
}

/** Sends files into a case of the sender's, as a script would, and waits until each can be read. */
export async function sendSlides(product: Product, token: string, paths: readonly string[]): Promise<Sent[]> {
  const headers = { Authorization: `Bearer ${token}` };
  const created = await fetch(`${product.url}/api/cases`, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(completeContent()),
  });
  const { id } = (await created.json()) as { id: string };
  const sent: Sent[] = [];
  for (const path of paths) {
    const form = new FormData();
    form.set('stain', 'HES');
    form.set('block', 'A1');
    form.set('slide', await openAsBlob(path), 'banc.tif');
    const answer = await fetch(`${product.url}/api/cases/${id}/slides`, {
      method: 'POST',
      headers,
      body: form,
    });
    if (answer.status !== 201)
      throw new Error(`the slide was answered ${answer.status}: ${await answer.text()}`);
    const from = performance.now();
    const { id: slideId } = (await answer.json()) as Slide;
    for (;;) {
      const tile = await fetch(`${product.url}/api/slides/${slideId}/tiles/0/0/0`, { headers });
      await tile.arrayBuffer();
      if (tile.status === 200) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const firstTileSeconds = (performance.now() - from) / 1000;
    const slide = await fetch(`${product.url}/api/slides/${slideId}`, { headers });
    sent.push({ slide: (await slide.json()) as Slide, firstTileSeconds });
  }
  return sent;
}
